"""Help (F1): generated from the verbs, so that it cannot say anything else than they do."""

from __future__ import annotations

from textual.app import ComposeResult

from console.desk.verb import Verb
from console.desk.verbs import VERBS
from console.domain.writing import fold
from console.i18n import Translator
from console.screens.drawing import MINE, OTHERS
from console.screens.page import Page
from widgets.cells import cell_len, fit, wrap
from widgets.lines import LinesView
from widgets.pane import Line, Span

WIDE = 110
"""Cells from which a verb and its sentence stand on one line."""

FIRST, SECOND, PINYIN, KEY = 15, 13, 13, 7
"""Cells of a verb's names and key, a gap behind each."""

FIRST_ZH = 19
"""Cells of what may be typed in Chinese, with what the verb is called."""

EXAMPLE, LONGEST, SENTENCE = 31, 49, 60
"""Cells of an example, at least and at most; what its sentence has before an example has more."""

KEYS = ("enter", "digits", "arrows", "typing", "tab", "escape", "history", "search", "edit")
"""Keys that belong to no verb; each has a sentence ``help.key.<id>``."""


SIGNS = {
    "!": "overdue",
    "+": "new",
    MINE: "mine",
    OTHERS: "others",
    ">": "step",
    "1! 2* 3- 4.": "levels",
    "x3": "reports",
    "-5m": "late_left",
    "-": "unread",
    "..": "more",
    "^ v": "usual",
    "~": "rounded",
    "+ ! ? -": "link",
    "o . - * !": "map",
}
"""Signs of the screens; each has a sentence ``help.sign.<id>``."""


class HelpPage(Page):
    """The help as a page that scrolls."""

    how = "help.how"

    about = ""
    """The verb that was asked for; "" for everything."""

    def compose(self) -> ComposeResult:
        """One pane."""
        yield LinesView(scrolls=True, id="help-lines")

    @property
    def home(self) -> LinesView:
        """The pane."""
        return self.query_one("#help-lines", LinesView)

    def opened(self, words: str = "") -> None:
        """Show everything, or one verb."""
        super().opened()
        self.about = words
        self.relabel()

    def relabel(self) -> None:
        """Write the page anew."""
        self.home.set_title(self.words.t("help.title"))
        self.home.set_lines(help_lines(self.words, self.about, max(60, self.app.size.width - 1)))


def help_lines(words: Translator, about: str = "", width: int = 120) -> list[Line]:
    """The help page, or what one verb does.

    Args:
        words: the translator.
        about: a verb's name in any language, or its beginning; "" for everything.
        width: cells that a line may have; with few of them the sentence goes below.
    """
    t = words.t
    lines: list[Line] = []
    wanted = fold(about)
    chosen = [
        verb
        for verb in VERBS
        if not wanted or any(fold(name).startswith(wanted) for name in verb.names.all)
    ]
    if not wanted:
        lines += [[(part, "text")] for part in wrap(t("help.intro"), width)]
        lines.append("")
        lines.append([(t("help.keys"), "title")])
        for key in KEYS:
            for n, part in enumerate(wrap(t(f"help.key.{key}"), width - 16)):
                name = f"  {t(f'help.name.{key}')}" if n == 0 else ""
                lines.append([(fit(name, 16), "key"), (part, "text")])
        lines.append("")
        lines.append([(t("help.signs"), "title")])
        for sign, meant in SIGNS.items():
            lines.append([(fit(f"  {sign}", 16), "key"), (t(f"help.sign.{meant}"), "text")])
        lines.append("")
        lines.append([(t("help.verbs"), "title")])
    if not chosen:
        lines.append([(t("help.none", words=about), "warn")])
    for verb in chosen:
        lines += _verb_lines(words, verb, width)
        if wanted:
            lines.append([(f"    {t('help.example')} ", "dim"), (_example(words, verb), "accent")])
    return lines


def _verb_lines(words: Translator, verb: Verb, width: int) -> list[Line]:
    names = verb.names
    first, second, width_first = names.en, names.zh, FIRST
    if words.lang == "zh":
        # What may be typed is short; what it is called stands beside it.
        called = words.t(verb.label)
        first, second, width_first = names.zh, names.en, FIRST_ZH
        if called != first and cell_len(f"  {first} {called}") < width_first:
            first = f"{first} {called}"
    head: list[Span] = [
        (f"{fit(f'  {first}', width_first - 1)} ", "key"),
        (f"{fit(second, SECOND - 1)} ", "text"),
        (f"{fit(names.pinyin, PINYIN - 1)} ", "dim"),
        (fit(verb.key, KEY), "key"),
    ]
    example = _example(words, verb)
    about = words.t(verb.about)
    if width >= WIDE:
        names_and_key = width_first + SECOND + PINYIN + KEY
        shown = max(EXAMPLE, min(LONGEST, width - names_and_key - SENTENCE))
        room = width - names_and_key - shown
        parts = wrap(about, room) or [""]
        lines: list[Line] = [[*head, (f"{fit(example, shown - 1)} ", "accent"), (parts[0], "text")]]
        lines += [[(" " * (names_and_key + shown), "text"), (part, "text")] for part in parts[1:]]
        return lines
    lines = [[*head, (example, "accent")]]
    lines += [[("    ", "text"), (part, "dim")] for part in wrap(about, width - 4)]
    return lines


def _example(words: Translator, verb: Verb) -> str:
    return verb.example[0 if words.lang == "zh" else 1]
