"""The catalogues against the code: what is said but not translated, translated but never said.

Ids are found by reading the code (``ast``), not by running it. An id written out is seen
wherever it stands; one that is put together (``Message(f"state.{value}")``) belongs to a
*family*, whose members the test names (`FAMILIES` in ``test_ground_catalogues.py``).
"""

from __future__ import annotations

import ast
import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from babel.messages.pofile import read_po

SAYERS = frozenset({"Message", "msg", "t"})
"""Calls whose first argument is a message's id."""

ID = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_-]+)+")
FIELD = re.compile(r"\{\{|\}\}|\{([a-z_][a-z0-9_]*)(?::[^{}]*)?\}")
ENGLISH = re.compile(r"[A-Za-z']{2,}(?: [A-Za-z']+){2,}")
CHINESE = re.compile(r"[\u4e00-\u9fff]")


WIDE_MARKS = frozenset("，：；（）？！")
"""On the screen they are narrow, with a space behind them, in either language."""

WRITTEN = "report.po"
"""What is printed has the marks of an official document."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a catalogue: its texts are one, or one a plural form."""

    id: str
    texts: tuple[str, ...]
    file: str

    @property
    def fields(self) -> frozenset[str]:
        """Names of the fields in any of its texts."""
        return frozenset(m[1] for text in self.texts for m in FIELD.finditer(text) if m[1])


@dataclass(frozen=True, slots=True)
class Use:
    """One place where something is said.

    `id` holds ``{}`` for each part that is put together. `args` is None when the
    arguments cannot be read from the code.
    """

    id: str
    args: frozenset[str] | None
    where: str


def entries(folder: Path) -> list[Entry]:
    """The entries of every ``.po`` file in `folder`."""
    found = []
    for path in sorted(folder.glob("*.po")):
        with path.open("rb") as file:
            catalogue = read_po(file, abort_invalid=True)
        for message in catalogue:
            if message.id:
                ids, texts = _forms(message.id), _forms(message.string)
                if message.fuzzy:
                    texts = ("",)
                found.append(Entry(ids[0], texts, path.name))
    return found


def _forms(text: object) -> tuple[str, ...]:
    return tuple(map(str, text)) if isinstance(text, tuple | list) else (str(text),)


def uses(root: Path, folders: Iterable[str]) -> list[Use]:
    """Everything that the code below `root` says, by reading it."""
    found: list[Use] = []
    for folder in folders:
        for path in sorted((root / folder).rglob("*.py")):
            found.extend(_uses(path.read_text("utf-8"), path.relative_to(root).as_posix()))
    return found


def _uses(source: str, name: str) -> Iterator[Use]:
    for node in ast.walk(ast.parse(source)):
        if not (isinstance(node, ast.Call) and node.args):
            continue
        if _called(node) not in SAYERS:
            continue
        where = f"{name}:{node.lineno}"
        for id_ in _ids(node.args[0]):
            yield Use(id_, _arguments(node), where)


def _called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def _ids(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        yield "".join(str(p.value) if isinstance(p, ast.Constant) else "{}" for p in node.values)
    elif isinstance(node, ast.IfExp):
        yield from _ids(node.body)
        yield from _ids(node.orelse)


def _arguments(node: ast.Call) -> frozenset[str] | None:
    names = [word.arg for word in node.keywords if word.arg != "args"]
    if len(node.args) > 1 or None in names or len(names) < len(node.keywords):
        return None  # handed on as a mapping
    return frozenset(name for name in names if name)


def written_out(root: Path, folders: Iterable[str]) -> frozenset[str]:
    """Every string in the code that has the form of a message's id."""
    return frozenset(
        node.value
        for folder in folders
        for path in (root / folder).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and ID.fullmatch(node.value)
    )


def given_to(root: Path, folders: Iterable[str], name: str) -> frozenset[str]:
    """Every string that the code writes out as the first argument of a call of `name`."""
    return frozenset(
        id_
        for folder in folders
        for path in (root / folder).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and node.args and _called(node) == name
        for id_ in _ids(node.args[0])
    )


def against_code(
    catalogue: Collection[Entry],
    said: Collection[Use],
    strings: Collection[str],
    families: Mapping[str, Collection[str]],
) -> list[str]:
    """What is wrong between one language's entries and the code; empty when all is well."""
    by_id = {entry.id: entry for entry in catalogue}
    count = Counter(entry.id for entry in catalogue)
    wrong = [f"{id_}: twice" for id_, times in count.items() if times > 1]
    wanted: dict[str, str] = {}
    for use in said:
        if "{}" not in use.id:
            wanted.setdefault(use.id, use.where)
            entry = by_id.get(use.id)
            if entry and use.args is not None and not entry.fields <= use.args:
                missing = ", ".join(sorted(entry.fields - use.args))
                wrong.append(f"{use.id}: said without {missing} ({use.where})")
        elif use.id not in families:
            wrong.append(f"{use.id}: no family of that shape ({use.where})")
    shapes = {use.id for use in said}
    for shape, members in families.items():
        if shape not in shapes:
            wrong.append(f"{shape}: nobody says anything of this family")
        for member in members:
            wanted.setdefault(shape.format(*member.split("|")), f"family {shape}")
    wrong += [
        f"{id_}: not translated ({where})" for id_, where in wanted.items() if id_ not in by_id
    ]
    wrong += [
        f"{entry.id}: never said ({entry.file})"
        for entry in catalogue
        if entry.id not in wanted and entry.id not in strings
    ]
    return sorted(wrong)


def faults(entry: Entry, chinese: bool, names: Collection[str]) -> list[str]:
    """What is wrong with one entry by itself.

    Args:
        chinese: whether it is of the Chinese catalogue.
        names: ids whose text is the same in any language, or shows the other one.
    """
    wrong = []
    for text in entry.texts:
        bare = FIELD.sub("", text)
        if not text.strip() and entry.id not in names:
            wrong.append("empty")
        if text == entry.id:
            wrong.append("the id instead of a sentence")
        if "{" in bare or "}" in bare:
            wrong.append("a brace that is no field")
        if wide := {c for c in text if unicodedata.east_asian_width(c) == "A"}:
            wrong.append(f"width depends on the terminal: {' '.join(sorted(wide))}")
        if entry.id in names:
            continue
        if entry.file != WRITTEN and (marks := WIDE_MARKS.intersection(text)):
            wrong.append(f"a wide mark: {' '.join(sorted(marks))}")
        if chinese and ENGLISH.search(bare):
            wrong.append("an English sentence")
        if chinese and re.search(r"[A-Za-z]{2}", bare) and not CHINESE.search(bare):
            wrong.append("not Chinese")
        if not chinese and CHINESE.search(bare):
            wrong.append("not English")
    return [f"{entry.id}: {what} ({entry.file})" for what in wrong]
