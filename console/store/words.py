"""Finding incidents by their words: an index over place, text and phone.

Chinese has no spaces, so what is indexed are overlapping pairs of characters, and
whole runs of letters and digits. Full-width signs count as narrow ones, and what is written
like a telephone number counts as its digits, too. SQLite keeps them in an FTS5 table whose rowid is
the incident's id (one SQLite store holds one district), PostgreSQL in a
``tsvector`` with a GIN index. An index hit is a candidate; the caller still
compares the text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from operator import add as add_up

import sqlalchemy as sa

from console.domain.phones import digits, is_phone, phone_of, phones_in
from console.domain.writing import narrow

_RUN = re.compile(r"[a-z0-9]+|[^\W_a-z0-9]+")
_SHORTEST_END = 4

RARE = 2_000
"""Up to this many hits are sorted; beyond it, walking the queue finds a page sooner."""


def create(conn: sa.Connection) -> None:
    """Make the index of a new store."""
    if conn.dialect.name == "sqlite":
        conn.exec_driver_sql(
            "CREATE VIRTUAL TABLE incident_words USING fts5("
            "tokens, content='', detail='none', tokenize='unicode61')"
        )
    else:
        conn.exec_driver_sql(
            "CREATE TABLE incident_words (district VARCHAR NOT NULL, incident BIGINT NOT NULL, "
            "tokens TSVECTOR NOT NULL, CONSTRAINT pk_incident_words "
            "PRIMARY KEY (district, incident))"
        )
        conn.exec_driver_sql(
            "CREATE INDEX ix_incident_words_tokens ON incident_words USING gin (tokens)"
        )


def tokens(text: str) -> list[str]:
    """The index terms of `text`: pairs of characters, and words of letters and digits."""
    found: list[str] = []
    for run in _RUN.findall(narrow(text).lower()):
        if run[0].isascii() or len(run) == 1:
            found.append(run)
        else:
            found.extend(map(add_up, run, run[1:]))
    return found


def _indexed(text: str) -> list[str]:
    """The terms under which a text is found: those in it, and the ends of long numbers.

    A term is looked up by its beginning; who searches by the last digits of a telephone
    number, or leaves out its area, asks for an end.
    """
    found = tokens(text)
    for written in phones_in(text):
        run = digits(written)
        first = 1 if run == written else 0
        found.extend(run[at:] for at in range(first, len(run) - _SHORTEST_END + 1))
    return found


def add(conn: sa.Connection, district: str, rows: Sequence[tuple[int, str]]) -> None:
    """Index incidents.

    Args:
        conn: a connection in a write transaction.
        district: the district's code.
        rows: incident id and its text (place, words, phone joined by spaces).
    """
    if not rows:
        return
    if conn.dialect.name == "sqlite":
        conn.exec_driver_sql(
            "INSERT INTO incident_words (rowid, tokens) VALUES (?, ?)",
            [(id_, " ".join(_indexed(text))) for id_, text in rows],
        )
    else:
        conn.execute(
            sa.text(
                "INSERT INTO incident_words (district, incident, tokens) "
                "VALUES (:district, :incident, array_to_tsvector(:tokens))"
            ),
            [
                {"district": district, "incident": id_, "tokens": sorted(set(_indexed(text)))}
                for id_, text in rows
            ],
        )


def rare_hits(conn: sa.Connection, district: str, query: Sequence[str]) -> list[int] | None:
    """Ids of incidents that hold every term of the words of `query`, newest first.

    Returns None when there are more than `RARE`, or when nothing in `query` can
    be looked up (a single character): the caller then walks the queue instead.
    """
    wanted = _wanted(conn, query)
    if wanted is None:
        return None
    if conn.dialect.name == "sqlite":
        rows = conn.exec_driver_sql(
            "SELECT rowid FROM incident_words WHERE incident_words MATCH ? LIMIT ?",
            (wanted, RARE + 1),
        ).scalars()
    else:
        rows = conn.execute(
            sa.text(
                "SELECT incident FROM incident_words WHERE district = :district "
                "AND tokens @@ CAST(:wanted AS tsquery) LIMIT :most"
            ),
            {"district": district, "wanted": wanted, "most": RARE + 1},
        ).scalars()
    ids = sorted((int(row) for row in rows), reverse=True)
    return None if len(ids) > RARE else ids


def _terms(word: str) -> list[str]:
    """What a word of a search is looked up by: of a telephone number the digits that count."""
    phone = phone_of(word) if is_phone(word) else None
    return tokens(word) if phone is None else [phone.number]


def newest_hits(
    conn: sa.Connection, district: str, query: Sequence[str], limit: int, below: int | None = None
) -> list[int] | None:
    """The newest ids of incidents that hold every term of `query`, those below an id.

    Returns None when nothing in `query` can be looked up.
    """
    wanted = _wanted(conn, query)
    if wanted is None:
        return None
    least = below if below is not None else 2**62
    if conn.dialect.name == "sqlite":
        rows = conn.exec_driver_sql(
            "SELECT rowid FROM incident_words WHERE incident_words MATCH ? AND rowid < ? "
            "ORDER BY rowid DESC LIMIT ?",
            (wanted, least, limit),
        ).scalars()
    else:
        rows = conn.execute(
            sa.text(
                "SELECT incident FROM incident_words WHERE district = :district "
                "AND tokens @@ CAST(:wanted AS tsquery) AND incident < :least "
                "ORDER BY incident DESC LIMIT :most"
            ),
            {"district": district, "wanted": wanted, "least": least, "most": limit},
        ).scalars()
    return [int(row) for row in rows]


def _wanted(conn: sa.Connection, query: Sequence[str]) -> str | None:
    """What the index is asked for; None when there is no pair of characters in it."""
    pairs = [term for word in query for term in _terms(word) if len(term) > 1]
    if not pairs:
        return None
    if conn.dialect.name == "sqlite":
        # Letters and digits match by their beginning, pairs of characters whole.
        return " AND ".join(f'"{t}"*' if t.isascii() else f'"{t}"' for t in pairs)
    return " & ".join(f"'{t}':*" if t.isascii() else f"'{t}'" for t in pairs)
