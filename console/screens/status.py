"""The status bar and the alert line: counts, what is wrong, the clock, what rang."""

from __future__ import annotations

from typing import TYPE_CHECKING

from console.domain.message import msg
from widgets.status_bar import Part, StatusBar

if TYPE_CHECKING:
    from console.screens.main import MainScreen
    from console.screens.reading import Counts

RUNG = 99
"""Incidents that the alert line remembers at most."""

NAMED = 12
"""Of these, as many as have their number in it."""

LINKS = 2
"""Systems without a link that are named; of the rest it says how many there are."""


class Status:
    """Says how the floor stands, whatever page is shown.

    Args:
        screen: whose bars it fills.
    """

    def __init__(self, screen: MainScreen) -> None:
        self.screen = screen
        self.counts: Counts | None = None
        self._rung: list[tuple[int, str]] = []

    def opening(self) -> None:
        """The first frame: there is no store yet."""
        t = self.screen.words.t
        self._bar.set_left(((t("status.name"), "strong"), (t("status.opening"), "dim")))

    def show(self) -> None:
        """Say everything again."""
        self.show_clock()
        self._show_rung()
        session = self.screen.session
        if session is None:
            self.opening()
            return
        t, desk = self.screen.words.t, session.desk
        left = [
            (f"{session.center} {t('status.name')}".strip(), "strong"),
            (" ".join(p for p in (desk.seat, desk.officer) if p), "text"),
        ]
        if desk.store.readonly:
            left.append((t("status.readonly"), "warn"))
        if self.counts is not None:
            left += self._counted(self.counts)
        if session.trouble is not None:
            left.append((t(session.trouble), "bad"))
        if session.gateway is not None and session.gateway.trouble is not None:
            left.append((t("status.gateway"), "bad"))
        self._bar.set_left(left)

    def _counted(self, counts: Counts) -> list[Part]:
        from console.screens.drawing import states

        t = self.screen.words.t
        waiting, in_hand = states(counts)
        parts = [(t("status.counts", new=waiting, active=in_hand), "text")]
        if counts.overdue:
            parts.append((t("status.overdue", n=counts.overdue), "overdue"))
        parts += self._links(counts)
        parts += self._orders(counts)
        if counts.unreadable:
            parts.append((t("status.unreadable", n=counts.unreadable), "warn"))
        return parts

    def _links(self, counts: Counts) -> list[Part]:
        """How many of the links that were ever used do well, and which do not."""
        drawing = self.screen.drawing
        used = [one for one in counts.links if one.state != "new"]
        if not used or drawing is None:
            return []
        ill = [drawing.system(one.system) for one in used if one.state == "fault"]
        well = f"{len(used) - len(ill)}/{len(used)}"
        named = "".join(f" !{name}" for name in ill[:LINKS])
        rest = f" +{len(ill) - LINKS}" if len(ill) > LINKS else ""
        text = self.screen.words.t("status.links", n=well) + named + rest
        return [(text, "bad" if ill else "dim")]

    def _orders(self, counts: Counts) -> list[Part]:
        """What other systems have not been told: on its way, without an answer, without a link."""
        t, session, drawing = self.screen.words.t, self.screen.session, self.screen.drawing
        # Without a gateway of its own the console does not know which systems are linked.
        gateway = session.gateway if session is not None else None
        waiting: dict[str, int] = {}
        unknown = 0
        for (system, state), n in counts.outbox.items():
            if state == "unknown":
                unknown += n
            else:
                waiting[system] = waiting.get(system, 0) + n
        unlinked = {
            system: n
            for system, n in waiting.items()
            if gateway is not None and system not in gateway.adapters
        }
        pending = sum(waiting.values()) - sum(unlinked.values())
        parts = [(t("status.outbox", n=pending), "warn" if pending else "dim")]
        if unknown:
            parts.append((t("status.unknown", n=unknown), "bad"))
        if unlinked and drawing is not None:
            most = sorted(unlinked.items(), key=lambda item: (-item[1], item[0]))
            named = " ".join(f"{drawing.system(system)} {n}" for system, n in most[:LINKS])
            rest = f" +{len(most) - LINKS}" if len(most) > LINKS else ""
            parts.append((t("status.unlinked", systems=named + rest), "dim"))
        return parts

    def show_clock(self) -> None:
        """The time of day, on the right."""
        session, drawing = self.screen.session, self.screen.drawing
        if session is not None and drawing is not None:
            self._bar.set_right([(drawing.clock(session.desk.clock.now()), "strong")])

    # --- alerts -----------------------------------------------------------------

    def alert_for(self, ids: list[int]) -> None:
        """Ring for those of these new incidents that are of the first priority."""
        session = self.screen.session
        assert session is not None
        desk = session.desk

        def read() -> list[tuple[int, str]]:
            from console.store import incidents

            with desk.store.read() as tx:
                return [
                    (one.id, one.short)
                    for one in incidents.many(tx, ids)
                    if one.priority == 1 and one.state.value == "new"
                ]

        self.screen.jobs.read("alerts", read, self._ring)

    @property
    def named(self) -> tuple[int, ...]:
        """Ids of the incidents whose numbers stand in the alert line."""
        return tuple(id_ for id_, _number in self._rung[-NAMED:])

    def seen(self) -> None:
        """The officer has seen what rang."""
        self._rung.clear()
        self._show_rung()
        self.screen.say(msg("alert.seen"), "dim")

    def _ring(self, found: list[tuple[int, str]]) -> None:
        session = self.screen.session
        if not found or session is None:
            return
        self._rung += found
        del self._rung[:-RUNG]
        self._show_rung()
        numbers = " ".join(number for _id, number in found)
        if session.bell:
            self.screen.app.bell()
        if session.notify:
            text = self.screen.words.t("alert.new", numbers=numbers)
            self.screen.app.desktop_notice(text)  # type: ignore[attr-defined]

    def _show_rung(self) -> None:
        bar = self.screen.query_one("#alert", StatusBar)
        bar.display = bool(self._rung)
        if self._rung:
            numbers = " ".join(number for _id, number in self._rung[-NAMED:])
            text = self.screen.words.t("alert.line", n=len(self._rung), numbers=numbers)
            bar.set_left(((text, "overdue"),))

    @property
    def _bar(self) -> StatusBar:
        return self.screen.query_one("#status", StatusBar)
