"""The quick way to the first frame knows the same options as the command line."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer.main
from typer.testing import CliRunner

from console import __version__, start
from console.cli import app
from tests.cli_page import commands
from tests.in_process import zhiban


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


def test_version() -> None:
    answer = CliRunner().invoke(app, ["--version"])
    assert (answer.exit_code, answer.stdout) == (0, f"zhiban {__version__}\n")
    assert start.read(["--version"]) is None


def test_every_argument_and_option_says_what_it_is() -> None:
    silent = [
        f"{name} {param.name}"
        for name, command in (("", typer.main.get_command(app)), *commands())
        for param in command.params
        if not param.help
    ]
    assert silent == []


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_doctor_says_in_words_that_there_is_no_store(tmp_path: Path, lang: str) -> None:
    missing = str(tmp_path / "none.sqlite")
    for more in ((), ("--json",)):
        answer = CliRunner().invoke(app, ["doctor", "--store", missing, "--lang", lang, *more])
        assert answer.exit_code == 1
        assert "none.sqlite" in answer.stdout
        assert "store.missing" not in answer.stdout


@pytest.mark.parametrize(
    "option", [("--store", "x"), ("--seat", "一席"), ("--readonly",), ("--full",)]
)
def test_an_option_of_the_console_before_another_command_is_not_passed_over(
    option: tuple[str, ...], tmp_path: Path
) -> None:
    done = zhiban(tmp_path, *option, "--lang", "en", "incidents")
    assert (done.returncode, done.stdout) == (2, "")
    assert "stands behind the command: zhiban incidents --" in done.stderr
