"""Peer: the smallest Textual app with SQLModel imported, for what a seat's memory begins with."""

import sqlmodel
from textual.app import App, ComposeResult
from textual.widgets import Static


class Smallest(App[None]):
    """Says that it is there, and that SQLModel is."""

    def compose(self) -> ComposeResult:
        """One word, and the version, so that the import is used."""
        yield Static(f"ready {sqlmodel.__version__}")


if __name__ == "__main__":
    Smallest().run()
