"""Reading a scenario: from the nodes of a file to values, or a sentence with the line.

Pure: the nodes come in already loaded (``console.desk.scenarios`` makes them from
YAML). Every scalar arrives as text and is read as what the key wants, so that
``00:01:10`` is a time and ``no`` is a word. A mistake is a `Problem` that names the
file, the line and the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import fields
from types import MappingProxyType

from adapters.port import Report
from console.domain.clock import Span
from console.domain.message import msg
from console.domain.scenario import (
    Action,
    Actors,
    AllOf,
    AnyOf,
    Condition,
    Did,
    Elapsed,
    Inject,
    Not,
    Played,
    Say,
    Scenario,
    SeatManner,
    Send,
    Stream,
    UnitManner,
    UnitSays,
    leaves,
)
from console.domain.scenario_nodes import Items, Node, Reader

STATUSES: tuple[str, ...] = (
    "available",
    "enroute",
    "on_scene",
    "clearing",
    "out_of_service",
)
"""The status words that a unit can report; being dispatched is not its own to say."""


def parse(root: Node, file: str, kinds: Collection[str] = ()) -> Scenario:
    """The scenario that `root` describes.

    Args:
        root: the file's top node.
        file: its name, for the sentences.
        kinds: the categories that the background stream can make; a `mix` is
            checked against them when they are given.

    Raises:
        Problem: a mistake, with file, line and reason.
    """
    return _Reader(file, kinds).scenario(root)


class _Reader(Reader):
    """Walks the nodes of one file; every method reads one kind of thing."""

    def __init__(self, file: str, kinds: Collection[str]) -> None:
        super().__init__(file)
        self._kinds = kinds

    # ------------------------------------------------------------ whole file

    def scenario(self, root: Node) -> Scenario:
        needed = {"name", "title", "description", "seed", "start"}
        top = self.fields(root, needed | {"past", "actors", "streams", "injects"}, needed)
        start, offset = self.moment(top["start"])
        injects = self.list(top, "injects", self._inject)
        self._check_names(top, injects)
        return Scenario(
            name=self.name(top["name"]),
            title=self.label(top["title"]),
            description=self.label(top["description"]),
            seed=self.whole(top["seed"]),
            start=start,
            offset=offset,
            actors=self._actors(top["actors"]) if "actors" in top else Actors(),
            streams=self.list(top, "streams", self._stream),
            injects=injects,
            past=self.whole(top["past"]) if "past" in top else 1,
        )

    def _check_names(self, top: Mapping[str, Node], injects: tuple[Inject, ...]) -> None:
        """Every name is used once, and every name that is referred to exists."""
        node = top.get("injects")
        lines = [item.line for item in node.items] if isinstance(node, Items) else []
        seen: set[str] = set()
        for inject, line in zip(injects, lines, strict=True):
            if inject.name in seen:
                self.fail(line, msg("scenario.name_twice", name=inject.name))
            seen.add(inject.name)
        reports = {inject.name for inject in injects if isinstance(inject.action, Send)}
        for inject, line in zip(injects, lines, strict=True):
            if isinstance(inject.action, Say) and inject.action.incident not in reports:
                self.fail(line, msg("scenario.no_such_report", name=inject.action.incident))
            if inject.when is None:
                continue
            for leaf in leaves(inject.when):
                if isinstance(leaf, Did) and leaf.incident and leaf.incident not in reports:
                    self.fail(line, msg("scenario.no_such_report", name=leaf.incident))
                if isinstance(leaf, Played) and leaf.inject not in seen:
                    self.fail(line, msg("scenario.no_such_inject", name=leaf.inject))

    # ---------------------------------------------------------------- actors

    def _actors(self, node: Node) -> Actors:
        part = self.fields(node, {"crews", "units", "seats", "systems"})
        crews = self.fields(part["crews"], {"pace", "misses"}) if "crews" in part else {}
        return Actors(
            pace=self.positive(crews["pace"]) if "pace" in crews else Actors().pace,
            misses=self.share(crews["misses"]) if "misses" in crews else Actors().misses,
            units=self.table(part, "units", self._unit_manner),
            seats=self.table(part, "seats", self._seat_manner),
            delays=self.table(part, "systems", self._system_delay),
        )

    def _unit_manner(self, node: Node) -> UnitManner:
        part = self.fields(node, {"turnout", "travel", "work"})
        return UnitManner(**{key: self.span(value) for key, value in part.items()})

    def _seat_manner(self, node: Node) -> SeatManner:
        part = self.fields(node, {"share", "delay"}, {"share", "delay"})
        return SeatManner(share=self.share(part["share"]), delay=self.span(part["delay"]))

    def _system_delay(self, node: Node) -> Span:
        return self.span(self.fields(node, {"delay"}, {"delay"})["delay"])

    # --------------------------------------------------------------- streams

    def _stream(self, node: Node) -> Stream:
        keys = {"name", "rate", "start", "end", "opening", "again", "noise", "mix"}
        part = self.fields(node, keys, {"name", "rate"})
        stream = Stream(name=self.name(part["name"]), rate=self.positive(part["rate"]))
        start = self.span(part["start"]) if "start" in part else stream.start
        end = self.span(part["end"]) if "end" in part else None
        if end is not None and end <= start:
            self.fail(part["end"].line, msg("scenario.ends_before_start"))
        opening: dict[str, Node] = {}
        if "opening" in part:
            opening = self.fields(part["opening"], {"count", "within"}, {"count", "within"})
        return Stream(
            name=stream.name,
            rate=stream.rate,
            start=start,
            end=end,
            opening=self.whole(opening["count"]) if opening else stream.opening,
            opening_within=self.span(opening["within"]) if opening else stream.opening_within,
            again=self.share(part["again"]) if "again" in part else stream.again,
            noise=self.share(part["noise"]) if "noise" in part else stream.noise,
            mix=self._mix(part["mix"]) if "mix" in part else stream.mix,
        )

    def _mix(self, node: Node) -> Mapping[str, float]:
        mix: dict[str, float] = {}
        for key, value in self.entries(node):
            known = any(k == key.text or k.startswith(key.text + ".") for k in self._kinds)
            if self._kinds and not known:
                self.fail(key.line, msg("scenario.no_such_kind", kind=key.text))
            mix[key.text] = self.positive(value)
        return MappingProxyType(mix)

    # --------------------------------------------------------------- injects

    def _inject(self, node: Node) -> Inject:
        actions: dict[str, Callable[[Node, str], Action]] = {
            "report": self._report,
            "unit": self._unit,
            "answer": self._answer,
            "message": self._message,
        }
        part = self.fields(node, {"name", "at", "when", "after", *actions}, {"name"})
        name = self.name(part["name"])
        given = [key for key in actions if key in part]
        if len(given) != 1:
            self.fail(node.line, msg("scenario.one_action", actions=", ".join(actions)))
        if ("at" in part) == ("when" in part):
            self.fail(node.line, msg("scenario.at_or_when"))
        if "after" in part and "when" not in part:
            self.fail(part["after"].line, msg("scenario.after_without_when"))
        return Inject(
            name=name,
            action=actions[given[0]](part[given[0]], name),
            at=self.span(part["at"]) if "at" in part else None,
            when=self._condition(part["when"]) if "when" in part else None,
            after=self.span(part["after"]) if "after" in part else 0,
        )

    def _report(self, node: Node, name: str) -> Send:
        known = {item.name for item in fields(Report)} - {"occurred"}
        part = self.fields(node, known | {"finding"}, {"source", "text"})

        def text(key: str) -> str:
            return self.text(part[key]) if key in part else ""

        facts: dict[str, str] = {}
        if "facts" in part:
            facts = {key.text: self.text(value) for key, value in self.entries(part["facts"])}
        report = Report(
            source=text("source"),
            source_id=text("source_id") or name,
            text=text("text"),
            category=text("category"),
            place=text("place"),
            town=text("town"),
            lat=self.real(part["lat"]) if "lat" in part else None,
            lon=self.real(part["lon"]) if "lon" in part else None,
            caller=text("caller"),
            phone=text("phone"),
            priority=self.whole(part["priority"]) if "priority" in part else None,
            fraud_class=text("fraud_class"),
            amount_at_risk=self.whole(part["amount_at_risk"]) if "amount_at_risk" in part else None,
            facts=facts,
        )
        return Send(report=report, finding=text("finding"))

    def _unit(self, node: Node, _name: str) -> UnitSays:
        part = self.fields(node, {"call_sign", "status"}, {"call_sign", "status"})
        status = self.text(part["status"])
        if status not in STATUSES:
            words = ", ".join(STATUSES)
            self.fail(part["status"].line, msg("scenario.no_such_status", status=status, of=words))
        return UnitSays(call_sign=self.text(part["call_sign"]), status=status)

    def _answer(self, node: Node, _name: str) -> Say:
        part = self.fields(node, {"system", "to", "text"}, {"system", "to", "text"})
        return Say(self.text(part["system"]), self.name(part["to"]), self.text(part["text"]))

    def _message(self, node: Node, _name: str) -> Say:
        part = self.fields(node, {"from", "to", "text"}, {"from", "to", "text"})
        return Say(self.text(part["from"]), self.name(part["to"]), self.text(part["text"]))

    # ------------------------------------------------------------ conditions

    def _condition(self, node: Node) -> Condition:
        deed = {"verb", "incident", "outcome", "step", "unit", "seat", "count"}
        part = self.fields(node, deed | {"all", "any", "not", "played", "elapsed"})
        if "verb" in part:
            if not part.keys() <= deed:
                self.fail(node.line, msg("scenario.one_condition"))
            words = {key: self.text(value) for key, value in part.items() if key != "count"}
            count = self.whole(part["count"]) if "count" in part else 1
            if count < 1:
                self.fail(part["count"].line, msg("scenario.not_positive", value=str(count)))
            return Did(count=count, **words)
        if len(part) != 1 or part.keys() & deed:
            self.fail(node.line, msg("scenario.one_condition"))
        ((key, value),) = part.items()
        match key:
            case "all":
                return AllOf(self._conditions(value))
            case "any":
                return AnyOf(self._conditions(value))
            case "not":
                return Not(self._condition(value))
            case "played":
                return Played(self.name(value))
            case _:
                return Elapsed(self.span(value))

    def _conditions(self, node: Node) -> tuple[Condition, ...]:
        if not isinstance(node, Items) or not node.items:
            self.fail(node.line, msg("scenario.not_list"))
        return tuple(map(self._condition, node.items))
