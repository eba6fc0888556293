"""Messages that are kept and raise nothing: exercises, tests, answers to nobody.

They are no incidents, so that no officer is ever sent out for an exercise; they stand in
the journal and are counted with their link, so that nobody can say that they never came.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace

from adapters.port import APART, Apart
from console.desk import intake
from console.desk.work import Work
from console.domain.text import clean
from console.store import incidents, links


def keep_apart(work: Work, source: str, one: Apart) -> bool:
    """Keep a message of `source`; False when the very same was kept before."""
    assert one.reason in APART, one.reason
    digest = hashlib.sha256(one.raw.encode("utf-8", "replace")).hexdigest()
    drawer = f"{clean(source, 50).text}!{links.APART}"
    if incidents.known_source(work.tx, drawer, digest) is not None:
        return False
    incidents.keep_source(work.tx, drawer, digest, 0, digest)
    raw = one.raw[: intake.MOST_RAW]
    incidents.keep_unreadable(work.tx, work.at, source, one.reason, raw, links.APART)
    entry = replace(
        work.entry("kept"),
        source=source,
        source_id=clean(one.id, intake.MAX_ID).text,
        status=one.reason,
        text=clean(one.text, intake.MAX_LINE).text,
    )
    work.log(entry)
    return True
