"""The verb that writes a report."""

from __future__ import annotations

from console.desk.verb import Kind, Names, Param, Verb


class Report(Verb):
    """The written report of a shift, a day, a week or a month."""

    id = "report"
    names = Names("报告", "report", "baogao", "写报告, write the report")
    params = (Param(Kind.WORDS, required=False, name="report"),)
    example = ("报告 日报 docx", "report day docx")
    previews = "console.desk.asking:preview"


REPORT_VERBS: tuple[type[Verb], ...] = (Report,)
"""In the order in which the help shows them."""
