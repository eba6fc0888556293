"""One mutant: a site of a module by its number, the sample of them, and its changed code."""

from __future__ import annotations

import ast
import random
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from types import CodeType

from bench.mutants.sites import sites

ROOT = Path(__file__).parent.parent.parent
ROOMS = ("console/domain", "console/desk")


@dataclass(frozen=True)
class Mutant:
    """A change of one module. `path` is relative to the tree, `number` the site's place."""

    path: str
    number: int
    function: str
    first_line: int
    line: int
    operator: str
    was: str
    becomes: str
    key: str
    """What it is without line numbers: the same as long as its function's text is."""

    @property
    def module(self) -> str:
        """The dotted name of what is changed."""
        return module_name(self.path)

    def code(self) -> CodeType:
        """The changed module, compiled."""
        return changed((ROOT / self.path).read_text("utf-8"), str(ROOT / self.path), self.number)


def module_name(path: str) -> str:
    """``console/desk/act/life.py`` -> ``console.desk.act.life``."""
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def changed(text: str, path: str, number: int) -> CodeType:
    """A module's text with one site changed, compiled."""
    tree = ast.parse(text, path)
    sites(tree)[number].change()
    return compile(ast.fix_missing_locations(tree), path, "exec", dont_inherit=True)


def mutants(path: str, text: str) -> list[Mutant]:
    """All mutants of a module."""
    found = []
    seen: Counter[str] = Counter()
    for number, site in enumerate(sites(ast.parse(text, path))):
        key = f"{path}|{site.function}|{site.operator}|{site.was}|{site.becomes}"
        found.append(
            Mutant(
                path,
                number,
                site.function,
                site.first_line,
                site.line,
                site.operator,
                site.was,
                site.becomes,
                f"{key}|{seen[key]}",
            )
        )
        seen[key] += 1
    return found


def modules(rooms: Iterable[str] = ROOMS) -> list[str]:
    """The modules of the rooms, relative to the tree, sorted."""
    found = (path for room in rooms for path in (ROOT / room).rglob("*.py"))
    return sorted(path.relative_to(ROOT).as_posix() for path in found)


def sample(texts: dict[str, str], size: int, seed: int) -> list[Mutant]:
    """At least `size` mutants, from each module as many as its share of all lines is.

    Which of a module's are taken is decided by the seed and by what each one is, not by
    where it stands: a change elsewhere in a module leaves the others in the sample.
    """
    lines = {path: text.count("\n") for path, text in texts.items()}
    total = sum(lines.values())
    chosen = []
    for path, text in sorted(texts.items()):
        wanted = -(-size * lines[path] // total)
        chosen += sorted(
            mutants(path, text), key=lambda one: random.Random(f"{seed}|{one.key}").random()
        )[:wanted]
    return chosen
