"""Commands about other systems: gateway, simulate, links."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from adapters.secret import redacted
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

if TYPE_CHECKING:
    from adapters.secret import Secret
    from console.desk.desk import Desk
    from console.listening import Listener

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
    app.command()(loops)


def gateway(
    store: StoreOption = None,
    systems: SystemsOption = None,
    secrets: SecretsOption = None,
    listen: Annotated[
        str | None, typer.Option("--listen", help="Take callbacks and answer Open311 at HOST:PORT.")
    ] = None,
    once: Annotated[bool, typer.Option("--once", help="One round, then end.")] = False,
    lang: LangOption = None,
) -> None:
    """Feeds, orders, deadlines and callbacks, with no screen."""
    words(lang)
    from console.desk.gateway import Gateway
    from console.linking import OnlyOne, adapters_of, secrets_of

    try:
        chosen = settings(store=store, systems=systems, secrets=secrets, listen=listen)
        adapters = adapters_of(chosen)
        words_known = secrets_of(chosen.secrets)
        desk = open_desk(store, create=True)
    except Problem as problem:
        explain(problem)
    right = OnlyOne(
        desk, lambda has, who: note("gateway.active" if has else "gateway.spare", who=who)
    )
    loop = Gateway(desk, adapters, right, chosen.longest_wait)
    door = None
    try:
        if once:
            if not right.settled():
                fail("gateway.other", 1)
            asyncio.run(loop.round())
        else:
            note("gateway.started", n=len(adapters), store=desk.store.shown)
            if chosen.listen is not None:
                door = _door(desk, words_known, chosen.listen)
            for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
                signal.signal(number, lambda *_: loop.ask_to_stop())
            loop.run()
        right.leave()
    except Problem as problem:
        explain(problem)
    finally:
        if door is not None:
            door.stop()
        desk.store.close()


def _door(desk: Desk, secrets: Mapping[str, Secret], listen: str) -> Listener:
    """Open the port on which others reach us."""
    from console import listening

    if not secrets.get("dingtalk_app"):
        note("listen.no_app_secret")
    door = listening.Listener(listening.app(listening.parts(desk, secrets)), listen)
    note("listen.open", url=door.start())
    return door


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
    callback: Annotated[
        str | None,
        typer.Option("--callback", help="Where residents' messages of the group are posted."),
    ] = None,
    broker: Annotated[
        str | None, typer.Option("--broker", help="MQTT broker of the terminals: mqtt://…")
    ] = None,
    faults: Annotated[
        Path | None, typer.Option("--faults", help="What goes wrong, and when: a plan (TOML).")
    ] = None,
    lang: LangOption = None,
) -> None:
    """Every system, on loopback, from the fixtures."""
    words(lang)
    if broker is not None and not broker.startswith("mqtt://"):
        fail("simulate.no_broker", 2, url=redacted(broker))
    from console.extras import needed
    from console.fault_plan import read_plan
    from console.linking import secrets_of

    try:
        known = secrets_of(settings(secrets=secrets).secrets)
        wrong = read_plan(faults) if faults is not None else ()
        with needed("gateway"):
            from fixtures.backends.serve import Plan, serve
        if broker is not None:
            with needed("mqtt"):
                import aiomqtt as _aiomqtt  # noqa: F401 - whether it is there
    except Problem as problem:
        explain(problem)

    def ready(bound: int) -> None:
        note("simulate.ready", url=f"http://127.0.0.1:{bound}")

    try:
        plan = Plan(port, known, folder, seed, rate, callback or "", wrong, broker)
        raise SystemExit(serve(plan, ready))
    except OSError as error:
        fail("simulate.no_port", 3, port=port, reason=error.strerror or str(error))


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
        if (further := one.further()) is not None:
            sys.stdout.write(said.t(further) + "\n")


def loops(
    store: StoreOption = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="At most so many.")] = 50,
    json: JsonOption = False,
    lang: LangOption = None,
) -> None:
    """What is not closed yet, by playbook, and how the ten risk fields stand."""
    said = words(lang)
    from console.cli_data import row_json
    from console.desk.followed import field_standings, loop_standings
    from console.store import loops as stored

    try:
        desk = open_desk(store, readonly=True)
    except Problem as problem:
        explain(problem)
    followed = desk.rules.followed
    with desk.store.read() as tx:
        rows = stored.page(tx, followed.playbooks, limit)
    standing, fields = loop_standings(desk), field_standings(desk)
    if json:
        out(
            {
                "total": sum(one.open for one in standing),
                "loops": [
                    {"loop": one.loop.id, "open": one.open, "overdue": one.overdue}
                    for one in standing
                ],
                "fields": [
                    {
                        "field": one.field.id,
                        "open": one.open,
                        "closed": one.closed,
                        "closing_rate": one.rate,
                        "overdue": one.overdue,
                    }
                    for one in fields
                ],
                "items": [row_json(desk, row) for row in rows],
            }
        )
        return
    for one in standing:
        line = said.t("loops.line", loop=one.loop.label, n=one.open, overdue=one.overdue)
        sys.stdout.write(line + "\n")
    for field in fields:
        words_ = said.t(
            "loops.field_line",
            field=field.field.label,
            open=field.open,
            closed=field.closed,
            rate=field.closed_percent(),
            overdue=field.overdue,
        )
        sys.stdout.write(words_ + "\n")
