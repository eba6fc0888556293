"""The registry: every verb there is. Keys, command line, completion, palette, help,
``zhiban do`` and the audit text all come from here; nothing can be done outside it.
"""

from __future__ import annotations

from console.desk.verb import EVERYBODY, OFFICERS, Kind, Names, Param, Verb, WorkVerb
from console.desk.verbs_figures import FIGURES_VERBS
from console.desk.verbs_followed import FOLLOWED_VERBS
from console.desk.verbs_fraud import FRAUD_VERBS
from console.desk.verbs_group import GROUP_VERBS
from console.desk.verbs_links import LINK_VERBS
from console.desk.verbs_map import MAP_VERBS
from console.desk.verbs_orders import ORDER_VERBS
from console.desk.verbs_reports import REPORT_VERBS
from console.domain.incident import Incident, wants_call_back
from console.domain.lifecycle import OPEN, State, state_label
from console.domain.message import Message, msg

_INCIDENT = Param(Kind.INCIDENT, required=False)
_OUTCOME = Param(Kind.OUTCOME, required=False)
_TEXT = Param(Kind.TEXT, required=False)


class Accept(Verb):
    id = "accept"
    names = Names("接", "accept", "jie")
    params = (_INCIDENT,)
    example = ("接 42", "accept 42")
    does = "console.desk.act.life:accept"
    lifecycle = "accept"

    def blocked(self, incident: Incident) -> Message | None:
        if incident.state in (State.ACCEPTED, State.ACTIVE):
            return msg("accept.taken", number=incident.short, seat=incident.seat)
        return super().blocked(incident)


class Dispatch(WorkVerb):
    id = "dispatch"
    names = Names("派", "dispatch", "pai")
    params = (_INCIDENT, Param(Kind.UNITS, required=False))
    example = ("派 42 P12 E301", "dispatch 42 P12 E301")
    does = "console.desk.act.units:dispatch"


class Status(Verb):
    id = "status"
    names = Names("态", "status", "tai")
    params = (Param(Kind.UNIT), Param(Kind.STATUS))
    roles = OFFICERS | {"unit"}
    example = ("P12 到场", "P12 on scene")
    does = "console.desk.act.units:status"


class Note(Verb):
    id = "note"
    names = Names("记", "note", "ji")
    params = (_INCIDENT, Param(Kind.TEXT))
    roles = OFFICERS | {"unit"}
    example = ("记 #42 三楼有人", "note #42 people on the third floor")
    does = "console.desk.act.life:note"


class Call(WorkVerb):
    id = "call"
    names = Names("电", "call", "dian")
    params = (_INCIDENT, Param(Kind.OUTCOME), _TEXT)
    example = ("电 #42 占线", "call #42 busy")
    does = "console.desk.act.life:call"


class Done(WorkVerb):
    id = "done"
    names = Names("办", "done", "ban")
    params = (
        _INCIDENT,
        Param(Kind.STEP),
        _OUTCOME,
        Param(Kind.MONEY, required=False),
        _TEXT,
    )
    example = ("办 #42 核查 属实", "done #42 verify true")
    does = "console.desk.act.life:done"


class Level(Verb):
    id = "level"
    names = Names("级", "level", "jibie")
    params = (_INCIDENT, Param(Kind.PRIORITY), _TEXT)
    example = ("级 #42 2", "level #42 2")
    does = "console.desk.act.life:level"

    def blocked(self, incident: Incident) -> Message | None:
        return _open_only(self, incident)


class Alarm(WorkVerb):
    id = "alarm"
    names = Names("火级", "alarm", "huoji")
    params = (_INCIDENT, Param(Kind.ALARM), _TEXT)
    example = ("火级 #42 3", "alarm #42 3")
    does = "console.desk.act.life:alarm"

    def blocked(self, incident: Incident) -> Message | None:
        if incident.field != "fire":
            return msg("alarm.not_fire", number=incident.short)
        return super().blocked(incident)


class Transfer(Verb):
    id = "transfer"
    names = Names("转", "transfer", "zhuan")
    params = (_INCIDENT, Param(Kind.SYSTEM), _TEXT)
    example = ("转 #42 四平台", "transfer #42 platform4")
    does = "console.desk.act.life:transfer"
    lifecycle = "transfer"
    confirms = True


class Merge(Verb):
    id = "merge"
    names = Names("并", "merge", "bing")
    params = (Param(Kind.INCIDENTS),)
    example = ("并 42 43 47", "merge 42 43 47")
    does = "console.desk.act.merging:merge"
    lifecycle = "merge"


class Split(Verb):
    id = "split"
    names = Names("拆", "split", "chai")
    params = (Param(Kind.INCIDENTS),)
    example = ("拆 43 47", "split 43 47")
    does = "console.desk.act.merging:split"

    def blocked(self, incident: Incident) -> Message | None:
        if incident.state is not State.MERGED:
            return msg("split.not_merged", number=incident.short)
        return None


class Apart(Verb):
    id = "apart"
    names = Names("不并", "apart", "bubing")
    params = (Param(Kind.INCIDENTS),)
    example = ("不并 42 43", "apart 42 43")
    does = "console.desk.act.merging:apart"


class Resolve(Verb):
    id = "resolve"
    names = Names("毕", "resolve", "bi")
    params = (
        _INCIDENT,
        Param(Kind.RESULT, required=False),
        Param(Kind.MONEY, required=False),
        _TEXT,
    )
    example = ("毕 42", "resolve 42")
    does = "console.desk.act.life:resolve"
    lifecycle = "resolve"


class Close(Verb):
    id = "close"
    names = Names("结", "close", "jiean")
    params = (_INCIDENT, _TEXT)
    example = ("结 #42 误报", "close #42 false alarm")
    does = "console.desk.act.life:close"
    lifecycle = "close"
    confirms = True

    def blocked(self, incident: Incident) -> Message | None:
        if wants_call_back(incident) and incident.state is not State.TRANSFERRED:
            return msg("close.call_back_first", number=incident.short)
        return super().blocked(incident)


class Reopen(Verb):
    id = "reopen"
    names = Names("复开", "reopen", "fukai")
    params = (_INCIDENT, _TEXT)
    example = ("复开 #42 又起火", "reopen #42 burning again")
    does = "console.desk.act.life:reopen"
    lifecycle = "reopen"


class Cancel(Verb):
    id = "cancel"
    names = Names("取消", "cancel", "quxiao")
    params = (_INCIDENT, Param(Kind.TEXT))
    example = ("取消 #42 测试电话", "cancel #42 test call")
    does = "console.desk.act.life:cancel"
    lifecycle = "cancel"
    confirms = True


class Check(Verb):
    id = "check"
    names = Names("查岗", "check", "chagang")
    params = (Param(Kind.UNIT),)
    roles = OFFICERS | {"unit"}
    example = ("查岗 P12", "check P12")
    does = "console.desk.act.units:check"


class New(Verb):
    id = "new"
    names = Names("新", "new", "xin")
    params = (Param(Kind.CATEGORY, required=False), _TEXT)
    key = "ctrl+n"
    example = ("新 火警 金城路88号 三楼冒烟", "new fire smoke at 88 Jincheng Road")
    does = "console.desk.act.taking:new"


class Find(Verb):
    id = "find"
    names = Names("查", "find", "cha")
    params = (Param(Kind.WORDS),)
    key = "ctrl+f"
    roles = EVERYBODY
    example = ("查 新塘 育才路 12", "find Yucai Road 12")


class Filter(Verb):
    id = "filter"
    names = Names("筛", "filter", "shai")
    params = (Param(Kind.WORDS, required=False),)
    roles = EVERYBODY
    example = ("筛 火 北干 超时", "filter fire Beigan overdue")


class Undo(Verb):
    id = "undo"
    names = Names("撤", "undo", "che")
    key = "ctrl+z"
    example = ("撤", "undo")
    does = "console.desk.act.undoing:undo"
    previews = "console.desk.act.undoing:would_undo"
    confirms = True


class Seen(Verb):
    id = "seen"
    names = Names("知悉", "seen", "zhixi")
    key = "ctrl+s"
    roles = EVERYBODY
    example = ("知悉", "seen")


class Help(Verb):
    id = "help"
    names = Names("帮助", "help", "bangzhu")
    params = (Param(Kind.WORDS, required=False),)
    key = "f1"
    roles = EVERYBODY
    example = ("帮助 派", "help dispatch")


class Watch(Verb):
    id = "watch"
    names = Names("值守", "watch", "zhishou")
    key = "f2"
    roles = EVERYBODY
    example = ("值守", "watch")


class Units(Verb):
    id = "units"
    names = Names("力量", "units", "liliang")
    key = "f12"
    roles = EVERYBODY
    example = ("力量", "units")


class Palette(Verb):
    id = "palette"
    names = Names("命令", "palette", "mingling")
    key = "ctrl+p"
    roles = EVERYBODY
    example = ("命令", "palette")


class Language(Verb):
    id = "language"
    names = Names("语言", "language", "yuyan")
    params = (Param(Kind.LANGUAGE, required=False),)
    key = "ctrl+l"
    roles = EVERYBODY
    example = ("语言 en", "language zh")


class Theme(Verb):
    id = "theme"
    names = Names("主题", "theme", "zhuti")
    params = (Param(Kind.THEME, required=False),)
    key = "ctrl+t"
    roles = EVERYBODY
    example = ("主题 亮", "theme light")


class Quit(Verb):
    id = "quit"
    names = Names("退出", "quit", "tuichu")
    key = "ctrl+q"
    roles = EVERYBODY
    example = ("退出", "quit")
    confirms = True


_ALL: tuple[type[Verb], ...] = (
    Accept,
    Dispatch,
    Status,
    Note,
    Call,
    Done,
    Level,
    Alarm,
    Transfer,
    Merge,
    Split,
    Apart,
    Resolve,
    Close,
    Reopen,
    Cancel,
    Check,
    New,
    Find,
    Filter,
    Undo,
    Seen,
    Help,
    Watch,
    Units,
    Palette,
    Language,
    Theme,
    Quit,
    *FIGURES_VERBS,
    *FOLLOWED_VERBS,
    *FRAUD_VERBS,
    *GROUP_VERBS,
    *LINK_VERBS,
    *MAP_VERBS,
    *ORDER_VERBS,
    *REPORT_VERBS,
)

VERBS: tuple[Verb, ...] = tuple(verb() for verb in _ALL)
"""Every verb, in the order in which the help shows them."""

BY_ID: dict[str, Verb] = {verb.id: verb for verb in VERBS}


def _open_only(verb: Verb, incident: Incident) -> Message | None:
    if incident.state in OPEN:
        return None
    return msg(
        "lifecycle.not_from",
        verb=verb.label,
        state=state_label(incident.state),
        number=incident.short,
        seat=incident.seat,
    )
