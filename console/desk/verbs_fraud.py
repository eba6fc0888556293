"""Verbs against fraud: who is it, go to the door, tell the family, warn a firm, hold the money;
and whose call it is, 110's or 12345's.
"""

from __future__ import annotations

from console.desk.verb import Kind, Names, Param, Verb
from console.domain.incident import Incident
from console.domain.lifecycle import State
from console.domain.message import Message, msg
from console.domain.stops import stops_of

_INCIDENT = Param(Kind.INCIDENT, required=False)


class _Work(Verb):
    """A verb that works on an incident; the first action on a new one accepts it by the way."""

    lifecycle = "work"

    def blocked(self, incident: Incident) -> Message | None:
        return None if incident.state is State.NEW else super().blocked(incident)


class _Money(_Work):
    """A verb about an account whose payment was stopped."""

    def blocked(self, incident: Incident) -> Message | None:
        if not stops_of(incident.facts):
            return msg("stops.none_here", verb=self.label, number=incident.short)
        return super().blocked(incident)


class Research(_Work):
    id = "research"
    names = Names("研判", "research", "yanpan")
    params = (_INCIDENT, Param(Kind.TEXT, required=False, name="subject"))
    example = ("研判 #42 13800001111", "research #42 13800001111")
    does = "console.desk.act.fraud:research"
    previews = "console.desk.act.fraud:would_research"


class Evidence(_Work):
    id = "evidence"
    names = Names("调证", "evidence", "diaozheng", "调证清单, evidence list")
    params = (_INCIDENT, Param(Kind.TEXT, required=False))
    example = ("调证 #42", "evidence #42")
    does = "console.desk.act.fraud:evidence"


class Visit(_Work):
    id = "visit"
    names = Names("访", "visit", "fang", "上门")
    params = (_INCIDENT, Param(Kind.UNITS, required=False))
    example = ("访 42 P12", "visit 42 P12")
    does = "console.desk.act.fraud:visit"
    previews = "console.desk.act.fraud:would_visit"


class Family(_Work):
    id = "family"
    names = Names("告知家属", "family", "gaozhijiashu", "tell the family")
    params = (_INCIDENT, Param(Kind.TEXT))
    example = ("告知家属 #42 女儿 已说明", "family #42 daughter informed")
    does = "console.desk.act.fraud:family"


class WarnFirm(_Work):
    id = "warn-firm"
    names = Names("警企提醒", "warn-firm", "jingqitixing", "warn by firm")
    params = (_INCIDENT, Param(Kind.TEXT, name="firm"))
    example = ("警企提醒 #42 某购物平台 提醒该用户", "warn-firm #42 ShopFast warn the user")
    does = "console.desk.act.fraud:warn_firm"


class BlockFirm(_Work):
    id = "block-firm"
    names = Names("警企拦截", "block-firm", "jingqilanjie", "block by firm")
    params = (_INCIDENT, Param(Kind.TEXT, name="firm"))
    example = (
        "警企拦截 #42 某电信 拦截主叫 0571-00000000",
        "block-firm #42 Telecom block the caller",
    )
    does = "console.desk.act.fraud:block_firm"
    confirms = True


class StopPayment(_Work):
    id = "stop-payment"
    names = Names("止付", "stop-payment", "zhifu", "申请止付, 紧急止付, stop payment")
    params = (_INCIDENT, Param(Kind.TEXT, name="stop"))
    example = (
        "止付 #42 6222020200112233445 工行 400000",
        "stop-payment #42 6222020200112233445 ICBC 400000",
    )
    does = "console.desk.act.payments:stop_payment"
    previews = "console.desk.act.payments:would_stop"


class ExtendStop(_Money):
    id = "extend-stop"
    names = Names("续止付", "extend-stop", "xuzhifu", "extend stop")
    params = (_INCIDENT, Param(Kind.TEXT, required=False, name="account"))
    example = ("续止付 #42", "extend-stop #42")
    does = "console.desk.act.payments:extend_stop"
    previews = "console.desk.act.payments:would_extend"


class Freeze(_Money):
    id = "freeze"
    names = Names("冻结", "freeze", "dongjie")
    params = (_INCIDENT, Param(Kind.TEXT, required=False, name="account"))
    example = ("冻结 #42", "freeze #42")
    does = "console.desk.act.payments:freeze"
    previews = "console.desk.act.payments:would_freeze"


class Release(_Money):
    id = "release"
    names = Names("解冻", "release", "jiedong")
    params = (_INCIDENT, Param(Kind.TEXT, required=False, name="account"))
    example = ("解冻 #42", "release #42")
    does = "console.desk.act.payments:release"
    previews = "console.desk.act.payments:would_release"
    confirms = True


class ReturnMoney(_Money):
    id = "return-money"
    names = Names("返还", "return-money", "fanhuan", "return money")
    params = (_INCIDENT, Param(Kind.TEXT, required=False, name="account"))
    example = ("返还 #42", "return-money #42")
    does = "console.desk.act.payments:return_money"
    previews = "console.desk.act.payments:would_return"
    confirms = True


class Route(Verb):
    id = "route"
    names = Names("分流", "route", "fenliu")
    params = (_INCIDENT, Param(Kind.TEXT, required=False, name="agreed"))
    example = ("分流 #42", "route #42")
    does = "console.desk.act.routing:route_call"
    previews = "console.desk.act.routing:would_route"
    lifecycle = "transfer"
    confirms = True


FRAUD_VERBS: tuple[type[Verb], ...] = (
    Research,
    Evidence,
    Visit,
    Family,
    WarnFirm,
    BlockFirm,
    StopPayment,
    ExtendStop,
    Freeze,
    Release,
    ReturnMoney,
    Route,
)
"""In the order in which the help shows them."""
