"""``figures --results``: the results panel on the command line."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from console.cli_shared import explain, out, words

if TYPE_CHECKING:
    from console.desk.desk import Desk
    from console.domain.results import ResultsPanel


def show_results(desk: Desk, year: int | None, json: bool) -> None:
    """Write the panel: for machines, or columns between tabs."""
    from console.desk.resulted import resulted
    from console.domain.message import Problem
    from console.domain.results import as_json

    try:
        panel = resulted(desk, year)
    except Problem as problem:
        explain(problem)
    if json:
        out(as_json(panel))
    else:
        _table(panel)


def _table(panel: ResultsPanel) -> None:
    from console.domain.day_words import day_said
    from console.domain.message import msg
    from console.domain.results import shown

    translator = words()
    say, made = translator.t, panel.clean
    head = (str(one.first.year) for one in (panel.window, panel.base))
    rows = [("", *head, say("results.change"))]
    rows += [
        (say(one.result.label), str(one.count), str(one.base), shown(one.change))
        for one in panel.lines
    ]
    rows.append((say(made.veto.label), str(made.events)))
    text = "\n".join("\t".join(row) for row in rows) + "\n"
    if made.since is not None:
        text += say("results.clean", n=made.years, since=made.since) + "\n"
    if not panel.base_whole and panel.records is not None:
        text += say(msg("results.base_part", day=day_said(panel.records[0]))) + "\n"
    sys.stdout.write(text)
