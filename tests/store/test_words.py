"""Search: by telephone numbers in every writing, by wide signs; and the index of an older store."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from console.domain.filters import QueueFilter
from console.store import incidents, queue, schema, words
from console.store.engine import Store, open_store
from console.store.queue import Selection
from tests.store.floor import START
from tests.store.test_queue import an_incident

KEPT = (
    replace(an_incident(1), phone="199 0000 7777", text="有人落水"),
    replace(an_incident(2), phone="0571-82345678", text="煤气味"),
    replace(an_incident(3), phone="82345678", text="噪音"),
    replace(an_incident(4), phone="13982345678", text="追尾"),
    replace(an_incident(5), text="机主１９９００００７７７７，Ａ座１２楼", phone=""),
    replace(an_incident(6), text="打（0571）8234 5678 无人接", phone="+86 19900007777"),
    replace(an_incident(7), text="别处", phone="010-82345678"),
)
FOUND = [
    ("19900007777", (1, 5, 6)),
    ("+86 19900007777", (1, 5, 6)),
    ("199-0000-7777", (1, 5, 6)),
    ("１９９００００７７７７", (1, 5, 6)),
    ("0000 7777", (1, 5, 6)),
    ("7777", (1, 5, 6)),
    ("057182345678", (2, 3, 6)),
    ("0571-82345678", (2, 3, 6)),
    ("82345678", (2, 3, 4, 6, 7)),
    ("A座12楼", (5,)),
    ("Ａ座", (5,)),
    ("a座", (5,)),
    ("19900007778", ()),
]


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """A store with calls whose numbers are written in every way."""
    opened = open_store(store_url)
    with opened.write() as tx:
        for one in KEPT:
            incidents.insert(tx, one)
    yield opened
    opened.close()


def _serials(rows: list[queue.QueueRow]) -> tuple[int, ...]:
    return tuple(sorted(row.id % 10**7 for row in rows))


@pytest.mark.parametrize(("asked", "found"), FOUND)
def test_found(store: Store, asked: str, found: tuple[int, ...]) -> None:
    with store.read() as tx:
        assert _serials(queue.search(tx, [asked])) == found
        selection = Selection(QueueFilter(words=(asked,)), START)
        assert _serials(queue.page(tx, selection, 20)) == found
        assert queue.total(tx, selection) == len(found)
        for one in KEPT:
            there = queue.find_key(tx, selection, one.id) is not None
            assert there == (one.id % 10**7 in found)


def _old_terms(text: str) -> list[str]:
    """What the program before put into the index."""
    found: list[str] = []
    for run in re.findall(r"[a-z0-9]+|[^\W_a-z0-9]+", text.lower()):
        if run[0].isascii() or len(run) == 1:
            found.append(run)
        else:
            found += [a + b for a, b in itertools.pairwise(run)]
    for run in re.findall(r"(?<![A-Za-z0-9])[0-9]{7,20}(?![A-Za-z0-9])", text):
        found += [run[at:] for at in range(1, len(run) - 3)]
    return found


def test_what_an_older_store_holds_is_found(
    store_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = open_store(store_url)
    with monkeypatch.context() as before:
        before.setattr(words, "_indexed", _old_terms)
        with store.write() as tx:
            for n, one in enumerate(KEPT):
                incidents.insert(tx, one, ["p:57182345678", "p:19900007777"] if n == 0 else ())
    with store.read() as tx:
        assert _serials(queue.search(tx, ["19900007777"])) == (6,)
    store.close()
    config = Config()
    config.set_main_option("script_location", str(schema.MIGRATIONS))
    config.attributes["url"] = store_url
    command.downgrade(config, "0008")
    command.upgrade(config, "head")
    store = open_store(store_url)
    with store.read() as tx:
        for asked, found in FOUND:
            assert _serials(queue.search(tx, [asked])) == found, asked
        keys = tx.conn.execute(sa.text("SELECT key FROM trace ORDER BY key")).scalars().all()
        assert list(keys) == ["p:19900007777", "p:82345678"]
    store.close()
