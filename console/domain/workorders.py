"""Work orders of 12345, city management and the four platforms: stages, clocks, limits.

受理 - 派单 - 签收 - 办理 - 答复 - 办结 - 回访 - 评价; beside them 退回, 延期, 催办, 督办, 二次转办.

Sources: the rules by which 12345 hotlines count (five working days; in one local rule
three for questions and help, thirteen for complaints and proposals), extension of at most
ten working days, return at most twice; urged before the order is due, supervised after,
named in the notice of the next working day. The spans are ``workorder.<kind>`` of
``deadlines.toml``, the limits ``[workorders]`` of ``systems.toml``. The clock is the
resident's: a return does not stop it.

All moments are ms UTC; working days are counted by the calendar of the deadlines.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum, StrEnum

from console.domain.clock import Instant, Span
from console.domain.deadlines import Deadlines
from console.domain.message import Message, Problem, msg
from console.domain.tables import Table


class Stage(Enum):
    """Where an order stands, in the order in which it gets there."""

    RECEIVED = 1
    ASSIGNED = 2
    SIGNED = 3
    HANDLING = 4
    ANSWERED = 5
    FINISHED = 6
    CALLED_BACK = 7
    RATED = 8

    @property
    def label(self) -> Message:
        """Its name as a message."""
        return _STAGES[self]


class Deed(StrEnum):
    """What can be done to an order."""

    ASSIGN = "assign"
    SIGN = "sign"
    HANDLE = "handle"
    ANSWER = "answer"
    FINISH = "finish"
    CALL_BACK = "call_back"
    RATE = "rate"
    RETURN = "return"
    EXTEND = "extend"
    REASSIGN = "reassign"
    URGE = "urge"
    SUPERVISE = "supervise"

    @property
    def label(self) -> Message:
        """Its name as a message."""
        return _DEEDS[self]


class Attention(StrEnum):
    """What the clock of an order asks of the center."""

    NONE = "none"
    URGE = "urge"
    SUPERVISE = "supervise"
    NOTICE = "notice"


_STAGES: Mapping[Stage, Message] = {
    Stage.RECEIVED: msg("workorder.received"),
    Stage.ASSIGNED: msg("workorder.assigned"),
    Stage.SIGNED: msg("workorder.signed"),
    Stage.HANDLING: msg("workorder.handling"),
    Stage.ANSWERED: msg("workorder.answered"),
    Stage.FINISHED: msg("workorder.finished"),
    Stage.CALLED_BACK: msg("workorder.called_back"),
    Stage.RATED: msg("workorder.rated"),
}
_DEEDS: Mapping[Deed, Message] = {
    Deed.ASSIGN: msg("workorder.do.assign"),
    Deed.SIGN: msg("workorder.do.sign"),
    Deed.HANDLE: msg("workorder.do.handle"),
    Deed.ANSWER: msg("workorder.do.answer"),
    Deed.FINISH: msg("workorder.do.finish"),
    Deed.CALL_BACK: msg("workorder.do.call_back"),
    Deed.RATE: msg("workorder.do.rate"),
    Deed.RETURN: msg("workorder.do.return"),
    Deed.EXTEND: msg("workorder.do.extend"),
    Deed.REASSIGN: msg("workorder.do.reassign"),
    Deed.URGE: msg("workorder.do.urge"),
    Deed.SUPERVISE: msg("workorder.do.supervise"),
}
_RUNNING = frozenset({Stage.RECEIVED, Stage.ASSIGNED, Stage.SIGNED, Stage.HANDLING, Stage.ANSWERED})
_FROM: Mapping[Deed, frozenset[Stage]] = {
    Deed.ASSIGN: frozenset({Stage.RECEIVED}),
    Deed.SIGN: frozenset({Stage.ASSIGNED}),
    Deed.HANDLE: frozenset({Stage.SIGNED}),
    Deed.ANSWER: frozenset({Stage.HANDLING}),
    Deed.FINISH: frozenset({Stage.ANSWERED}),
    Deed.CALL_BACK: frozenset({Stage.FINISHED}),
    Deed.RATE: frozenset({Stage.CALLED_BACK}),
    # Who has begun to handle it can no longer say that it is not theirs.
    Deed.RETURN: frozenset({Stage.ASSIGNED, Stage.SIGNED}),
    Deed.EXTEND: frozenset({Stage.SIGNED, Stage.HANDLING}),
    Deed.REASSIGN: frozenset({Stage.CALLED_BACK, Stage.RATED}),
    Deed.URGE: _RUNNING,
    Deed.SUPERVISE: _RUNNING,
}
_TO: Mapping[Deed, Stage] = {
    Deed.ASSIGN: Stage.ASSIGNED,
    Deed.SIGN: Stage.SIGNED,
    Deed.HANDLE: Stage.HANDLING,
    Deed.ANSWER: Stage.ANSWERED,
    Deed.FINISH: Stage.FINISHED,
    Deed.CALL_BACK: Stage.CALLED_BACK,
    Deed.RATE: Stage.RATED,
    Deed.RETURN: Stage.RECEIVED,
    Deed.REASSIGN: Stage.ASSIGNED,
}
KINDS = ("consult", "help", "complaint", "report", "proposal", "case")
"""咨询, 求助, 投诉, 举报, 建议, and a case of city management or a grid worker."""


@dataclass(frozen=True, slots=True)
class WorkOrderRules:
    """The limits: returns, working days of extension, and when urging begins (ms)."""

    returns: int
    extension_days: int
    urge_before: Span


@dataclass(frozen=True, slots=True)
class WorkOrder:
    """One order. `extended` is in working days; `round` is 2 when it was passed on again."""

    kind: str
    stage: Stage
    opened: Instant
    due: Instant
    returns: int = 0
    extended: int = 0
    urged: int = 0
    supervised: int = 0
    round: int = 1

    @property
    def running(self) -> bool:
        """Whether its clock still runs: it is not finished."""
        return self.stage in _RUNNING


def deadline_of(kind: str) -> str:
    """The id of the deadline for orders of `kind`."""
    return f"workorder.{kind}"


def open_order(kind: str, at: Instant, deadlines: Deadlines) -> WorkOrder:
    """An order of `kind` (one of `KINDS`) that comes in at `at`."""
    return WorkOrder(kind, Stage.RECEIVED, at, deadlines.due(deadline_of(kind), at))


def why_not(
    order: WorkOrder, deed: Deed, at: Instant, rules: WorkOrderRules, days: int = 1
) -> Message | None:
    """Why `deed` is not lawful at `at`; None when it is.

    `days` is by how many working days an extension is asked for.
    """
    if order.stage not in _FROM[deed]:
        return msg("workorder.not_from", deed=deed.label, stage=order.stage.label)
    late = at >= order.due
    if deed is Deed.RETURN and order.returns >= rules.returns:
        return msg("workorder.no_more_returns", n=rules.returns)
    if deed is Deed.EXTEND:
        if late:
            return msg("workorder.too_late_to_extend")
        if days < 1 or order.extended + days > rules.extension_days:
            return msg("workorder.extension_too_long", n=rules.extension_days - order.extended)
    if deed is Deed.URGE and late:
        return msg("workorder.urge_before")
    if deed is Deed.SUPERVISE and not late:
        return msg("workorder.supervise_after")
    return None


def lawful(order: WorkOrder, at: Instant, rules: WorkOrderRules) -> tuple[Deed, ...]:
    """What may be done at `at`."""
    return tuple(deed for deed in Deed if why_not(order, deed, at, rules) is None)


def act(
    order: WorkOrder,
    deed: Deed,
    at: Instant,
    rules: WorkOrderRules,
    deadlines: Deadlines,
    days: int = 1,
) -> WorkOrder:
    """The order after `deed` at `at`; an extension is by `days` working days.

    Raises:
        Problem: it is not lawful, with the reason; nothing was changed.
    """
    if (reason := why_not(order, deed, at, rules, days)) is not None:
        raise Problem(reason)
    order = replace(order, stage=_TO.get(deed, order.stage))
    match deed:
        case Deed.RETURN:
            return replace(order, returns=order.returns + 1)
        case Deed.EXTEND:
            due = deadlines.calendar.add_days(order.due, days, deadlines.zone)
            return replace(order, extended=order.extended + days, due=due)
        case Deed.URGE:
            return replace(order, urged=order.urged + 1)
        case Deed.SUPERVISE:
            return replace(order, supervised=order.supervised + 1)
        case Deed.REASSIGN:
            # A new round has its own clock; what was used up stays used up.
            due = deadlines.due(deadline_of(order.kind), at)
            return replace(order, due=due, round=order.round + 1)
        case _:
            return order


def attention(
    order: WorkOrder, now: Instant, rules: WorkOrderRules, deadlines: Deadlines
) -> Attention:
    """What the order's clock asks for at `now`."""
    if not order.running or now < order.due - rules.urge_before:
        return Attention.NONE
    if now < order.due:
        return Attention.URGE
    if now < deadlines.calendar.add_days(order.due, 1, deadlines.zone):
        return Attention.SUPERVISE
    return Attention.NOTICE


def read_workorders(table: Table) -> WorkOrderRules:
    """Read ``[workorders]`` of ``systems.toml``."""
    rules = WorkOrderRules(
        table.number("returns", least=0),
        table.number("extension_days", least=0, most=3_650),
        table.span("urge_before", positive=True),
    )
    table.end()
    return rules
