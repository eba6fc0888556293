"""Verbs about the residents' group (钉管用) and the mobile app (心无忧).

A message of the group is named by its number, which the group's page shows.
"""

from __future__ import annotations

from console.desk.verb import EVERYBODY, Kind, Names, Param, Verb


class Group(Verb):
    """The page of the residents' group."""

    id = "group"
    names = Names("钉管用", "group", "dingguanyong", "居民群, 看居民群, residents' group")
    key = "f7"
    roles = EVERYBODY
    example = ("钉管用", "group")


class Answer(Verb):
    """Answer a message in the group."""

    id = "answer"
    names = Names("答", "answer", "da", "答复, 答复群消息, 回复, reply, dafu, huifu")
    params = (Param(Kind.TEXT, name="answer"),)
    example = ("答 12 明天上午九点在社区广场", "answer 12 tomorrow at nine, community square")
    does = "console.desk.act.group:answer"
    previews = "console.desk.act.group:would_answer"


class Correct(Verb):
    """Say in the group that an answer was wrong, and what is right."""

    id = "correct"
    names = Names("更正", "correct", "gengzheng", "更正答复")
    params = (Param(Kind.TEXT, name="answer"),)
    example = ("更正 12 周末不办理, 周一再来", "correct 12 closed at the weekend, come on Monday")
    does = "console.desk.act.group:correct"
    previews = "console.desk.act.group:would_correct"


class Intake(Verb):
    """Make an incident of a message."""

    id = "intake"
    names = Names("转警情", "intake", "zhuanjing", "群消息转警情, make incident")
    params = (Param(Kind.TEXT, name="intake"),)
    example = ("转警情 12", "intake 12")
    does = "console.desk.act.group:intake"
    previews = "console.desk.act.group:would_intake"


class Decline(Verb):
    """Put a message aside that needs no answer."""

    id = "decline"
    names = Names("免复", "decline", "mianfu", "no answer")
    params = (Param(Kind.TEXT, name="message"),)
    example = ("免复 12", "decline 12")
    does = "console.desk.act.group:decline"
    previews = "console.desk.act.group:would_decline"


class Bulletin(Verb):
    """Tell the residents something, in the app and in the group."""

    id = "bulletin"
    names = Names("告", "bulletin", "gao", "通告, 发通告, tonggao")
    params = (Param(Kind.TEXT),)
    example = ("告 今晚台风, 请收好阳台物品", "bulletin typhoon tonight, clear your balconies")
    does = "console.desk.act.group:bulletin"
    confirms = True


class Recruit(Verb):
    """Call for volunteers, in the app and in the group."""

    id = "recruit"
    names = Names("招", "recruit", "zhao", "招募, zhaomu")
    params = (Param(Kind.TEXT),)
    example = ("招 周六晚平安巡逻10人", "recruit ten for the patrol on Saturday night")
    does = "console.desk.act.group:recruit"
    confirms = True


class Points(Verb):
    """Points of a resident: given, redeemed, taken back."""

    id = "points"
    names = Names("分", "points", "fen", "积分, 发积分, 发放积分, 扣减积分, jifen")
    params = (
        Param(Kind.INCIDENT, required=False, free=True),
        Param(Kind.TEXT, required=False, name="points"),
    )
    example = ("分 租客登记 13800000000", "points tenant 13800000000")
    does = "console.desk.act.points:points"
    previews = "console.desk.act.points:would_points"


GROUP_VERBS: tuple[type[Verb], ...] = (
    Group,
    Answer,
    Correct,
    Intake,
    Decline,
    Bulletin,
    Recruit,
    Points,
)
"""In the order in which the help shows them."""
