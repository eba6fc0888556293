"""The status bar and the alert line: counts, what is wrong, the clock, what rang."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from console.domain.incident import short_number
from console.domain.message import msg
from widgets.cells import cell_len
from widgets.status_bar import Part, StatusBar

if TYPE_CHECKING:
    from console.screens.main import MainScreen
    from console.screens.reading import Counts, Notice

NOTICED = 2
"""What other seats did that is said at once; the rest follows when these were seen."""

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
        self.rung: set[int] = set()
        """Ids of the incidents that rang and were not seen yet, taken or not."""
        self._urgent: tuple[int, ...] = ()
        """Those of them that nobody has taken, the longest overdue first."""
        self._named = 0
        """How many of these have their number in the alert line."""
        self._fresh: set[int] = set()
        """What rang since the last counts were asked for."""
        self._notices: list[Notice] = []

    def opening(self) -> None:
        """The first frame: there is no store yet."""
        t = self.screen.words.t
        self._bar.set_left(((t("status.name"), "strong"), (t("status.opening"), "dim")))

    def show(self) -> None:
        """Say everything again."""
        self.show_clock()
        self._show_alerts()
        session = self.screen.session
        if session is None:
            self.opening()
            return
        t, desk = self.screen.words.t, session.desk
        left = [
            (f"{session.center} {t('status.name')}".strip(), "strong"),
            (" ".join(p for p in (desk.seat, desk.officer) if p), "text"),
        ]
        trouble = self.screen.away.trouble
        if trouble is not None and self.screen.drawing is not None:
            left.append((t("status.away", since=self.screen.drawing.clock(trouble.since)), "bad"))
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

    def counted(self, counts: Counts) -> None:
        """There are new counts."""
        self.counts = counts
        # What rang while they were read is not among them, and stays.
        late = [id_ for id_ in self._urgent if id_ in self._fresh and id_ not in counts.urgent]
        # And what was seen meanwhile is not shown again.
        self._urgent = tuple(id_ for id_ in (*counts.urgent, *late) if id_ in self.rung)
        self._fresh.clear()
        self.show()

    def alert_for(self, ids: Collection[int]) -> None:
        """Ring for those of these new incidents that are of the first priority."""
        session = self.screen.session
        assert session is not None
        desk = session.desk

        def read() -> list[int]:
            from console.store import queue

            with desk.store.read() as tx:
                return queue.unaccepted(tx, ids)

        # Each by itself: of two that follow each other neither takes the other's place.
        self.screen.jobs.read(f"alerts {min(ids)}", read, self._ring)

    def notice(self, notices: Sequence[Notice]) -> None:
        """Another seat has given this one an incident, or taken one."""
        self._notices += notices
        self._show_alerts()
        session = self.screen.session
        if session is not None and session.bell:
            self.screen.app.bell()
        if session is not None and session.notify:
            said = " ".join(self._said(one) for one in notices)
            self.screen.app.desktop_notice(said)  # type: ignore[attr-defined]

    @property
    def named(self) -> tuple[int, ...]:
        """Ids of the incidents whose numbers stand in the alert line."""
        return self._urgent[: self._named]

    def seen(self) -> None:
        """The officer has seen what the line names; what it has no room for comes next."""
        self.rung.difference_update(self._urgent[: self._named])
        self._urgent = self._urgent[self._named :]
        del self._notices[:NOTICED]
        self._show_alerts()
        self.screen.say(msg("alert.seen"), "dim")

    def _ring(self, found: list[int]) -> None:
        session = self.screen.session
        new = [id_ for id_ in found if id_ not in self.rung]
        if not new or session is None:
            return
        self.rung.update(new)
        self._fresh.update(new)
        self._urgent += tuple(new)
        self._show_alerts()
        self.screen.pulse.recount()  # which puts them into their order
        if session.bell:
            self.screen.app.bell()
        if session.notify:
            numbers = " ".join(short_number(id_) for id_ in new)
            text = self.screen.words.t("alert.new", numbers=numbers)
            self.screen.app.desktop_notice(text)  # type: ignore[attr-defined]

    def _said(self, one: Notice) -> str:
        words = self.screen.words.t("timeline.words", text=one.words) if one.words else ""
        number = short_number(one.incident)
        if one.verb == "handover":
            said = msg("alert.handed", seat=one.seat, number=number, words=words)
        else:
            said = msg("alert.taken", seat=one.seat, number=number, words=words)
        return self.screen.words.t(said)

    def _show_alerts(self) -> None:
        bar = self.screen.query_one("#alert", StatusBar)
        bar.display = bool(self._urgent or self._notices)
        t, parts = self.screen.words.t, list[Part]()
        parts += [(self._said(one), "warn") for one in self._notices[:NOTICED]]
        if len(self._notices) > NOTICED:
            parts.append((f"+{len(self._notices) - NOTICED}", "warn"))
        self._named = 0
        if self._urgent:
            taken = sum(cell_len(text) + len(" | ") for text, _tone in parts)
            room = self.screen.app.size.width - taken
            parts.insert(0, (self._numbered(room), "overdue"))
        elif parts:
            parts.append((t("alert.key"), "dim"))
        bar.set_left(parts)

    def _numbered(self, room: int) -> str:
        """As many numbers as there is room for, how many more there are, and the key."""
        t, urgent = self.screen.words.t, self._urgent
        for named in range(len(urgent), 0, -1):
            if named > room:
                continue  # a number has at least a figure
            numbers = " ".join(short_number(id_) for id_ in urgent[:named])
            more = f" +{len(urgent) - named}" if named < len(urgent) else ""
            text = t("alert.line", n=len(urgent), numbers=numbers + more)
            if cell_len(text) <= room or named == 1:
                self._named = named
                return text
        return ""

    @property
    def _bar(self) -> StatusBar:
        return self.screen.query_one("#status", StatusBar)
