"""Reading a plan of faults for the simulated systems: TOML in, faults out.

[[fault]]
kind = "busy"                # see fixtures.backends.faults.KINDS
systems = ["fraudguard"]     # left out: every system
from = "10s"                 # since the simulation began
to = "30s"                   # left out: to its end
every = "2min"               # left out: once
share = 0.5                  # left out: every request
"""

from __future__ import annotations

from pathlib import Path

from adapters import systems
from console.domain.clock import SECOND
from console.domain.message import Problem, msg
from console.domain.tables import Document
from fixtures.backends.faults import KINDS, Fault


def read_plan(path: Path) -> tuple[Fault, ...]:
    """The faults of a file.

    Raises:
        Problem: it cannot be read, or has mistakes: each with its line.
    """
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Problem(msg("faults.unreadable", path=str(path), reason=str(error))) from error
    document = Document(text, path.name)
    made: list[Fault] = []
    for table in document.root.tables("fault") if not document.faults else ():
        kind = table.text("kind")
        if kind not in KINDS:
            table.complain("kind", msg("faults.no_kind", word=kind, known=KINDS))
        named = table.texts("systems")
        for system in named:
            if system not in systems.ORDER:
                table.complain("systems", msg("links.no_system", name=system))
        made.append(
            Fault(
                kind,
                named,
                table.span("from") / SECOND if "from" in table else 0.0,
                table.span("to", positive=True) / SECOND if "to" in table else float("inf"),
                table.span("every", positive=True) / SECOND if "every" in table else 0.0,
                table.decimal("share", 1.0, least=0.0),
            )
        )
        table.end()
    document.root.end()
    if document.faults:
        found = sorted(document.faults, key=lambda fault: fault.line)
        raise Problem(
            msg("faults.mistakes", n=len(found), faults=tuple(one.message() for one in found))
        )
    return tuple(made)
