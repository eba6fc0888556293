"""Makes the sections of ``docs/cli.md`` from the commands: ``python -m tests.cli_page``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import typer.main

from console.cli import app

PAGE = Path(__file__).parents[1] / "docs" / "cli.md"

MARK = "<!-- below this line: python -m tests.cli_page -->\n"
"""What stands above it is written by hand."""


def commands(command: Any = None, path: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    """Every command that does something, by the words that call it (``store verify``)."""
    if command is None:
        command = typer.main.get_command(app)
    below: Mapping[str, Any] = getattr(command, "commands", {})
    if not below:
        yield " ".join(path), command
    for name, child in below.items():
        yield from commands(child, (*path, name))


def options(command: Any) -> frozenset[str]:
    """The options of a command, as they are typed."""
    found = {"--help"}
    for param in command.params:
        found |= {one for one in (*param.opts, *param.secondary_opts) if one.startswith("-")}
    return frozenset(found)


def page() -> str:
    """The whole page: what was written by hand, and a section for each command."""
    head, _mark, _old = PAGE.read_text("utf-8").partition(MARK)
    return head + MARK + "".join(_section(name, command) for name, command in commands())


def _section(name: str, command: Any) -> str:
    arguments = [p for p in command.params if p.param_type_name == "argument"]
    given = [p for p in command.params if p.param_type_name == "option" and p.name != "help"]
    usage = " ".join(["zhiban", name, *(_place(one) for one in arguments)])
    lines = [f"\n### {name}\n", (command.help or "").strip(), "", f"    {usage} [OPTIONS]", ""]
    if arguments or given:
        lines += ["| option | what |", "| --- | --- |"]
    lines += [f"| `{_place(one)}` | {_about(one)} |" for one in arguments]
    for one in given:
        names = " / ".join(f"`{word}`" for word in (*one.opts, *one.secondary_opts))
        lines.append(f"| {names} | {_about(one)} |")
    return "\n".join(lines) + "\n"


def _place(argument: Any) -> str:
    word = argument.name.rstrip("_").upper()
    return str(word if argument.required else f"[{word}]")


def _about(param: Any) -> str:
    text = (getattr(param, "help", None) or "").replace("|", "/")
    default = param.default
    if not isinstance(default, bool) and isinstance(default, str | int | float) and default != "":
        text = f"{text.rstrip('.')}. Default: `{default}`.".lstrip(". ")
    return text


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
