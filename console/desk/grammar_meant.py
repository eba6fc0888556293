"""Words of the duty room that are no verb of the console, and what is to be typed for them.

Looked up only when no verb answers to a word: a verb that gets the name takes it over.
"""

from __future__ import annotations

from collections.abc import Mapping

from console.desk.grammar_words import fold
from console.domain.message import Message, msg
from console.domain.units import STATUS_WORDS

_MEANT: Mapping[str, tuple[str, ...]] = {
    "shift": ("交班", "接班", "换班", "交接班", "下班", "上班", "shift"),
    "work": ("处置", "处理", "处警完毕", "work", "work on it", "handle"),
    "undo_or_cancel": ("撤消", "删除", "删", "delete", "remove"),
    "finish": ("结束", "完毕", "完结", "end", "finish it"),
    "new_or_accept": ("报警", "来电", "登记", "录警", "register"),
}


def meant(word: str) -> Message | None:
    """What is to be typed instead of a word, or None when nobody knows."""
    return _SAID.get(fold(word))


def _said() -> dict[str, Message]:
    messages = {
        "shift": msg("grammar.meant.shift"),
        "work": msg("grammar.meant.work"),
        "undo_or_cancel": msg("grammar.meant.undo_or_cancel"),
        "finish": msg("grammar.meant.finish"),
        "new_or_accept": msg("grammar.meant.new_or_accept"),
    }
    found: dict[str, Message] = {}
    for words in STATUS_WORDS.values():
        for word in words:
            found.setdefault(fold(word), msg("grammar.meant.status", word=word))
    for name, meanings in _MEANT.items():
        found.update((fold(word), messages[name]) for word in meanings)
    return found


_SAID = _said()
