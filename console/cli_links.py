"""Commands about other systems: gateway, simulate, links."""

from __future__ import annotations

import asyncio
import signal
import sys
from pathlib import Path
from typing import Annotated

import typer

from console.cli_shared import (
    JsonOption,
    LangOption,
    StoreOption,
    explain,
    fail,
    note,
    open_desk,
    out,
    settings,
    words,
)
from console.domain.message import Problem

SystemsOption = Annotated[
    str | None, typer.Option("--systems", help="Where the systems are: a URL.")
]
SecretsOption = Annotated[
    Path | None, typer.Option("--secrets", help="File of the systems' secrets (TOML, 0600).")
]

DEFAULT_PORT = 8700


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(gateway)
    app.command()(simulate)
    app.command()(links)


def gateway(
    store: StoreOption = None,
    systems: SystemsOption = None,
    secrets: SecretsOption = None,
    once: Annotated[bool, typer.Option("--once", help="One round, then end.")] = False,
    lang: LangOption = None,
) -> None:
    """Feeds, orders, deadlines and callbacks, with no screen."""
    words(lang)
    from console.desk.gateway import Gateway
    from console.linking import OnlyOne, adapters_of

    try:
        chosen = settings(store=store, systems=systems, secrets=secrets)
        adapters = adapters_of(chosen)
        desk = open_desk(store, create=True)
    except Problem as problem:
        explain(problem)
    right = OnlyOne(desk, lambda has: note("gateway.active" if has else "gateway.spare"))
    loop = Gateway(desk, adapters, right)
    try:
        if once:
            if not right():
                fail("gateway.other", 1)
            asyncio.run(loop.round())
        else:
            note("gateway.started", n=len(adapters), store=desk.store.url)
            for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
                signal.signal(number, lambda *_: loop.ask_to_stop())
            loop.run()
        right.leave()
    except Problem as problem:
        explain(problem)
    finally:
        desk.store.close()


def simulate(
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, help="Where; 0 takes any.")
    ] = DEFAULT_PORT,
    secrets: SecretsOption = None,
    folder: Annotated[
        Path | None, typer.Option("--folder", help="Keep the systems' fixtures here.")
    ] = None,
    seed: Annotated[int, typer.Option("--seed", help="Other reports.")] = 1,
    rate: Annotated[
        float, typer.Option("--rate", min=0, max=100_000, help="Reports an hour and system.")
    ] = 120.0,
    lang: LangOption = None,
) -> None:
    """Every system, on loopback, from the fixtures."""
    words(lang)
    from console.linking import secrets_of
    from fixtures.backends.serve import Plan, serve

    try:
        known = secrets_of(secrets)
    except Problem as problem:
        explain(problem)

    def ready(bound: int) -> None:
        note("simulate.ready", url=f"http://127.0.0.1:{bound}")

    try:
        raise SystemExit(serve(Plan(port, known, folder, seed, rate), ready))
    except OSError as error:
        fail("simulate.no_port", 3, port=port, reason=error.strerror or str(error))
    except ImportError as error:
        fail("extra.missing", 1, name="gateway", module=error.name or "uvicorn")


def links(
    store: StoreOption = None,
    json: JsonOption = False,
    lang: LangOption = None,
) -> None:
    """State of every system and of the outbox."""
    said = words(lang)
    from console.desk.linked import LinkView, linked

    try:
        desk = open_desk(store, readonly=True)
    except Problem as problem:
        explain(problem)
    views: list[LinkView] = linked(desk)
    if json:
        out({"items": [one.as_json(desk.store.zone) for one in views]})
        return
    for one in views:
        sys.stdout.write(said.t(one.line()) + "\n")
