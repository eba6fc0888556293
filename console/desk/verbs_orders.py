"""Verbs of a work order: sent back, given more time, urged, supervised, called back about.

What may be done when, and how often, is `console.domain.workorders`.
"""

from __future__ import annotations

from console.desk.verb import Kind, Names, Param, Verb, WorkVerb

_INCIDENT = Param(Kind.INCIDENT, required=False)


class Return(WorkVerb):
    """Send the order back: it is not ours."""

    id = "return"
    names = Names("退回", "return", "tuihui", "退回工单, return the order")
    params = (_INCIDENT, Param(Kind.TEXT))
    example = ("退回 #42 不属本单位职责", "return #42 not our matter")
    does = "console.desk.act.workorders:send_back"
    previews = "console.desk.act.workorders:would_send_back"


class Extend(WorkVerb):
    """Ask for more working days."""

    id = "extend"
    names = Names("延期", "extend", "yanqi", "申请延期")
    params = (_INCIDENT, Param(Kind.DAYS), Param(Kind.TEXT))
    example = ("延期 #42 5 需多部门会商", "extend #42 5 several departments must agree")
    does = "console.desk.act.workorders:extend"
    previews = "console.desk.act.workorders:would_extend"


class Urge(WorkVerb):
    """Urge those who handle it, before it is due."""

    id = "urge"
    names = Names("催办", "urge", "cuiban", "催促")
    params = (_INCIDENT, Param(Kind.TEXT, required=False))
    example = ("催办 #42", "urge #42")
    does = "console.desk.act.workorders:urge"
    previews = "console.desk.act.workorders:would_urge"


class Supervise(WorkVerb):
    """Have it supervised, once it is late."""

    id = "supervise"
    names = Names("督办", "supervise", "duban")
    params = (_INCIDENT, Param(Kind.TEXT, required=False))
    roles = frozenset({"supervisor", "officer"})
    example = ("督办 #42", "supervise #42")
    does = "console.desk.act.workorders:supervise"
    previews = "console.desk.act.workorders:would_supervise"


class Callback(WorkVerb):
    """Call whoever told of it, and write down how content they are."""

    id = "callback"
    names = Names("回访", "callback", "huifang", "回访评价, call back")
    params = (_INCIDENT, Param(Kind.OUTCOME), Param(Kind.TEXT, required=False))
    example = ("回访 #42 满意", "callback #42 satisfied")
    does = "console.desk.act.workorders:call_back"


ORDER_VERBS: tuple[type[Verb], ...] = (Return, Extend, Urge, Supervise, Callback)
