"""Whatever the desk says in a test of the desk can be said, in both languages, to the last word.

So that no test has to look at each sentence: every answer, every preview, and every entry that
a line has written is told here as an officer would read it. A sentence that is not in the
catalogue, one that lacks a word, and a name that is nobody's fail the test in which they came up.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import wraps
from typing import Any

import pytest

from console.desk import dossier as panes
from console.desk.desk import Desk, Done, Preview
from console.domain.message import Arg
from console.i18n import Translator
from console.store import journal


class Strict(Translator):
    """Says only what it can say whole."""

    def _bare(self, id_: str, args: Mapping[str, Arg]) -> str:
        raise AssertionError(f"not to be said in {self.lang}: {id_} {dict(args)}")

    def _word(self, value: Arg, spec: str = "") -> str:
        assert value is not None, "a word that is nothing"
        return super()._word(value, spec)


STRICT = (Strict("zh"), Strict("en"))


def told(things: Iterable[Arg]) -> None:
    """Each of them can be said."""
    for thing in things:
        for words in STRICT:
            assert words.t((thing,)).strip(), thing


def _answered(desk: Desk, before: int, answers: list[Done]) -> None:
    for one in answers:
        told((one.message, *(option.label for option in one.options)))
    with desk.reading() as work:
        entries = journal.since(work.tx, before)
        playbooks = {}
        for entry in entries:
            id_ = entry.incident
            if id_ is not None and id_ not in playbooks:
                playbooks[id_] = work.playbook(work.incident(id_))
            told((panes.told(work, entry, playbooks.get(id_) if id_ else None),))


@pytest.fixture(autouse=True)
def everything_can_be_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look at every answer and every preview while they are given."""
    run, preview = Desk.run, Desk.preview

    @wraps(run)
    def answer(desk: Desk, *args: Any, **more: Any) -> list[Done]:
        with desk.store.read() as tx:
            before, _hash = journal.head(tx)
        answers = run(desk, *args, **more)
        _answered(desk, before, answers)
        return answers

    @wraps(preview)
    def seen(desk: Desk, *args: Any, **more: Any) -> Preview:
        found = preview(desk, *args, **more)
        told((found.message, *found.ghost))
        return found

    monkeypatch.setattr(Desk, "run", answer)
    monkeypatch.setattr(Desk, "preview", seen)
