"""Rules as pure functions and frozen values: no I/O, no screen, no SQL, no clock, no language."""
