"""The use-cases: every change is a verb or intake, each one transaction."""
