"""Incidents are found by what is written wide or with gaps, too; traces of telephones say no area.

Frozen: what it does is written out here and uses nothing of the program, which goes on.
Only terms are added to the index, and only for texts that have any: what was found is found still.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_SPACES = (
    "\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
)
_NARROW = {
    **{ord(space): " " for space in _SPACES},
    **{0xFF01 + n: chr(0x21 + n) for n in range(94)},
    **dict.fromkeys((0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2015, 0x2212), "-"),
}
_RUN = re.compile(r"[a-z0-9]+|[^\W_a-z0-9]+")
_WRITTEN = re.compile(
    r"(?<![0-9A-Za-z])(?:\+ ?|\( ?)?[0-9](?:(?:[ ./-]| ?[()] ?| - )?[0-9]){6,29}(?![0-9A-Za-z])"
)
_WIDE = re.compile("[\uff01-\uff5e]")
_LAND = re.compile(r"(?:0?(?:10|2[0-9]|[3-9][0-9]{2}))([0-9]{7,8})")
_PAGE = 5_000


def upgrade() -> None:
    conn = op.get_bind()
    page: list[tuple[str, int, str]] = []
    for district, id_, text in _texts(conn):
        more = _more(text)
        if more:
            page.append((district, id_, " ".join(more)))
        if len(page) == _PAGE:
            _add(conn, page)
            page = []
    _add(conn, page)
    _traces(conn)


def downgrade() -> None:
    """Nothing is in the way of the program before: it finds more than it looks for."""


def _texts(conn: sa.Connection) -> Iterator[tuple[str, int, str]]:
    """The text of every incident, by pages of its key."""
    after: tuple[str, int, int] = ("", 0, 0)
    while True:
        rows = conn.execute(
            sa.text(
                "SELECT district, month, id, place, text, phone FROM incident "
                "WHERE (district, month, id) > (:district, :month, :id) "
                "ORDER BY district, month, id LIMIT :most"
            ),
            {"district": after[0], "month": after[1], "id": after[2], "most": _PAGE},
        ).all()
        for district, _month, id_, place, text, phone in rows:
            yield district, int(id_), f"{place} {text} {phone}"
        if len(rows) < _PAGE:
            return
        after = (rows[-1][0], int(rows[-1][1]), int(rows[-1][2]))


def _more(text: str) -> list[str]:
    """The terms of a text that its index does not have."""
    narrow = text.translate(_NARROW)
    found: list[str] = []
    if _WIDE.search(text):
        for run in _RUN.findall(narrow.lower()):
            if run[0].isascii() or len(run) == 1:
                found.append(run)
            else:
                found += [a + b for a, b in itertools.pairwise(run)]
    for written in _WRITTEN.findall(narrow):
        digits = re.sub(r"\D+", "", written)
        if digits != written or written not in text:
            found += [digits[at:] for at in range(len(digits) - 3)]
    return list(dict.fromkeys(found))


def _add(conn: sa.Connection, page: list[tuple[str, int, str]]) -> None:
    if not page:
        return
    if conn.dialect.name == "sqlite":
        # Without the text itself the index takes further terms for a row that it has.
        conn.exec_driver_sql(
            "INSERT INTO incident_words (rowid, tokens) VALUES (?, ?)",
            [(id_, terms) for _district, id_, terms in page],
        )
        return
    conn.execute(
        sa.text(
            "UPDATE incident_words SET tokens = tokens || array_to_tsvector(:terms) "
            "WHERE district = :district AND incident = :incident"
        ),
        [
            {"district": district, "incident": id_, "terms": terms.split()}
            for district, id_, terms in page
        ],
    )


def _traces(conn: sa.Connection) -> None:
    """The key of a land line is what is dialled within its area."""
    rows = conn.execute(
        sa.text(
            "SELECT district, key, received, incident FROM trace WHERE key >= 'p:' AND key < 'p;'"
        )
    ).all()
    for district, key, received, incident in rows:
        digits = key.removeprefix("p:")
        land = _LAND.fullmatch(digits)
        if land is None or len(digits) < 10 or re.fullmatch(r"1[3-9][0-9]{9}", digits):
            continue
        old = {"district": district, "key": key, "received": received, "incident": incident}
        conn.execute(
            sa.text(
                "DELETE FROM trace WHERE district = :district AND key = :key "
                "AND received = :received AND incident = :incident"
            ),
            old,
        )
        conn.execute(
            sa.text(
                "INSERT INTO trace (district, key, received, incident) "
                "VALUES (:district, :key, :received, :incident) ON CONFLICT DO NOTHING"
            ),
            {**old, "key": f"p:{land[1]}"},
        )
