"""The command line's grammar: what an officer types becomes commands, or mistakes in words.

``VERB [INCIDENT] ARGUMENTS``. The verb is Chinese, English or pinyin; an exact name wins,
else an unambiguous beginning. The incident is ``#42``, the full number, or left out for the
selected one; a bare ``42`` is one only where no free text can follow. A line that begins
with a unit's call sign is a status line. `` ; `` joins commands.

Nothing here changes anything, and no line makes it fail: whatever is typed is answered
with a command or with a sentence. Headless, and used by the screen at every keystroke, by
Enter, and by ``zhiban do``. This is the door; the rooms behind it are ``grammar_*``.
"""

from __future__ import annotations

from console.desk.grammar_complete import Completion, complete, ghost
from console.desk.grammar_context import Context, Mistake, Named, Recommended, Tree, UnitAt
from console.desk.grammar_explain import explain, explain_all
from console.desk.grammar_offers import Candidate
from console.desk.grammar_parse import parse, parse_all, split
from console.desk.grammar_table import VerbRow, verb_table
from console.desk.verb import Command

__all__ = [
    "Candidate",
    "Command",
    "Completion",
    "Context",
    "Mistake",
    "Named",
    "Recommended",
    "Tree",
    "UnitAt",
    "VerbRow",
    "complete",
    "explain",
    "explain_all",
    "ghost",
    "parse",
    "parse_all",
    "split",
    "verb_table",
]
