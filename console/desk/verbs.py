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
from console.desk.verbs_seats import SEAT_VERBS
from console.domain.incident import Incident, wants_call_back
from console.domain.lifecycle import OPEN, State, state_label
from console.domain.message import Message, msg

_INCIDENT = Param(Kind.INCIDENT, required=False)
_OUTCOME = Param(Kind.OUTCOME, required=False)
_TEXT = Param(Kind.TEXT, required=False)


class Accept(Verb):
    id = "accept"
    names = Names(
        "接",
        "accept",
        "jie",
        "签收, 接警, 受理, 接单, 接案, 受理签收, 建卷签收, take, sign, qianshou, jiejing",
    )
    params = (_INCIDENT,)
    example = ("接 42", "accept 42")
    does = "console.desk.act.life:accept"
    lifecycle = "accept"

    def blocked(self, incident: Incident) -> Message | None:
        if incident.state in (State.ACCEPTED, State.ACTIVE):
            return msg("accept.taken", number=incident.short, seat=incident.seat)
        return super().blocked(incident)

    def refused(self, incident: Incident, seat: str) -> Message | None:
        reason = self.blocked(incident)
        if reason is not None and reason.id == "accept.taken" and incident.seat == seat:
            return msg("accept.own", number=incident.short)
        return reason


class Dispatch(WorkVerb):
    id = "dispatch"
    names = Names(
        "派",
        "dispatch",
        "pai",
        "派警, 派遣, 处警, 出警, 派力量, 派出, 调派, 派员, 派车, 派出增援, send, assign, paijing, "
        "paiqian, chujing",
    )
    params = (_INCIDENT, Param(Kind.UNITS, required=False))
    example = ("派 42 P12 E301", "dispatch 42 P12 E301")
    does = "console.desk.act.units:dispatch"


class Status(Verb):
    id = "status"
    names = Names("态", "status", "tai", "状态, 报状态, zhuangtai, set the status")
    params = (Param(Kind.UNIT), Param(Kind.STATUS))
    roles = OFFICERS | {"unit"}
    example = ("P12 到场", "P12 on scene")
    does = "console.desk.act.units:status"


class Note(Verb):
    id = "note"
    names = Names(
        "记",
        "note",
        "ji",
        "记录, 备注, 反馈, 记事, 处置反馈, 现场反馈, log, comment, remark, feedback, jilu, "
        "beizhu, fankui",
    )
    params = (_INCIDENT, Param(Kind.TEXT))
    roles = OFFICERS | {"unit"}
    example = ("记 #42 三楼有人", "note #42 people on the third floor")
    does = "console.desk.act.life:note"


class Call(WorkVerb):
    id = "call"
    names = Names(
        "电",
        "call",
        "dian",
        "电话, 打电话, 拨打, 致电, 联系力量, 劝阻电话, phone, telephone, ring, dial, dianhua",
    )
    params = (_INCIDENT, Param(Kind.OUTCOME), _TEXT)
    example = ("电 #42 占线", "call #42 busy")
    does = "console.desk.act.life:call"


class Done(WorkVerb):
    id = "done"
    names = Names("办", "done", "ban", "办步骤, 办理, 完成, complete, tick, tick off a step")
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
    names = Names(
        "级",
        "level",
        "jibie",
        "定等级, 等级, 升级, 降级, 改等级, 定级, priority, dengji, shengji, set the priority",
    )
    params = (_INCIDENT, Param(Kind.PRIORITY), _TEXT)
    example = ("级 #42 2", "level #42 2")
    does = "console.desk.act.life:level"

    def blocked(self, incident: Incident) -> Message | None:
        return _open_only(self, incident)


class Alarm(WorkVerb):
    id = "alarm"
    names = Names(
        "火级",
        "alarm",
        "huoji",
        "定火警等级, 火警等级, 火警定级, 调整火警等级, alarm level, set the alarm level",
    )
    params = (_INCIDENT, Param(Kind.ALARM), _TEXT)
    example = ("火级 #42 3", "alarm #42 3")
    does = "console.desk.act.life:alarm"

    def blocked(self, incident: Incident) -> Message | None:
        if incident.field != "fire":
            return msg("alarm.not_fire", number=incident.short)
        return super().blocked(incident)


class Transfer(Verb):
    id = "transfer"
    names = Names("转", "transfer", "zhuan", "转办, 转交, 转派, refer, zhuanban, pass on")
    params = (_INCIDENT, Param(Kind.SYSTEM), _TEXT)
    example = ("转 #42 四平台", "transfer #42 platform4")
    does = "console.desk.act.life:transfer"
    lifecycle = "transfer"
    confirms = True


class Merge(Verb):
    id = "merge"
    names = Names("并", "merge", "bing", "并案, 合并, 并入, combine, bingan, hebing")
    params = (Param(Kind.INCIDENTS),)
    example = ("并 42 43 47", "merge 42 43 47")
    does = "console.desk.act.merging:merge"
    lifecycle = "merge"


class Split(Verb):
    id = "split"
    names = Names("拆", "split", "chai", "拆分, 拆开, 分案, separate, chaifen")
    params = (Param(Kind.INCIDENTS),)
    example = ("拆 43 47", "split 43 47")
    does = "console.desk.act.merging:split"

    def blocked(self, incident: Incident) -> Message | None:
        if incident.state is not State.MERGED:
            return msg("split.not_merged", number=incident.short)
        return None


class Apart(Verb):
    id = "apart"
    names = Names("不并", "apart", "bubing", "判为两件事, 不合并, 不并案, keep apart")
    params = (Param(Kind.INCIDENTS),)
    example = ("不并 42 43", "apart 42 43")
    does = "console.desk.act.merging:apart"


class Resolve(Verb):
    id = "resolve"
    names = Names(
        "毕", "resolve", "bi", "处置完毕, 办毕, 处毕, resolved, finish, finished, chuzhiwanbi"
    )
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
    names = Names("结", "close", "jiean", "办结, 结案, 归档, closed, archive, banjie, guidang")
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
    names = Names("复开", "reopen", "fukai", "重新受理, 重开, 重新打开, chongxinshouli, open again")
    params = (_INCIDENT, _TEXT)
    example = ("复开 #42 又起火", "reopen #42 burning again")
    does = "console.desk.act.life:reopen"
    lifecycle = "reopen"


class Cancel(Verb):
    id = "cancel"
    names = Names("取消", "cancel", "quxiao", "撤销, 作废, 撤案, void, chexiao, zuofei")
    params = (_INCIDENT, Param(Kind.TEXT))
    example = ("取消 #42 测试电话", "cancel #42 test call")
    does = "console.desk.act.life:cancel"
    lifecycle = "cancel"
    confirms = True


class Check(Verb):
    id = "check"
    names = Names("查岗", "check", "chagang", "报平安, 安全确认, safe, baopingan, check in")
    params = (Param(Kind.UNIT),)
    roles = OFFICERS | {"unit"}
    example = ("查岗 P12", "check P12")
    does = "console.desk.act.units:check"


class New(Verb):
    id = "new"
    names = Names(
        "新",
        "new",
        "xin",
        "新建, 新建警情, 新警情, 接警登记, 登记警情, create, xinjian, take a call",
    )
    params = (Param(Kind.CATEGORY, required=False), _TEXT)
    key = "ctrl+n"
    example = ("新 火警 金城路88号 三楼冒烟", "new fire smoke at 88 Jincheng Road")
    does = "console.desk.act.taking:new"


class Find(Verb):
    id = "find"
    names = Names(
        "查",
        "find",
        "cha",
        "查找, 查询, 搜索, 搜寻, 寻找, 检索, 找, 搜, search, query, chazhao, chaxun, sousuo, "
        "look up",
    )
    params = (Param(Kind.WORDS),)
    key = "ctrl+f"
    roles = EVERYBODY
    example = ("查 新塘 育才路 12", "find Yucai Road 12")


class Select(Verb):
    """Show one incident: a number typed alone is this verb."""

    id = "select"
    names = Names(
        "选中",
        "select",
        "xuanzhong",
        "选中警情, 看, 查看, 打开, 跳到, 定位, show, open, goto, go to, select an incident",
    )
    params = (Param(Kind.INCIDENT),)
    roles = EVERYBODY
    example = ("42", "42")


class Filter(Verb):
    id = "filter"
    names = Names("筛", "filter", "shai", "筛选, 过滤, shaixuan")
    params = (Param(Kind.WORDS, required=False),)
    roles = EVERYBODY
    example = ("筛 火 北干 超时", "filter fire Beigan overdue")


class Undo(Verb):
    id = "undo"
    names = Names("撤", "undo", "che", "撤回, 回退, revert, rollback, chehui, take back")
    key = "ctrl+z"
    example = ("撤", "undo")
    does = "console.desk.act.undoing:undo"
    previews = "console.desk.act.undoing:would_undo"
    confirms = True


class Seen(Verb):
    id = "seen"
    names = Names("知悉", "seen", "zhixi", "已知悉, 知道了, mark as seen")
    key = "ctrl+s"
    roles = EVERYBODY
    example = ("知悉", "seen")


class Help(Verb):
    id = "help"
    names = Names("帮助", "help", "bangzhu", "看帮助, ?, show help")
    params = (Param(Kind.WORDS, required=False),)
    key = "f1"
    roles = EVERYBODY
    example = ("帮助 派", "help dispatch")


class Watch(Verb):
    id = "watch"
    names = Names("值守", "watch", "zhishou", "到值守屏, 值守屏, show the watch screen")
    key = "f2"
    roles = EVERYBODY
    example = ("值守", "watch")


class Units(Verb):
    id = "units"
    names = Names("力量", "units", "liliang", "看全部力量, 全部力量, show all units")
    key = "f12"
    roles = EVERYBODY
    example = ("力量", "units")


class Palette(Verb):
    id = "palette"
    names = Names("命令", "palette", "mingling", "列出命令, commands, list the commands")
    key = "ctrl+p"
    roles = EVERYBODY
    example = ("命令", "palette")


class Language(Verb):
    id = "language"
    names = Names("语言", "language", "yuyan", "换语言, change the language")
    params = (Param(Kind.LANGUAGE, required=False),)
    key = "ctrl+l"
    roles = EVERYBODY
    example = ("语言 en", "language zh")


class Theme(Verb):
    id = "theme"
    names = Names("主题", "theme", "zhuti", "换主题, change the theme")
    params = (Param(Kind.THEME, required=False),)
    key = "ctrl+t"
    roles = EVERYBODY
    example = ("主题 亮", "theme light")


class Quit(Verb):
    id = "quit"
    names = Names("退出", "quit", "tuichu", "exit")
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
    *SEAT_VERBS,
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
    Select,
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
