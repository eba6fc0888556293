"""Peer: the smallest Textual app, one word on the screen."""

from textual.app import App, ComposeResult
from textual.widgets import Static


class Smallest(App[None]):
    """Says that it is there."""

    def compose(self) -> ComposeResult:
        """One word."""
        yield Static("ready")


if __name__ == "__main__":
    Smallest().run()
