"""The last sign of life of each device, on both databases."""

from __future__ import annotations

from adapters.port import Heard
from console.domain.clock import MINUTE
from console.store import heartbeats
from console.store.engine import open_store
from tests.store.floor import START


def test_it_is_kept_over_a_restart(store_url: str) -> None:
    store = open_store(store_url, district="XS", zone="Asia/Shanghai")
    with store.write() as tx:
        many = [Heard(f"T{n}", "terminal.smoke", "金城路88号") for n in range(700)]
        assert heartbeats.hear(tx, "terminals", many, START) == []
    store.close()

    store = open_store(store_url, district="XS", zone="Asia/Shanghai")
    with store.write() as tx:
        assert heartbeats.hear(tx, "terminals", [Heard("T1")], START + MINUTE) == []
        quiet = heartbeats.quiet(tx, "terminals", START + 1)
        assert len(quiet) == 699
        assert "T1" not in {one.device for one in quiet}
        heartbeats.miss(tx, "terminals", quiet)
    with store.write() as tx:
        assert heartbeats.quiet(tx, "terminals", START + 1) == []
        (back,) = heartbeats.hear(tx, "terminals", [Heard("T2")], START + 2 * MINUTE)
        assert (back.device, back.missed, back.place) == ("T2", START, "金城路88号")
        assert heartbeats.quiet(tx, "others", START + MINUTE * 9) == []
        (one,) = [
            o for o in heartbeats.quiet(tx, "terminals", START + 3 * MINUTE) if o.device == "T1"
        ]
        assert (one.place, one.category) == ("金城路88号", "terminal.smoke")
    store.close()
