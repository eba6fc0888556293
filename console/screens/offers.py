"""What the palette offers: every verb of the registry, each theme, each language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from console.desk.grammar_words import LANGUAGE_WORDS, THEME_WORDS, fold
from console.desk.verb import Command, Verb
from console.desk.verbs import BY_ID, VERBS
from console.i18n import Translator
from console.screens.pages import PAGES


@dataclass(frozen=True, slots=True)
class Offer:
    """One line of the palette.

    `command` is done at once; without one, `line` is begun on the command line.
    """

    names: tuple[str, ...]
    """In the order in which the officer's language puts them."""
    key: str
    about: str
    line: str
    command: Command | None = None
    also: tuple[str, ...] = ()
    """What else it answers to: searched, not shown."""


def offers(words: Translator, role: str) -> list[Offer]:
    """Everything that a role may do: first the pages, then the other verbs in the help's order."""
    verbs = [verb for verb in VERBS if role in verb.roles and verb.id != "palette"]
    verbs.sort(key=lambda verb: verb.id not in PAGES)
    return [
        *(_offer(words, verb) for verb in verbs),
        *_settings(words, BY_ID["theme"], THEME_WORDS),
        *_settings(words, BY_ID["language"], LANGUAGE_WORDS),
    ]


def fitting(found: Sequence[Offer], text: str) -> list[Offer]:
    """Those that `text` can mean: by the beginning of a name, of a word in a name, by any word."""
    low = fold(text)
    if not low:
        return list(found)
    by_name = [one for one in found if any(name.startswith(low) for name in _low(one))]
    by_word = [one for one in found if any(f" {low}" in name for name in _low(one))]
    anywhere = [one for one in found if _holds(one, low.split())]
    return list(dict.fromkeys((*by_name, *by_word, *anywhere)))


def _low(one: Offer) -> tuple[str, ...]:
    return tuple(map(fold, (*one.names, *one.also)))


def _holds(one: Offer, wanted: Sequence[str]) -> bool:
    whole = fold(" ".join((*one.names, *one.also, one.key, one.about)))
    return all(word in whole for word in wanted)


def _named(words: Translator, zh: str, en: str, pinyin: str) -> tuple[str, ...]:
    return (zh, en, pinyin) if words.lang == "zh" else (en, zh, pinyin)


def _offer(words: Translator, verb: Verb) -> Offer:
    """A verb: one that only changes what is seen and needs no words is done at once."""
    names = _named(words, *verb.names.main)
    label = words.t(verb.label)
    if words.lang == "zh" and label in verb.names.further:
        # Two or three characters say what it is; the short name stays as what is quickly typed.
        names = (label, verb.names.en, f"{verb.names.zh} {verb.names.pinyin}")
    at_once = verb.id in PAGES or verb.id == "new" or not (verb.does or verb.params)
    return Offer(
        names,
        verb.key,
        words.t(verb.about),
        f"{names[0]} " if verb.params else names[0],
        Command(verb, names[0]) if at_once else None,
        (*verb.names.main, *verb.names.further),
    )


def _settings(
    words: Translator, verb: Verb, values: Mapping[str, tuple[str, ...]]
) -> Iterator[Offer]:
    """A verb with each of the values that it takes."""
    for value, (zh, en, *more) in values.items():
        pinyin = more[0] if more else value
        names = _named(
            words,
            f"{verb.names.zh} {zh}",
            f"{verb.names.en} {en}",
            f"{verb.names.pinyin} {pinyin}",
        )
        command = Command(verb, names[0], words=(value,))
        yield Offer(names, "", words.t(verb.label), names[0], command)
