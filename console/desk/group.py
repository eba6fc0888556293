"""The residents' group (钉管用): every voice is heard, every request is answered.

The robot answers what the FAQ knows. What is a matter for somebody becomes an incident
through intake, and the group is told honestly that it was passed on. What the robot does
not know it says so, and the message waits for the officer; one that waits too long
becomes an incident, so that it gets a deadline. Everything is written in the transaction
in which the message was accepted, and once.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from typing import TYPE_CHECKING

from adapters.port import Report
from console.desk.work import Work
from console.domain import playbook as pb
from console.domain.categories import OTHER, within
from console.domain.clock import DAY, MINUTE, Instant, Span
from console.domain.entry import Entry
from console.domain.incident import Incident, full_number, short_number
from console.domain.lifecycle import OPEN, State
from console.domain.message import Message, Problem, msg
from console.domain.text import clean
from console.store import group, incidents, journal, outbox
from console.store.group import GroupMessage

if TYPE_CHECKING:
    from console.desk.intake import Taken

SOURCE = "dingtalk"

QUESTION = "request.group"
"""The category of what the robot could not answer."""

ASKED = (OTHER, "request.consult", QUESTION)
"""Categories of what may be a mere question."""

STILL_THE_SAME: Span = 3 * DAY
"""How long a resident's "that did not help" is about what was said before."""

PICTURE_AFTER: Span = 10 * MINUTE
"""How long after a message a picture without words belongs to it."""

PICTURE = "[图片]"
"""What stands for the words of a message that has none."""

SENDER = "sender"
"""The fact that names who wrote a message, as the group knows them."""

OWN = ":group"
"""How the keys of orders end that answer a message, and are no step of a playbook."""

MOST_NAMED = 10
"""How many residents a message of the group speaks to by name."""

LONGEST = 2_000
"""Characters of an answer that are sent."""


def take(work: Work, report: Report, file: Callable[[Report], Taken]) -> Taken:
    """Take in a message of the group.

    Args:
        work: the transaction in which it is accepted.
        report: the message, cleaned.
        file: makes an incident of a report, or adds it to one.
    """
    from console.desk.intake import Taken, understood

    known = group.by_source(work.tx, report.source_id) if report.source_id else None
    if known is not None:
        return Taken("repeated", known.incident)
    if not report.source_id or not (report.text or report.place):
        return file(report)  # it says why nobody can read it
    if (again := _about_before(work, report, file)) is not None:
        return again
    faq = work.rules.faq
    at = _moment(report, work.at)
    verdict, trace = understood(work, report, at)
    placed = bool(trace.place.road or trace.place.village or trace.place.number)
    emergency = faq.is_emergency(report.text)
    found = None
    if not (emergency or report.photos):
        found = faq.answers(work.rules.gazetteer.without_names(report.text))
    sure = found is not None and found.score >= faq.sure
    sure = sure and faq.asks(report.text) and not placed
    danger = emergency or (int(verdict.priority) == 1 and not sure)
    matter = not any(verdict.category == one or within(verdict.category, one) for one in ASKED)
    if danger or (matter and not sure):
        found = None
    if found is not None:
        kept = _keep(work, report, group.ANSWERED, found.question.id)
        _tell(work, kept, found.question.answer, group.ANSWERED, work.entry("robot"))
        return Taken("answered", None)
    if matter or danger:
        return _pass_on(work, report, file, danger)
    kept = _keep(work, report, group.OPEN)
    words = faq.say["photo" if report.text == PICTURE else "declined"]
    _tell(work, kept, words, group.OPEN, work.entry("unanswered"))
    return Taken("open", None)


def _about_before(work: Work, report: Report, file: Callable[[Report], Taken]) -> Taken | None:
    """What only says something about the resident's message before: a picture of it, or
    whether the answer helped. None when it stands for itself."""
    from console.desk.intake import Taken

    faq, sender = work.rules.faq, _sender_id(report)
    picture = report.text == PICTURE
    content = None if picture else faq.contentment(report.text)
    if not sender or not (picture or content is not None):
        return None
    span = PICTURE_AFTER if picture else STILL_THE_SAME
    before = group.last_of(work.tx, sender, _moment(report, work.at) - span)
    if before is None:
        return None
    if content is False and before.incident is None:
        before = _to_incident(work, before, "", told=False)
    on = incidents.get(work.tx, before.incident) if before.incident is not None else None
    if on is None or on.state not in OPEN:
        if content is not True:
            return None
        kept = _keep(work, report, group.ANSWERED)
        _tell(work, kept, faq.say["welcome"], group.ANSWERED, work.entry("robot"))
        return Taken("answered", None)
    event = "" if picture else "content" if content else "not_content"
    event = event if event in _outcomes(work, on) else ""
    taken = file(replace(_bare(report), refers=before.source_id, event=event))
    kept = _keep(work, report, group.INCIDENT, incident=on.id)
    if content is not None:
        words = faq.say["welcome" if content else "passed_on"]
        said = words.format(number=_full(work, on.id))
        _tell(work, kept, said, group.INCIDENT, work.entry("passed", on.id))
    return taken


def _outcomes(work: Work, on: Incident) -> Collection[str]:
    """What may come of the steps of an incident that are open."""
    playbook = work.playbook(on)
    if playbook is None:
        return ()
    choices = pb.choices(playbook, incidents.steps_of(work.tx, on.id))
    return {choice.outcome for choice in choices if choice.outcome}


def _pass_on(work: Work, report: Report, file: Callable[[Report], Taken], danger: bool) -> Taken:
    """Make an incident of a message and say so in the group."""
    taken = file(_bare(report))
    if taken.incident is None:
        return taken
    kept = _keep(work, report, group.INCIDENT, incident=taken.incident)
    _say_passed_on(work, kept, taken, danger)
    return taken


def _say_passed_on(work: Work, kept: GroupMessage, taken: Taken, danger: bool) -> None:
    assert taken.incident is not None
    say, number = work.rules.faq.say, _full(work, taken.incident)
    words = say["emergency" if danger else "passed_on"].format(number=number)
    if taken.kind == "attached" and not danger:
        count = incidents.need(work.tx, taken.incident).reports
        words = say["joined"].format(number=number, count=count)
    _tell(work, kept, words, group.INCIDENT, work.entry("passed", kept.incident))


def _keep(
    work: Work, report: Report, state: str, faq_id: str = "", incident: int | None = None
) -> GroupMessage:
    message = GroupMessage(
        id=group.next_id(work.tx),
        source_id=report.source_id,
        at=_moment(report, work.at),
        sender=report.caller,
        sender_id=_sender_id(report),
        text=report.text or report.place,
        photos=report.photos,
        state=state,
        faq_id=faq_id,
        incident=incident,
    )
    group.add(work.tx, message)
    return message


def _tell(
    work: Work,
    message: GroupMessage,
    words: str,
    state: str,
    entry: Entry,
    by: str = group.ROBOT,
) -> None:
    """Say something in the group about a message: order, message and journal together."""
    head, _ = journal.head(work.tx)
    number = "" if message.incident is None else _full(work, message.incident)
    key = f"{number or f'{work.tx.district}-G{message.id}'}:reply:{head + 1}{OWN}"
    body: dict[str, str | int | float | None] = {
        "number": number,
        "words": words,
        "their_id": message.source_id,
        "person": message.sender,
        "person_id": message.sender_id,
        "at": work.at,
        "seat": work.seat,
    }
    outbox.put(work.tx, key, message.incident, SOURCE, "reply", body, work.at)
    group.answer(work.tx, message.id, state, words, by, work.at)
    work.log(
        replace(
            entry,
            source=SOURCE,
            source_id=message.source_id,
            system=SOURCE,
            key=key,
            text=words,
            facts=(("question", message.faq_id),) if message.faq_id else (),
        )
    )
    if message.incident is not None:
        work.touched.append(message.incident)


def _full(work: Work, id_: int) -> str:
    """A number as residents are told it: it stays the same tomorrow."""
    return full_number(work.tx.district, id_)


def _bare(report: Report) -> Report:
    """A message without what only the group needs."""
    return replace(report, facts={k: v for k, v in report.facts.items() if k != SENDER})


def _sender_id(report: Report) -> str:
    return report.facts.get(SENDER, "") or report.phone


def _moment(report: Report, now: Instant) -> Instant:
    return now if report.occurred is None or report.occurred < 0 else min(report.occurred, now)


# --- what an officer does ------------------------------------------------------------


def need(work: Work, id_: int) -> GroupMessage:
    """A message of the group.

    Raises:
        Problem: there is none.
    """
    found = group.get(work.tx, id_)
    if found is None:
        raise Problem(msg("dingtalk.no_message", id=id_))
    return found


def may_answer(message: GroupMessage) -> None:
    """Raise a `Problem` when a message was answered already."""
    if message.state == group.ANSWERED:
        raise Problem(msg("dingtalk.answered", id=message.id, by=_by(message)))


def may_correct(message: GroupMessage) -> None:
    """Raise a `Problem` when there is no answer that could be corrected."""
    if not message.answer or message.state == group.OPEN:
        raise Problem(msg("dingtalk.not_answered", id=message.id))


def answer(work: Work, id_: int, text: str) -> Message:
    """Answer a message in the group in the seat's name.

    Raises:
        Problem: no words, no such message, or it was answered already (then `correct`).
    """
    message, words = need(work, id_), _words(text)
    may_answer(message)
    state = group.INCIDENT if message.incident is not None else group.ANSWERED
    _tell(work, message, words, state, work.entry("group_answer", message.incident), work.seat)
    return msg("dingtalk.told", id=id_, words=words)


def correct(work: Work, id_: int, text: str) -> Message:
    """Tell the group that the answer was wrong, and what is right.

    Raises:
        Problem: no words, no such message, or nobody answered it yet (then `answer`).
    """
    message, words = need(work, id_), _words(text)
    may_correct(message)
    said = work.rules.faq.say["correction"].format(words=words)
    state = group.INCIDENT if message.incident is not None else group.ANSWERED
    _tell(work, message, said, state, work.entry("group_correct", message.incident), work.seat)
    return msg("dingtalk.told", id=id_, words=said)


def decline(work: Work, id_: int) -> Message:
    """Put a message aside that needs no answer; the group is told nothing.

    Raises:
        Problem: no such message, or it does not wait.
    """
    message = need(work, id_)
    if message.state != group.OPEN:
        raise Problem(msg("dingtalk.not_open", id=id_))
    group.decline(work.tx, id_)
    work.log(
        replace(
            work.entry("group_decline"),
            source=SOURCE,
            source_id=message.source_id,
            text=message.text,
        )
    )
    return msg("dingtalk.declined", id=id_)


def to_incident(work: Work, id_: int, category: str = "") -> Message:
    """Make an incident of a message; the group is told that it was passed on.

    Args:
        work: the transaction.
        id_: of the message.
        category: what it is; "" goes by the words, and what they do not tell is a
            question in the group.

    Raises:
        Problem: no such message, or it is an incident already.
    """
    message = need(work, id_)
    if message.incident is not None:
        number = short_number(message.incident)
        raise Problem(msg("dingtalk.is_incident", id=id_, number=number))
    linked = _to_incident(work, message, category, told=True)
    assert linked.incident is not None
    return msg("dingtalk.passed_on", id=id_, number=short_number(linked.incident))


def _to_incident(work: Work, message: GroupMessage, category: str, *, told: bool) -> GroupMessage:
    from console.desk import intake

    report = Report(
        SOURCE,
        message.source_id,
        message.text,
        message.at,
        category=category,
        caller=message.sender,
        photos=message.photos,
    )
    verdict, _ = intake.understood(work, report, message.at)
    if verdict.category == OTHER or within(verdict.category, OTHER):
        report = replace(report, category=QUESTION)
    taken = intake.file(work, report)
    assert taken.incident is not None  # it has words: it was taken in before
    group.link(work.tx, message.id, taken.incident)
    linked = replace(message, state=group.INCIDENT, incident=taken.incident)
    if told:
        _say_passed_on(work, linked, taken, danger=False)
    return linked


def pass_on_late(work: Work) -> int:
    """Make incidents of the messages that wait longer than ``group.answer``; how many."""
    late = waiting_late(work)
    for message in late:
        _to_incident(work, message, "", told=True)
    return len(late)


def waiting_late(work: Work) -> list[GroupMessage]:
    """Messages that wait for an officer longer than the deadline ``group.answer``."""
    return group.waiting(work.tx, work.at - work.rules.deadlines.span("group.answer"))


def _words(text: str) -> str:
    words = clean(text, LONGEST).text.strip()
    if not words:
        raise Problem(msg("dingtalk.no_words"))
    return words


def _by(message: GroupMessage) -> Message | str:
    return msg("dingtalk.robot") if message.answered_by == group.ROBOT else message.answered_by


def addressee(work: Work, incident: Incident) -> str:
    """Whom an order about an incident speaks to in the group: the ids of those who wrote."""
    messages = reversed(group.of_incident(work.tx, incident.id))
    senders = dict.fromkeys(one.sender_id for one in messages if one.sender_id)
    return ",".join(list(senders)[:MOST_NAMED])


# --- the result ------------------------------------------------------------------------

_OVER = {State.RESOLVED: "result", State.CLOSED: "result", State.CANCELLED: "dropped"}

MATTER = 30
"""Characters of a resident's own words by which the group knows what it is about."""


def result(work: Work, incident: Incident, state: State) -> str:
    """What the group is to hear when an incident that came from it reaches `state`.

    "" when it did not come from the group, or the group has heard it. The officer's own
    words are not in it: they are for the record, and the group is public.
    """
    name = _OVER.get(state)
    messages = group.of_incident(work.tx, incident.id) if name is not None else []
    if name is None or not messages:
        return ""
    for order in outbox.of_incident(work.tx, incident.id):
        withdrawn = order.state == outbox.WITHDRAWN
        if order.system == SOURCE and not order.key.endswith(OWN) and not withdrawn:
            return ""
    number, matter = _full(work, incident.id), messages[-1].text
    matter = matter if len(matter) <= MATTER else matter[:MATTER] + "..."
    outcome = _last_outcome(work, incident)
    if name == "result" and not outcome:
        name = "finished"
    return work.rules.faq.say[name].format(number=number, matter=matter, outcome=outcome)


def _last_outcome(work: Work, incident: Incident) -> str:
    """What came of the last step that could have come out in several ways, in Chinese."""
    playbook = work.playbook(incident)
    runs = incidents.steps_of(work.tx, incident.id) if playbook is not None else ()
    done = [run for run in runs if run.done is not None and run.outcome]
    for run in sorted(done, key=lambda run: (run.done or 0, run.n), reverse=True):
        step = playbook.step(run.step) if playbook is not None else None
        outcome = step.outcome(run.outcome) if step is not None and run.outcome else None
        if step is not None and outcome is not None and len(step.outcomes) > 1:
            return outcome.label.zh
    return ""
