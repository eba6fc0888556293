"""One verb's transaction: what every action has in its hands while it runs.

`Work.apply` is the one way in which an incident changes: new state, playbook,
journal entry and outbox orders together, in the transaction of the verb.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import astuple, dataclass, field, replace

from console.desk import becoming
from console.desk.published import public_body
from console.desk.ruleset import Ruleset
from console.domain import payments, publicity, stops
from console.domain import playbook as pb
from console.domain.clock import Instant
from console.domain.entry import Entry, Scalar
from console.domain.incident import Incident, full_number, is_secret
from console.domain.lifecycle import OPEN, State, target
from console.domain.playbook import Playbook, Progress
from console.store import incidents, journal, outbox
from console.store.engine import Tx

SYSTEM_SEAT = "system"
"""Whose name stands in the journal when the program did something by itself."""


UPSTREAM = "alarm110"
TELLS = {"accept": "accept", "dispatch": "dispatch", "resolve": "feedback", "close": "closed"}
"""What is done about a call that 110 sent -> what 110 is told; arriving is a status."""

_SAME = {"dispatch": ("dispatch", "dispatched"), "arrival": ("arrival", "arrived")}


@dataclass(slots=True)
class Work:
    """A write transaction, the moment it happens at, who does it, and the rules."""

    tx: Tx
    at: Instant
    seat: str
    rules: Ruleset
    officer: str = ""
    role: str = "officer"
    sure: frozenset[str] = frozenset()
    """The doubts that whoever asked for this has answered with yes (`console.desk.doubts`)."""
    together: bool = False
    """Whether the entries written are one command's, to be taken back together."""
    first: int = 0
    """Sequence number of the first entry written."""
    touched: list[int] = field(default_factory=list)

    def incident(self, id_: int) -> Incident:
        """The incident as it is in this transaction.

        Raises:
            Problem: there is none.
        """
        return incidents.need(self.tx, id_)

    def playbook(self, incident: Incident) -> Playbook | None:
        """The playbook that the incident was started with."""
        return self.rules.playbook(incident.playbook)

    def entry(self, verb: str, incident: int | None = None) -> Entry:
        """The beginning of a journal entry of this work."""
        return Entry(verb=verb, at=self.at, seat=self.seat, officer=self.officer, incident=incident)

    def log(self, entry: Entry) -> int:
        """Write an entry; by itself it changes no incident's row."""
        if self.together:
            entry = replace(entry, part_of=self.first)
        seq = journal.append(self.tx, entry)
        self.first = self.first or seq
        return seq

    def apply(
        self,
        old: Incident,
        entry: Entry,
        changes: Mapping[str, object] | None = None,
        *,
        outcome: str | None = None,
        step: str | None = None,
        kinds: Collection[str] = (),
        moves: bool = True,
        orders: Collection[str] = (),
        later: Mapping[int, Instant] | None = None,
        becomes: str = "",
    ) -> Incident:
        """Change an incident: row, playbook, journal and orders at once.

        Args:
            old: the incident as read in this transaction.
            entry: what to write down; steps and the values replaced are added here.
            changes: column -> new value.
            outcome: the step's outcome, for the playbook.
            step: the step meant, when the verb could mean several.
            kinds: kinds of the units concerned.
            moves: whether the verb may move the playbook at all.
            orders: keys of orders that this change has put into the outbox besides.
            later: run of an open step -> its new deadline (ms UTC).
            becomes: the category that the incident has from now on, with its playbook; an
                outcome of the playbook may say one, too.
        """
        values: dict[str, object] = dict(changes or {})
        before = dict(entry.before)
        before.update((name, _plain(getattr(old, name))) for name in values)
        playbook = self.playbook(old)
        keys: list[str] = list(orders)
        steps: Progress | None = None
        if moves and playbook is not None:
            progress = incidents.steps_of(self.tx, old.id)
            result = pb.advance(
                playbook, progress, entry.verb, outcome, self.at, self.rules.deadlines, step, kinds
            )
            steps = self._clocked(playbook, result, values.get("facts", old.facts))
            if later:
                steps = _put_off(steps, later)
            becomes = becomes or becoming.said(self.rules, old, playbook, result)
            if becomes and becomes != old.category:
                turned, steps = becoming.turned(self.rules, old, becomes, steps, self.at)
                before.update((name, _plain(getattr(old, name))) for name in turned)
                values.update(turned)
                entry = replace(entry, category=becomes)
            learned = _learned(old, playbook, result, self.at)
            before.update((name, _plain(getattr(old, name))) for name in learned)
            values.update(learned)
            incidents.save_steps(self.tx, old.id, progress, steps)
            before.update(steps_before(progress, steps))
            if result.completed is not None:
                entry = replace(
                    entry,
                    step=entry.step or result.completed.step,
                    outcome=entry.outcome or (result.completed.outcome or ""),
                    attempt=result.completed.attempt,
                )
            keys += [
                self.order(
                    old,
                    order.system,
                    order.action,
                    # What is asked for when a step opens is not what was done before it.
                    entry if order.outcome else replace(entry, outcome="", text=""),
                    step=order.step,
                )
                for order in result.orders
            ]
        if steps is None and values.keys() & {"facts", "state"} and "due" not in values:
            steps = incidents.steps_of(self.tx, old.id)
        if steps is not None:
            due = due_of(steps, values.get("facts", old.facts), values.get("state", old.state))
            if due != old.due:
                before["due"] = old.due
                values["due"] = due
        keys += self._upstream(old, entry, keys)
        if isinstance(state := values.get("state"), State) and state is not old.state:
            keys += self._group_hears(old, state, entry)
        if keys:
            before["orders"] = "\n".join(keys)
        new = incidents.update(self.tx, old, values) if values else old
        if new.state is not old.state:
            entry = replace(entry, from_=old.state.value, to=new.state.value)
        self.log(replace(entry, before=tuple(sorted(before.items()))))
        self.touched.append(new.id)
        return new

    def _upstream(self, old: Incident, entry: Entry, keys: Sequence[str]) -> list[str]:
        """The order by which 110 hears what was done about its own call, unless a step says it."""
        action = TELLS.get(entry.verb, "") if entry.verb != "status" else ""
        if entry.verb == "status" and entry.status == "on_scene":
            action = "arrival"
        told = any(key.split(":")[1] in _SAME.get(action, (action,)) for key in keys)
        if not action or old.source != UPSTREAM or told:
            return []
        return [self.order(old, UPSTREAM, action, entry, step="upstream")]

    def _clocked(self, playbook: Playbook, result: pb.Advance, facts: object) -> Progress:
        """The steps; one that opened to extend a stop is due when the stop ends, not later."""
        ends = stops.expiry(as_facts(facts))
        if ends is None:
            return result.progress
        mine = {run.n for run in result.opened if _extends(playbook, run.step)}
        return tuple(replace(r, due=ends) if r.n in mine else r for r in result.progress)

    def _group_hears(self, old: Incident, state: State, entry: Entry) -> list[str]:
        """The order by which the group hears what became of what it brought; key or nothing."""
        from console.desk import group  # it uses this module itself

        words = group.result(self, old, state)
        if not words:
            return []
        return [self.order(old, group.SOURCE, "notice", replace(entry, text=words), step="result")]

    def take_in_hand(self, incident: Incident) -> Incident:
        """Accept a new incident by the way: the first action on it says who has it."""
        if incident.state is not State.NEW:
            return incident
        return self.apply(
            incident,
            self.entry("accept", incident.id),
            {"state": target("accept", incident.state), "seat": self.seat},
        )

    def working(self, incident: Incident) -> dict[str, object]:
        """The change that a first real action makes: the incident becomes active."""
        state = target("work", incident.state)
        return {} if state is incident.state else {"state": state}

    def order(
        self,
        incident: Incident,
        system: str,
        action: str,
        entry: Entry,
        step: str = "",
        more: Mapping[str, str | int | float | None] | None = None,
    ) -> str:
        """Put an order into the outbox; returns its idempotency key.

        Args:
            incident: what it is about.
            system: who is told.
            action: what.
            entry: the journal entry of what was done.
            step: the playbook's step that orders it.
            more: what this action says besides, by name.
        """
        head, _hash = journal.head(self.tx)
        number = full_number(self.tx.district, incident.id)
        # Unique and the same again if this very transaction were run again.
        key = f"{number}:{action}:{head + 1}" + (f":{step}" if step else "")
        body: dict[str, str | int | float | None] = {
            "number": number,
            "category": incident.category,
            "priority": incident.priority,
            "place": incident.place,
            "town": incident.town,
            "lat": incident.lat,
            "lon": incident.lon,
            "text": incident.text,
            "words": entry.text,
            "outcome": entry.outcome,
            "amount": entry.money,
            "points": entry.count or None,
            "received": incident.received,
            "at": self.at,
            "seat": self.seat,
            "phone": incident.phone,
            "person": incident.caller,
            "fraud_class": incident.fraud_class,
            "risk": incident.amount_at_risk or None,
            "their_id": incidents.first_of(self.tx, incident.id, system),
        }
        known = dict(incident.facts)
        if action == "visit" and known.get("address"):
            # The door that research found, not the place that the report named.
            body["place"] = known["address"]
        if is_secret(incident) and system != incident.source:
            body.update(phone="", person="")
        body.update(more or {})
        if action in publicity.TO_EVERYBODY:
            body |= public_body(self.rules, incident, entry.text)
        if system == "dingtalk":
            from console.desk import group

            body["person_id"] = group.addressee(self, incident)
        outbox.put(self.tx, key, incident.id, system, action, body, self.at)
        return key


def _learned(old: Incident, playbook: Playbook, done: pb.Advance, at: Instant) -> dict[str, object]:
    """What the step that was done says of the incident: how it ended, that somebody was reached.

    An incident that is resolved once more has the later result; who was spoken to first
    stays the first.
    """
    run = done.completed
    step = playbook.step(run.step) if run is not None else None
    outcome = step.outcome(run.outcome) if run is not None and step is not None else None
    if step is None or outcome is None:
        return {}
    learned: dict[str, object] = {}
    if step.verb == "resolve" and outcome.id != old.result:
        learned["result"] = outcome.id
    if outcome.contact and old.contacted is None:
        learned["contacted"] = at
    return learned


def as_facts(value: object) -> tuple[tuple[str, str], ...]:
    """The facts among an incident's new values."""
    assert isinstance(value, tuple), value
    return value


def due_of(progress: Progress, facts: object, state: object) -> Instant | None:
    """When the next thing must be done: a step, or something about money that gets loose.

    What waits for another system has no clock of ours.
    """
    if state is State.TRANSFERRED:
        return None
    ends = stops.expiry(as_facts(facts)) if state in OPEN else None
    return min((at for at in (pb.due(progress), ends) if at is not None), default=None)


def _extends(playbook: Playbook, step: str) -> bool:
    found = playbook.step(step)
    return found is not None and found.deadline == payments.STOP


def numbers(ids: Sequence[int]) -> tuple[str, ...]:
    """Short numbers, for a sentence."""
    from console.domain.incident import short_number

    return tuple(short_number(i) for i in ids)


def _plain(value: object) -> Scalar:
    if isinstance(value, State):
        return value.value
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, tuple):  # the facts: pairs of label and value
        return json.dumps(dict(value), ensure_ascii=False)
    raise TypeError(f"not a plain value: {value!r}")


def _put_off(progress: Progress, later: Mapping[int, Instant]) -> Progress:
    """Open steps with the deadlines that they have now."""
    return tuple(
        replace(run, due=later[run.n]) if run.n in later and run.done is None else run
        for run in progress
    )


def steps_before(old: Progress, new: Progress) -> dict[str, Scalar]:
    """What must be known to go back from one state of the playbook to the one before it."""
    was_open = {run.n for run in old if run.done is None}
    known = {run.n for run in old}
    done = [run.n for run in new if run.n in was_open and run.done is not None]
    opened = [run.n for run in new if run.n not in known]
    after = {run.n: run for run in new}
    were = [astuple(run) for run in old if run.done is not None and run != after.get(run.n)]
    were += [
        astuple(run)
        for run in old
        if run.done is None
        and (run.n not in after or (after[run.n].done is None and run != after[run.n]))
    ]
    kept: dict[str, Scalar] = {}
    if were:
        kept["steps_were"] = json.dumps(were)
    if done:
        kept["steps_done"] = ",".join(map(str, done))
    if opened:
        kept["steps_opened"] = ",".join(map(str, opened))
    return kept
