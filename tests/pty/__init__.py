"""Tests that drive programs in a real pseudo-terminal."""
