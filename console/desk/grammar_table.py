"""The table of all verbs, for the documentation: made from the registry, never written."""

from __future__ import annotations

from dataclasses import dataclass

from console.desk.verb import Verb
from console.desk.verbs import VERBS
from console.domain.message import Message, msg


@dataclass(frozen=True, slots=True)
class VerbRow:
    """One verb as the documentation shows it."""

    verb: str
    """Its id."""
    names: tuple[str, str, str]
    """Chinese, English, pinyin."""
    further: tuple[str, ...]
    """What else it answers to."""
    params: tuple[Message, ...]
    """What it can be given; what may be left out says so."""
    key: str
    """A Textual key, or ""."""
    example: str
    about: Message


def verb_table(lang: str) -> tuple[VerbRow, ...]:
    """A row for every verb, in the registry's order.

    Args:
        lang: the language of the examples, ``zh`` or ``en``.
    """
    return tuple(_row(verb, lang) for verb in VERBS)


def _row(verb: Verb, lang: str) -> VerbRow:
    example = verb.example[0 if lang == "zh" else 1]
    params = tuple(
        param.label if param.required else msg("ghost.optional", param=param.label)
        for param in verb.params
    )
    return VerbRow(
        verb.id, verb.names.main, verb.names.further, params, verb.key, example, verb.about
    )
