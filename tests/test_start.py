"""The quick way to the first frame knows the same options as the command line."""

from __future__ import annotations

import pytest
import typer.main

from console import start
from console.cli import app


@pytest.mark.parametrize("command", sorted(start.OPTIONS))
def test_every_option_is_one_of_the_command_and_means_the_same(command: str) -> None:
    group = typer.main.get_command(app)
    known = {
        name: (parameter.name, getattr(parameter, "is_flag", False))
        for parameter in group.commands[command].params  # type: ignore[attr-defined]
        for name in parameter.opts
    }
    for name, (setting, kind) in start.OPTIONS[command].items():
        assert known[name] == (setting, kind is bool)
    assert known.keys() - {"--help"} == start.OPTIONS[command].keys()


@pytest.mark.parametrize(
    ("argv", "read"),
    [
        ([], ("watch", {})),
        (["--lang", "en"], ("watch", {"lang": "en"})),
        (["watch", "--store=a b", "--readonly"], ("watch", {"store": "a b", "readonly": True})),
        (["demo", "--speed", "20", "--seed", "7"], ("demo", {"speed": 20.0, "seed": 7})),
        # Everything else is the business of the command line, which explains what is wrong.
        (["demo", "--speed", "fast"], None),
        (["demo", "--speed", "-1"], None),
        (["demo", "--speed", "nan"], None),
        (["watch", "--nonsense"], None),
        (["watch", "--store"], None),
        (["watch", "--store", "--lang"], None),
        (["watch", "extra"], None),
        (["--help"], None),
        (["incidents"], None),
    ],
)
def test_only_what_is_plainly_right_is_taken(
    argv: list[str], read: tuple[str, dict[str, object]] | None
) -> None:
    assert start.read(argv) == read
