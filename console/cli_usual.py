"""The command `usual`: what is normal now, and what the band would have said in the past."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from console.cli_shared import (
    DistrictOption,
    JsonOption,
    LangOption,
    StoreOption,
    explain,
    fail,
    open_desk,
    out,
    words,
)
from console.domain.message import Message, Problem, msg

if TYPE_CHECKING:
    from console.domain.usual import BackTest, Band, Usual


def register(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command()(usual)


def usual(
    field: Annotated[
        str | None, typer.Option(help="traffic, fraud, fire or all; every one by default.")
    ] = None,
    backtest: Annotated[
        int | None,
        typer.Option(
            min=1, max=3_660, help="Days to look back: how many signs there would have been."
        ),
    ] = None,
    store: StoreOption = None,
    district: DistrictOption = None,
    json: JsonOption = False,
    lang: LangOption = None,
) -> None:
    """What is normal for this hour, and whether now is outside it."""
    words(lang)
    from console.store import usual as read

    if field is not None and field not in read.FIELDS:
        fail(msg("usual.wrong_field", name=field, known=", ".join(read.FIELDS)), 2)
    fields = read.FIELDS if field is None else (field,)
    try:
        desk = open_desk(store, district=district, readonly=True)
        now = desk.clock.now()
        with desk.store.read() as tx:
            if backtest is not None:
                tests = read.back_test(tx, now, backtest, fields)
            else:
                found = read.standings(tx, now, fields)
    except Problem as problem:
        explain(problem)
    if backtest is not None:
        if json:
            out([_test_json(one) for one in tests])
        else:
            _say([_test_words(one) for one in tests])
    elif json:
        out([_json(one) for one in found.values()])
    else:
        _say([_words(one) for one in found.values()])


def _say(messages: list[Message]) -> None:
    sys.stdout.write("".join(f"{words().t(message)}\n" for message in messages))


def _name(field: str) -> Message:
    return msg("usual.all") if field == "all" else Message(f"field.{field}")


def _words(one: Usual) -> Message:
    name, hour = _name(one.field), one.hours[-1]
    if one.so_far is None or hour.band is None:
        return msg("usual.unknown", field=name, today=one.today, days=one.days)
    verdict = msg("usual.normal")
    if one.sign:
        sign = msg("usual.high") if one.sign == "high" else msg("usual.low")
        why = {
            "hour": msg("usual.hour"),
            "last_hour": msg("usual.last_hour"),
            "day": msg("usual.day"),
        }[one.why]
        verdict = msg("usual.outside", sign=sign, why=why)
    return msg(
        "usual.now",
        field=name,
        today=one.today,
        low=one.so_far.low,
        high=one.so_far.high,
        hour=hour.hour,
        count=hour.count,
        from_=hour.band.low,
        to=hour.band.high,
        verdict=verdict,
    )


def _test_words(one: BackTest) -> Message:
    if one.percent is None:
        return msg("usual.back_test.none", field=_name(one.field))
    return msg(
        "usual.back_test",
        field=_name(one.field),
        days=one.days,
        hours=one.hours,
        high=one.high,
        low=one.low,
        percent=f"{one.percent:.2f}",
    )


def _band_json(band: Band | None) -> dict[str, object] | None:
    if band is None:
        return None
    return {"mean": round(band.mean, 3), "low": band.low, "high": band.high}


def _json(one: Usual) -> dict[str, object]:
    return {
        "field": one.field,
        "history_days": one.days,
        "today": one.today,
        "usual_today": _band_json(one.so_far),
        "sign": one.sign or None,
        "why": one.why or None,
        "hours": [
            {
                "day": hour.day.isoformat(),
                "hour": hour.hour,
                "count": hour.count,
                "usual": _band_json(hour.band),
            }
            for hour in one.hours
        ],
    }


def _test_json(one: BackTest) -> dict[str, object]:
    return {
        "field": one.field,
        "days": one.days,
        "hours": one.hours,
        "high": one.high,
        "low": one.low,
        "percent": round(one.percent, 3) if one.percent is not None else None,
        "first": one.first.isoformat() if one.first is not None else None,
    }
