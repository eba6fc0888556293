"""The command line of ``zhiban``: thin Typer commands over the desk and the store.

Data goes to stdout, words to stderr. Exit codes: 0 done, 1 not possible, 2 wrong
usage, 3 store or link unavailable, 130 interrupted. Heavy imports are inside the
commands, so that the console's first frame does not wait for them.
"""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from console import (
    __version__,
    cli_data,
    cli_links,
    cli_map,
    cli_report,
    cli_store,
    cli_usual,
    cli_wall,
    start,
)
from console.cli_shared import LangOption, SeatOption, StoreOption, fail, words

LightOption = Annotated[
    bool | None, typer.Option("--light/--full", help="Light profile for thin lines.")
]

app = typer.Typer(
    name="zhiban",
    no_args_is_help=False,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # plain words: the wall lets no control sequence through
    help="值班: a keyboard-driven command-center console for duty officers.",
)


def _version(asked: bool) -> None:
    if asked:
        sys.stdout.write(f"zhiban {__version__}\n")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def root(
    context: typer.Context,
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_version, is_eager=True, help="The version, and nothing else."
        ),
    ] = False,
    store: StoreOption = None,
    seat: SeatOption = None,
    lang: LangOption = None,
    readonly: Annotated[bool, typer.Option("--readonly", help="Change nothing.")] = False,
    light: LightOption = None,
) -> None:
    """The console (as ``zhiban watch``) when no command is given."""
    if context.invoked_subcommand is None:
        watch(store, seat, lang, readonly, light)
        return
    given = {"--store": store, "--seat": seat, "--readonly": readonly or None, "--light": light}
    for option, value in given.items():
        # Another store's figures must not be shown as if they were this one's.
        if value is not None:
            words(lang)
            fail("cli.behind", 2, option=option, command=context.invoked_subcommand)


@app.command()
def watch(
    store: StoreOption = None,
    seat: SeatOption = None,
    lang: LangOption = None,
    readonly: Annotated[bool, typer.Option("--readonly", help="Change nothing.")] = False,
    light: LightOption = None,
    theme: Annotated[str | None, typer.Option(help="dark, light or contrast.")] = None,
) -> None:
    """The console."""
    raise typer.Exit(
        start.watch(
            store=store,
            seat=seat,
            lang=lang,
            readonly=readonly or None,
            light=light,
            theme=theme,
        )
    )


@app.command()
def demo(
    seed: Annotated[int | None, typer.Option(help="Another district and other incidents.")] = None,
    speed: Annotated[float, typer.Option(min=0, max=600, help="How fast time goes.")] = 1.0,
    scenario: Annotated[str, typer.Option(help="A scenario's name, or a YAML file.")] = "watch",
    store: Annotated[str | None, typer.Option(help="Keep the demo's store in this file.")] = None,
    lang: LangOption = None,
    light: LightOption = None,
    theme: Annotated[str | None, typer.Option(help="dark, light or contrast.")] = None,
) -> None:
    """The console, offline, with a living district."""
    raise typer.Exit(
        start.demo(
            seed=seed,
            speed=speed,
            scenario=scenario,
            store=store,
            lang=lang,
            light=light,
            theme=theme,
        )
    )


cli_data.register(app)
cli_report.register(app)
cli_store.register(app)
cli_links.register(app)
cli_usual.register(app)
cli_wall.register(app)
cli_map.register(app)
