"""zhiban (值班): a keyboard-driven command-center console in the terminal."""

__version__ = "0.1.0"
