"""The terminal of the PTY tests. It lives in `bench.terminal`, where the measures use it too."""

from bench.emulator import XTERM, Manners
from bench.terminal import (
    Chunk,
    Mark,
    Terminal,
    TerminalGoneError,
    TerminalTimeoutError,
    Traffic,
    terminal_env,
)

__all__ = [
    "XTERM",
    "Chunk",
    "Manners",
    "Mark",
    "Terminal",
    "TerminalGoneError",
    "TerminalTimeoutError",
    "Traffic",
    "terminal_env",
]
