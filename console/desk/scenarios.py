"""Scenario files: from YAML on disk to a `Scenario`, or a sentence that names the line.

Scalars stay as they were written; the reader of each key says what they are. So
``00:01:10`` is a span and not a number to the base of sixty, and nothing in a file
can make the program build an object.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from console.domain.message import Problem, msg
from console.domain.scenario import Scenario
from console.domain.scenario_file import parse
from console.domain.scenario_nodes import Fields, Items, Node, Scalar, fault

if TYPE_CHECKING:
    from yaml.events import Event, ScalarEvent

_CONTEXT = 8
"""So many characters on each side of a line break say which one it is."""

MAX_DEPTH = 20
"""Deeper than any scenario is: a file that goes on is a mistake or an attack."""


def load(path: Path, kinds: Collection[str] = ()) -> Scenario:
    """Read a scenario file.

    Args:
        path: the file, UTF-8.
        kinds: categories that the background stream can make; `mix` is checked
            against them when they are given.

    Raises:
        Problem: the file cannot be read, or there is a mistake in it; the sentence
            names file, line and reason.
    """
    try:
        text = path.read_text("utf-8-sig")
    except OSError as error:
        raise Problem(
            msg("scenario.unreadable", file=str(path), reason=error.strerror or str(error))
        ) from error
    except UnicodeDecodeError as error:
        raise Problem(msg("scenario.not_utf8", file=str(path))) from error
    return read(text, path.name, kinds)


def read(text: str, file: str, kinds: Collection[str] = ()) -> Scenario:
    """Read a scenario from the text of a file; as `load` otherwise."""
    # Imported here: half the cost of the program's start, for a file that few runs read.
    import yaml

    try:
        events = yaml.parse(text, Loader=yaml.SafeLoader)
        root = _document(iter(events), file, text.split("\n"))
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        reason = msg("scenario.not_yaml", said=error.problem or "")
        raise fault(file, line, reason) from error
    except yaml.YAMLError as error:
        raise fault(file, 1, msg("scenario.not_yaml", said=str(error).splitlines()[0])) from error
    return parse(root, file, kinds)


def _document(events: Iterator[Event], file: str, lines: Sequence[str]) -> Node:
    from yaml import events as y

    root: Node | None = None
    for event in events:
        if isinstance(event, (y.StreamStartEvent, y.StreamEndEvent, y.DocumentEndEvent)):
            continue
        if isinstance(event, y.DocumentStartEvent):
            if root is not None:
                raise fault(file, _line(event), msg("scenario.two_documents"))
            root = _node(next(events), events, file, lines, 0)
    if root is None or (isinstance(root, Scalar) and not root.text):
        raise fault(file, 1, msg("scenario.empty"))
    return root


def _node(
    event: Event, events: Iterator[Event], file: str, lines: Sequence[str], depth: int
) -> Node:
    from yaml import events as y

    line = _line(event)
    if depth > MAX_DEPTH:
        raise fault(file, line, msg("scenario.too_deep"))
    # An alias would let a few lines stand for millions.
    if isinstance(event, y.NodeEvent) and event.anchor is not None:
        raise fault(file, line, msg("scenario.no_alias"))
    if isinstance(event, y.ScalarEvent):
        return Scalar(line, _unfolded(event, lines))
    if isinstance(event, y.SequenceStartEvent):
        items: list[Node] = []
        while not isinstance(inner := next(events), y.SequenceEndEvent):
            items.append(_node(inner, events, file, lines, depth + 1))
        return Items(line, tuple(items))
    entries: list[tuple[Scalar, Node]] = []
    while not isinstance(inner := next(events), y.MappingEndEvent):
        key = _node(inner, events, file, lines, depth + 1)
        if not isinstance(key, Scalar):
            raise fault(file, key.line, msg("scenario.not_text"))
        entries.append((key, _node(next(events), events, file, lines, depth + 1)))
    return Fields(line, tuple(entries))


def _unfolded(event: ScalarEvent, lines: Sequence[str]) -> str:
    """The text of a scalar, without the spaces that folding has put into Chinese.

    YAML makes a space of a line break; between two Chinese characters nobody would
    write one. A space that stands in the file stays.
    """
    text, start, end = event.value, event.start_mark, event.end_mark
    if start is None or end is None or start.line == end.line or event.style == "|":
        return text
    raw = [lines[start.line][start.column :], *lines[start.line + 1 : end.line + 1]]
    for before, after in pairwise(line.strip().strip("\"'") for line in raw):
        if before and after and _is_wide(before[-1]) and _is_wide(after[0]):
            left, right = before[-_CONTEXT:], after[:_CONTEXT]
            text = text.replace(f"{left} {right}", left + right, 1)
    return text


def _is_wide(char: str) -> bool:
    """Whether it is written without spaces around it: Chinese, and its punctuation."""
    return unicodedata.east_asian_width(char) in ("W", "F")


def _line(event: Event) -> int:
    mark = event.start_mark
    return mark.line + 1 if mark else 1
