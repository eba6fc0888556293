"""Both languages complete: nothing said without a translation, nothing translated for nobody."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

import pytest

from adapters import dingtalk_callback
from adapters.port import APART, FAULTS
from adapters.secret import REASONS
from console.desk import alerts, import_counts, ruleset
from console.desk.linked import UNHEARD
from console.desk.verbs import VERBS
from console.domain import panels
from console.domain.alarm import AlarmLevel
from console.domain.asked import NUMBERS
from console.domain.fact_words import said_values
from console.domain.figures import INTERVALS, Sums
from console.domain.lifecycle import TRANSITIONS, State
from console.domain.message import Label, Message, msg
from console.domain.order_words import ACTIONS
from console.domain.periods import KINDS as REPORTS
from console.domain.priority import Priority
from console.domain.telling import EVENTS, FACTS, SOURCES
from console.early import THEMES
from console.i18n import LANGUAGES, LOCALE_DIR, Translator, from_locale, normalize
from console.screens.figures import OF_ALL
from console.screens.figures_drawing import KINDS, MORE
from console.screens.help import KEYS, SIGNS
from console.screens.reading import FIELDS
from console.store import group, history, links, outbox
from console.store.schema import Found
from tests.catalogues import (
    Entry,
    Use,
    against_code,
    entries,
    faults,
    given_to,
    uses,
    written_out,
)

ROOT = Path(__file__).parent.parent
CODE = ("console", "adapters", "fixtures")

JOURNALLED = given_to(ROOT, ("console/desk",), "entry") | {history.VERB}
"""What a journal entry can say was done."""

ASKS = {
    ask
    for playbook in ruleset.load().playbooks
    for step in playbook.steps
    for outcome in step.outcomes
    for ask in outcome.asks
}

FAMILIES: Mapping[str, Collection[str]] = {
    "state.{}": [state.value for state in State],
    "state.short.{}": [state.value for state in State],
    "verb.{}": sorted({verb.id for verb in VERBS} | set(TRANSITIONS)),
    "verb.{}.about": [verb.id for verb in VERBS],
    "param.{}": sorted({p.name or p.kind.value for verb in VERBS for p in verb.params}),
    "priority.{}": [str(priority.value) for priority in Priority],
    "timeline.{}": sorted(JOURNALLED),
    "timeline.{}_freed": ["close", "cancel"],
    "source.{}": sorted(SOURCES),
    "outcome.{}": ["answered", "busy", "no_answer"],
    "callback.{}": dingtalk_callback.REASONS,
    "order.{}": [
        outbox.WAITING,
        outbox.SENDING,
        outbox.CONFIRMED,
        outbox.REFUSED,
        outbox.UNKNOWN,
        outbox.WITHDRAWN,
    ],
    "event.{}": sorted(EVENTS),
    "kept.{}": APART,
    "group.state.{}": group.STATES,
    "links.state.{}": [links.NEW, links.OK, links.FAULT],
    "links.todo.{}": [*FAULTS, UNHEARD],
    "link.{}": [links.NEW, links.OK, links.FAULT],
    "link.fault.{}": [*FAULTS, UNHEARD],
    "secrets.{}": REASONS,
    "fact.{}": sorted(FACTS),
    "explain.{}": [verb.id for verb in VERBS],
    "ask.{}": sorted(ASKS | NUMBERS),
    "field.{}": (*FIELDS, "all"),
    "usual.{}": ("day", "hour", "last_hour"),
    "figures.risk.{}": ("open", "closed", "rate", "late"),
    "figures.field.{}": (*panels.FIELDS, "other"),
    "figures.window.{}": panels.WINDOWS,
    "figures.weekday.{}": [str(day) for day in range(1, 8)],
    "figures.by.{}": {*KINDS.values(), *MORE.values(), "town", "place"},
    "figures.sum.{}": Sums.__dataclass_fields__,
    "alarm.level_{}": [str(level.value) for level in AlarmLevel],
    "theme.{}": THEMES,
    "publicity.kind_{}": ["alert", "cancel", "update"],
    "store.{}": [found.value for found in Found if found is not Found.CURRENT],
    "doctor.{}": sorted(given_to(ROOT, ("console",), "Finding")),
    "help.key.{}": KEYS,
    "help.sign.{}": list(SIGNS.values()),
    "help.name.{}": KEYS,
    "report.name.{}": REPORTS,
    "value.{}": sorted(said_values()),
    "action.{}": sorted(ACTIONS),
    "seat.role.{}": ["officer", "supervisor", "reader"],
    "import.count.{}": sorted(
        (
            import_counts.Outcome.__dataclass_fields__.keys()
            | alerts.Brought.__dataclass_fields__.keys()
        )
        - {"notes"}
    ),
    "figures.{}": [
        *(one.name for one in INTERVALS),
        "numbers",
        *OF_ALL,
        *("times", "median", "p90", "p99"),
        *("interval", "median_s", "p90_s", "p99_s"),
    ],
}
"""Ids that are put together: their shape -> what goes into it, from what makes them."""

SAME_IN_BOTH: frozenset[str] = frozenset({"list.separator"})
"""Entries that are not words of the language: signs, names, words of the other language."""

CATALOGUES = {
    lang: entries(LOCALE_DIR / folder / "LC_MESSAGES") for lang, folder in LANGUAGES.items()
}


def none_wrong(wrong: Iterable[str]) -> None:
    """Fail with every line of `wrong`, not with the first ones."""
    if lines := sorted(wrong):
        pytest.fail(f"{len(lines)} wrong:\n" + "\n".join(lines), pytrace=False)


class TestComplete:
    @pytest.mark.parametrize("lang", LANGUAGES)
    def test_code_and_catalogue_agree(self, lang: str) -> None:
        said = uses(ROOT, CODE)
        strings = written_out(ROOT, CODE)
        none_wrong(against_code(CATALOGUES[lang], said, strings, FAMILIES))

    @pytest.mark.parametrize("lang", LANGUAGES)
    def test_every_entry_is_a_sentence_of_its_language(self, lang: str) -> None:
        none_wrong(
            fault
            for entry in CATALOGUES[lang]
            for fault in faults(entry, lang == "zh", SAME_IN_BOTH)
        )

    def test_same_entries_in_the_same_area(self) -> None:
        zh, en = ({(e.file, e.id) for e in CATALOGUES[lang]} for lang in ("zh", "en"))
        none_wrong(f"{id_}: in one language only ({file})" for file, id_ in zh ^ en)

    def test_same_fields(self) -> None:
        zh, en = ({e.id: e.fields for e in CATALOGUES[lang]} for lang in ("zh", "en"))
        assert {id_: (zh[id_], en[id_]) for id_ in zh if zh[id_] != en.get(id_)} == {}

    @pytest.mark.parametrize("lang", LANGUAGES)
    def test_compiled_catalogue_says_it_all(self, lang: str) -> None:
        translator = Translator(lang)
        assert [e.id for e in CATALOGUES[lang] if not translator.has(e.id)] == []


def entry(id_: str, *texts: str) -> Entry:
    return Entry(id_, texts, "x.po")


def use(id_: str, *args: str) -> Use:
    return Use(id_, frozenset(args), "x.py:1")


class TestTheCheckItself:
    """It finds what it is there to find."""

    def test_untranslated(self) -> None:
        assert against_code([], [use("a.b")], (), {}) == ["a.b: not translated (x.py:1)"]

    def test_unused(self) -> None:
        assert against_code([entry("a.b", "x")], [], (), {}) == ["a.b: never said (x.po)"]

    def test_written_out_somewhere_is_used(self) -> None:
        assert against_code([entry("a.b", "x")], [], {"a.b"}, {}) == []

    def test_argument_that_is_not_given(self) -> None:
        wrong = against_code([entry("a.b", "{x} {y}")], [use("a.b", "x")], (), {})
        assert wrong == ["a.b: said without y (x.py:1)"]

    def test_family(self) -> None:
        assert against_code([], [use("a.{}")], (), {}) == ["a.{}: no family of that shape (x.py:1)"]
        known = against_code([entry("a.b", "x")], [use("a.{}")], (), {"a.{}": ["b", "c"]})
        assert known == ["a.c: not translated (family a.{})"]

    def test_twice(self) -> None:
        twice = [entry("a.b", "x"), entry("a.b", "y")]
        assert against_code(twice, [use("a.b")], (), {}) == ["a.b: twice"]

    @pytest.mark.parametrize(
        ("text", "chinese", "fault"),
        [
            ("", True, "empty"),
            ("Nothing was done here", True, "an English sentence"),
            ("Done", True, "not Chinese"),
            ("不能", False, "not English"),
            ("见 {x", True, "a brace that is no field"),
            ("见 {x.y}", True, "a brace that is no field"),
            ("等等…", True, "width depends on the terminal: …"),
            ("没有{x}，看这里", True, "a wide mark: ，"),
        ],
    )
    def test_entry(self, text: str, chinese: bool, fault: str) -> None:
        assert f"a.b: {fault} (x.po)" in faults(entry("a.b", text), chinese, ())

    def test_reads_the_code(self, tmp_path: Path) -> None:
        (tmp_path / "room").mkdir()
        (tmp_path / "room" / "a.py").write_text(
            'msg("a.one", x=1)\nMessage(f"a.{two}")\nt("a.three" if x else "a.four")\n'
            'Message("a.five", found)\nmsg("a.six", **found)\nother("a.seven")\n'
        )
        assert uses(tmp_path, ["room"]) == [
            Use("a.one", frozenset({"x"}), "room/a.py:1"),
            Use("a.{}", frozenset(), "room/a.py:2"),
            Use("a.three", frozenset(), "room/a.py:3"),
            Use("a.four", frozenset(), "room/a.py:3"),
            Use("a.five", None, "room/a.py:4"),
            Use("a.six", None, "room/a.py:5"),
        ]
        assert "a.seven" in written_out(tmp_path, ["room"])
        assert given_to(tmp_path, ["room"], "other") == {"a.seven"}


PO = """msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Language: {lang}\\n"
"Plural-Forms: {plural}\\n"

msgid "x.said"
msgstr "{said}"

msgid "x.units"
msgid_plural "x.units"
{units}

msgid "list.separator"
msgstr "{separator}"
"""


@pytest.fixture
def translator(tmp_path: Path) -> Translator:
    """Chinese, of catalogues made here: two areas of the same language."""
    from hatch_build import compile_catalogue

    texts = {
        "zh_CN": PO.format(
            lang="zh_CN",
            plural="nplurals=1; plural=0;",
            said="{who} 说 {{{what}}} 共 {amount:,} 元",
            units='msgstr[0] "{n} 个力量"',
            separator="、",
        ),
        "en": PO.format(
            lang="en",
            plural="nplurals=2; plural=(n != 1);",
            said="{who} says {{{what}}}, {amount:,} yuan",
            units='msgstr[0] "one unit"\nmsgstr[1] "{n} units"',
            separator=", ",
        ),
    }
    for folder, text in texts.items():
        area = tmp_path / folder / "LC_MESSAGES" / "x.po"
        area.parent.mkdir(parents=True)
        area.write_text(text, encoding="utf-8")
        other = area.with_name("y.po")
        header = text.split('\nmsgid "x.said"')[0]
        other.write_text(f'{header}\nmsgid "y.only"\nmsgstr "y{folder}"\n', encoding="utf-8")
        compile_catalogue(area)
        compile_catalogue(other)
    return Translator("zh", tmp_path)


class TestTranslator:
    def test_fields_and_live_switch(self, translator: Translator) -> None:
        what = msg("x.said", who=Label("张三", "Zhang San"), what=msg("y.only"), amount=400000)
        assert translator.t(what) == "张三 说 {yzh_CN} 共 400,000 元"
        translator.set_language("en")
        assert translator.lang == "en"
        assert translator.t(what) == "Zhang San says {yen}, 400,000 yuan"

    def test_arguments_are_never_parsed(self, translator: Translator) -> None:
        said = translator.t("x.said", who="{what} {0.__class__}", what="%s {", amount="[/] {n}")
        assert said == "{what} {0.__class__} 说 {%s {} 共 [/] {n} 元"

    def test_plural(self, translator: Translator) -> None:
        assert translator.t("x.units", n=1) == "1 个力量"
        translator.set_language("en")
        assert [translator.t("x.units", n=n) for n in (0, 1, 2)] == [
            "0 units",
            "one unit",
            "2 units",
        ]

    def test_tuples_labels_and_nothing(self, translator: Translator) -> None:
        assert translator.t(("a", Label("乙", "b"), msg("y.only"), None)) == "a、乙、yzh_CN、-"
        assert translator.t(Label("甲", "a")) == "甲"

    def test_missing_entry_shows_what_was_meant(self, translator: Translator) -> None:
        assert translator.t("z.unknown") == "z.unknown"
        assert translator.t("z.unknown", n=2, x=Label("甲", "a")) == "z.unknown (n=2, x=甲)"
        assert not translator.has("z.unknown")
        assert translator.has("x.units")

    def test_missing_argument_shows_what_there_is(self, translator: Translator) -> None:
        assert translator.t("x.said", who="甲") == "x.said (who=甲)"
        assert translator.t("x.units") == "x.units"

    def test_message_takes_further_arguments(self, translator: Translator) -> None:
        what = Message("x.said", {"who": "甲", "what": "乙"})
        assert translator.t(what, amount=1) == "甲 说 {乙} 共 1 元"

    def test_unknown_language(self, translator: Translator) -> None:
        with pytest.raises(KeyError):
            translator.set_language("fr")
        assert translator.lang == "zh"


class TestLanguageOfThePerson:
    @pytest.mark.parametrize(
        ("name", "lang"),
        [("zh_CN.UTF-8", "zh"), ("zh-Hans", "zh"), ("EN", "en"), ("fr", None), ("", None)],
    )
    def test_names(self, name: str, lang: str | None) -> None:
        assert normalize(name) == lang

    @pytest.mark.parametrize(
        ("env", "lang"),
        [
            ({}, "zh"),
            ({"LANG": "C.UTF-8"}, "zh"),
            ({"LANG": "de_DE.UTF-8"}, "en"),
            ({"LANG": "en_GB", "LC_ALL": "zh_CN"}, "zh"),
            ({"LANG": "zh_CN", "LC_ALL": "POSIX"}, "zh"),
        ],
    )
    def test_locale(self, env: dict[str, str], lang: str) -> None:
        assert from_locale(env) == lang
