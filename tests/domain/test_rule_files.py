"""Every file of rules that ships, with a mistake anywhere in it: it is told, with its line.

The mistakes are made of the files themselves, so that a table or a key that comes later is asked,
too: a key that nobody knows, a value of another kind, a key or a whole line that is missing.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator
from functools import cache

import pytest

from console.desk.ruleset import SHIPPED, _naming
from console.domain.categories import parse_categories
from console.domain.deadlines import parse_deadlines
from console.domain.dispatching import parse_run_cards
from console.domain.duplicates import parse_duplicates
from console.domain.faq_file import parse_faq
from console.domain.mapping import MappingProblem
from console.domain.mapping_file import parse_mapping
from console.domain.periods import parse_shifts
from console.domain.playbook_file import parse_playbook
from console.domain.report_rules import parse_reports
from console.domain.results import parse_results
from console.domain.risk_fields import parse_fields
from console.domain.risk_map_file import parse_risk_map
from console.domain.standards import parse_standards
from console.domain.system_rules import parse_systems
from console.domain.tables import Fault
from console.domain.triage_file import parse_triage
from console.domain.workdays import parse_workdays
from console.i18n import Translator
from tests.domain.shipped import rules

PLAIN: dict[str, Callable[[str, str], tuple[object, list[Fault]]]] = {
    "categories.toml": parse_categories,
    "deadlines.toml": parse_deadlines,
    "workdays.toml": parse_workdays,
    "duplicates.toml": parse_duplicates,
    "run_cards.toml": parse_run_cards,
    "faq.toml": parse_faq,
    "standards.toml": parse_standards,
    "shifts.toml": parse_shifts,
    "reports.toml": parse_reports,
}

FILES = sorted(path.relative_to(SHIPPED).as_posix() for path in SHIPPED.rglob("*.toml"))


@cache
def shipped(name: str) -> str:
    """The text of a file as it ships."""
    return (SHIPPED / name).read_text("utf-8")


def faults(name: str, text: str) -> list[Fault]:
    """What is wrong with the file when it holds `text`; the others are as they ship."""
    known = rules()
    if name in PLAIN:
        return PLAIN[name](text, name)[1]
    match name.split("/")[0]:
        case "playbooks":
            return parse_playbook(text, name)[1]
        case "triage":
            texts = [(text if one == name else shipped(one), one) for one in FILES]
            triage = [(words, one) for words, one in texts if one.startswith("triage/")]
            return parse_triage(triage, known.categories)[1]
        case "systems.toml":
            departments = known.triage.departments
            return parse_systems(text, name, known.categories, departments, known.deadlines)[1]
        case "fields.toml":
            books = {one.id for one in known.playbooks}
            return parse_fields(text, name, known.categories, books)[1]
        case "results.toml":
            return parse_results(text, name, _naming(known.categories, known.playbooks))[1]
        case "risk_map.toml":
            return parse_risk_map(text, name, known.gazetteer)[1]
        case "mappings":
            try:
                parse_mapping(text, name, known.categories.nodes)
            except MappingProblem as problem:
                return list(problem.faults)
            return []
    raise AssertionError(f"nobody reads {name}")


_HEADER = re.compile(r"\[{1,2}([\w.\"-]+)\]{1,2}\s*(#.*)?$")
_VALUE = re.compile(r"([\w-]+) = (.+)$")


ALIKE = ("categories.toml", "deadlines.toml", "faq.toml", "triage/departments.toml")
"""Files whose tables are all of a kind, and many: those of each depth are asked once."""


def _kind(name: str, table: str) -> str:
    return str(table.count(".")) if name in ALIKE else table


def tables(name: str) -> Iterator[tuple[int, str]]:
    """The line of each kind of table (of an array, the first), and its header."""
    seen = set()
    for number, line in enumerate(shipped(name).splitlines(), 1):
        header = _HEADER.match(line)
        if header and header[1].startswith(("incident.", "unit.")) and header[1].endswith(".map"):
            continue  # its keys are the words of a source
        if header and _kind(name, header[1]) not in seen:
            seen.add(_kind(name, header[1]))
            yield number, header[1]


def values(name: str) -> Iterator[tuple[int, str, str]]:
    """The line, the key and the value of each kind of key that stands whole on a line."""
    seen, table = set(), ""
    for number, line in enumerate(shipped(name).splitlines(), 1):
        header, value = _HEADER.match(line), _VALUE.match(line)
        if header:
            table = _kind(name, header[1])
        elif value and (table, value[1]) not in seen and _whole(line):
            seen.add((table, value[1]))
            yield number, value[1], value[2]


def _whole(line: str) -> bool:
    try:
        tomllib.loads(line)
    except tomllib.TOMLDecodeError:
        return False
    return True


def with_line(name: str, number: int, line: str | None) -> str:
    """The file with another line in place of one (from 1); without it for None."""
    lines = shipped(name).splitlines()
    lines[number - 1 : number] = [] if line is None else [line]
    return "\n".join(lines)


@cache
def translator(lang: str) -> Translator:
    """What says a mistake."""
    return Translator(lang)


def said(found: list[Fault]) -> None:
    """Each mistake can be read, in both languages."""
    for fault in found:
        for lang in ("zh", "en"):
            words = translator(lang).t(fault.message())
            assert fault.file in words
            assert fault.reason.id not in words, words


def test_what_ships_is_sound() -> None:
    assert {name for name in FILES if faults(name, shipped(name))} == set()


@pytest.mark.parametrize("name", FILES)
def test_a_key_that_nobody_knows_is_told(name: str) -> None:
    untold = []
    for number, table in tables(name):
        line = shipped(name).splitlines()[number - 1]
        found = faults(name, with_line(name, number, f"{line}\nsurely_unknown = 1"))
        said(found)
        if not any(f.line in (number, number + 1) for f in found):
            untold.append((number, table))
    assert untold == []


@pytest.mark.parametrize("name", FILES)
def test_a_value_of_another_kind_is_told(name: str) -> None:
    untold = []
    for number, key, value in values(name):
        for other in ("1979-05-27", "[[]]")[number % 2 :][:1]:
            found = faults(name, with_line(name, number, f"{key} = {other}"))
            said(found)
            if not any(f.line == number for f in found):
                untold.append((number, key, value, other))
    assert untold == []


@pytest.mark.parametrize("name", FILES)
def test_a_file_without_one_of_its_lines_is_read_or_its_mistake_told(name: str) -> None:
    for number, _key, _value in values(name):
        found = faults(name, with_line(name, number, None))
        said(found)
        assert all(f.line >= 1 and f.file in FILES for f in found)
