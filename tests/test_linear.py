"""No text is dear: whatever comes from outside is read in a time in proportion to its length.

Each reader gets texts of every dangerous shape in growing lengths. What is looked at is how its
CPU time grows from one length to the next, never how long it takes.
"""

from __future__ import annotations

import contextlib
import json
import random
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC
from functools import cache, partial
from pathlib import Path
from time import process_time

import pytest

from adapters import cap, dingtalk_callback, safe_xml, terminals
from adapters.cap import values
from adapters.mqtt import Letter
from adapters.open311 import moments as open311_moments
from adapters.open311 import wire
from adapters.secret import redacted
from console.desk import grammar, grammar_words
from console.desk.desk import LONGEST_LINE
from console.desk.ruleset import Ruleset, load
from console.domain import (
    addresses,
    duplicates,
    faq,
    incident,
    mapping,
    masking,
    moments,
    numbers,
    persons,
    phones,
    spots,
    stops,
    text,
    whereabouts,
    writing,
)
from console.domain.message import Problem, msg
from console.domain.triage import triage
from console.i18n import Translator
from console.store import words
from tests.desk.grammar_world import World
from tests.scale import often
from widgets import cells

SIZES = often((1_000, 4_000), (1_000, 4_000, 16_000, 64_000, 200_000))
"""Characters of a text."""

FREE_S = 0.01
"""CPU time that is nobody's trouble, and too little to be compared."""

STEEPER = 2.2
"""How much faster than its text a reader's time may grow: a square would be 3 or more."""

UNITS = (
    # one character, digits, spaces, brackets, quotes
    *"aAeé91被困人没在号路万 　\t\n\r\0,，.。;；、#-=:@%&\\\"'“”(（)[]{}<>|~^_*+?!$",
    "\u0301", "e\u0301", "\u200b", "\u202e", "\ud800", "\x1b", "\x1b[", "\x1b]", "\x9d", "\ufdfa",
    "ß", "ﬀ", "가", "\U0001f600", "１",
    # half numbers, half addresses
    "13", "1-", "1 3", "86 ", "+86", "139 0571 000", "0571-8", "(0571) ", "2026-11-23", "20261123-",
    "XS-", "99999 ", "1.", "1e", ",1", "1万", "1号", "1弄", "1-1-1 ", "1幢", "1单元", "１２",
    "大道", "人民路", "人民路1", "杭州萧山", "城厢街道", "与", "A ", "A AVE ", "AVE ", "100 BLOCK ",
    # half sentences
    "没有", "没有人", "没伤亡", "1人", "十人", "被困", "已经", "还在被", "nobody ",
    "no people ", "trapped ", "a b ", "then ", "然后", "then", "接 42;",
    "\"a\" ", " \"", "new fire ",
    "find a;", ";a", "P12,",
    # half addresses of machines
    "://", "a://", "a://a:", "password=", "password='", "token=\"", "&amp;",
    "\\n", "[[", "{{", "{a}",
)  # fmt: skip
"""What a dangerous text is made of; they are repeated, mixed, and put one behind the other."""


def shapes() -> Iterator[tuple[str, Callable[[int], str]]]:
    """Every shape: its name, and what makes a text of a length."""
    for unit in dict.fromkeys(UNITS):
        yield repr(unit), partial(_repeated, unit)
    dice = random.Random(20261201)
    for _ in range(often(15, 60)):
        first, second = dice.sample(UNITS, 2)
        yield f"{first!r} then {second!r}", partial(_halves, first, second)
    for seed in range(often(10, 40)):
        yield f"mixed {seed}", partial(_mixed, seed)


def _repeated(unit: str, n: int) -> str:
    return (unit * (n // len(unit) + 1))[:n]


def _halves(first: str, second: str, n: int) -> str:
    return _repeated(first, n // 2) + _repeated(second, n // 2)


def _mixed(seed: int, n: int) -> str:
    dice = random.Random(seed)
    return "".join(dice.choices(dice.sample(UNITS, 4), k=n))[:n]


@cache
def speaker() -> Translator:
    return Translator("zh")


@cache
def rules() -> Ruleset:
    return load()


def document(words: str) -> bytes:
    """A CAP alert with a text in many places."""
    legal = "".join(sign for sign in words if safe_xml.is_legal(sign))
    for sign, name in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
        legal = legal.replace(sign, name)
    return re.sub(
        "(<(?:headline|description|areaDesc|polygon|references|value|web)>)[^<]*",
        lambda found: found[1] + legal,
        SAMPLE,
    ).encode()


SAMPLE = (Path(__file__).parent / "data" / "cap" / "canada.cap").read_text("utf-8")


def called_back(words: str) -> bytes:
    """A message of the residents' group."""
    body = {
        "msgId": words[:100],
        "msgtype": "text",
        "createAt": 1,
        "conversationId": "c",
        "senderId": words,
        "senderNick": words,
        "text": {"content": words},
    }
    return json.dumps(body).encode()


def heard(words: str) -> object:
    """A letter of a terminal, well formed and not."""
    body = {"id": words[:60], "kind": "smoke", "at": "2026-11-30T19:40:00+08:00", "place": words}
    for payload in (json.dumps(body).encode(), words.encode("utf-8", "replace")):
        terminals._read("alarm", "T1", Letter("terminals/alarm/T1", payload, 1))
    return None


def requested(words: str) -> object:
    """A page of an Open311 server, in both forms."""
    body = json.dumps([{"service_request_id": "1", "description": words, "address": words}])
    found = [wire.node_of(one) for one in wire.things(body.encode(), "json")]
    return found, wire.things(words.encode("utf-8", "replace"), "xml")


def typed(line: str) -> object:
    """A line of the command line, as far as anybody can type one."""
    line = text.clean(line, LONGEST_LINE).text
    world = World()
    found = grammar.parse_all(line, world)
    return (
        grammar.explain_all(found, world),
        grammar.ghost(line, world),
        grammar.complete(line, len(line), world),
    )


def compared(words: str) -> object:
    """Two reports that say nearly the same."""
    place = addresses.parse(words, rules().gazetteer)
    trace = duplicates.Trace("fire", "fire", place, words, 0, words)
    other = replace(trace, text=words[1:])
    return duplicates.compare(trace, other, rules().duplicates)


def masked_with_them(words: str) -> object:
    """A text with whoever called, and callers with names that are texts."""
    names, phones_ = (
        ["王小明", "Ann", "a b c", words[:60]],
        ["13905710001", "0571 82345678", words[:40]],
    )
    return masking.masked_of(words, names, phones_)


READERS: Mapping[str, Callable[[str], object]] = {
    "persons": persons.count_persons,
    "denial": lambda t: persons.denied(t, len(t)),
    "masking": masking.masked,
    "masking of callers": masked_with_them,
    "redaction": redacted,
    "cleaning": lambda t: text.clean(t, 2_000),
    "cleaning of all": lambda t: text.clean(t, len(t) + 1, lines=True),
    "cleaning to half": lambda t: text.clean(t, len(t) // 2),
    "cells": cells.printable,
    "a sentence": lambda t: speaker().t(msg("do.option", line=t)),
    "place": lambda t: addresses.parse(t, rules().gazetteer),
    "names": lambda t: rules().gazetteer.names_end(t),
    "without names": lambda t: rules().gazetteer.without_names(t),
    "spot": spots.spot_of,
    "where": lambda t: whereabouts.where_in(t, rules().gazetteer),
    "telephones": lambda t: [*phones.phones_in(t)],
    "telephone": phones.phone_of,
    "telephones of words": lambda t: phones.joined(t.split()),
    "spoken telephone": lambda t: phones.spoken("13905710001", t),
    "number": lambda t: numbers.number_at(t, 0, 20261123),
    "number behind": lambda t: numbers.number_at(t, len(t) // 2, 20261123),
    "number that leads": lambda t: numbers.led_by_number(t, 0),
    "whole number": lambda t: numbers.whole_number(t, 20261123),
    "incident": incident.read_number,
    "account": stops.account_in,
    "question": faq.grams,
    "words": words.tokens,
    "width": writing.even,
    "spellings": writing.writings,
    "triage": lambda t: triage(rules().triage, rules().categories, t, category=t[:80]),
    "duplicates": compared,
    "command line": typed,
    "words of a line": grammar_words.tokens,
    "amount": lambda t: grammar_words.money(t, expected=True),
    "nearest word": lambda t: grammar_words.near(t, ["accept", "close"]),
    "column": mapping.folded,
    "moment": lambda t: moments.Moments(["%Y-%m-%d %H:%M", "%d/%m/%y %I:%M %p"], UTC).read(t),
    "CAP": lambda t: cap.parse(document(t)),
    "CAP anything": lambda t: cap.parse(t.encode("utf-8", "replace")),
    "CAP moment": values.moment,
    "CAP polygon": values.polygon,
    "CAP references": values.references,
    "CAP words": values.words,
    "Open311": requested,
    "Open311 moment": open311_moments.read,
    "DingTalk": lambda t: dingtalk_callback.read(called_back(t)),
    "terminals": heard,
}


def cost(read: Callable[[str], object], one: str) -> float:
    """CPU seconds to read a text, or to refuse it in words."""
    began = process_time()
    with contextlib.suppress(ValueError, OverflowError, Problem):
        read(one)
    return process_time() - began


def steep(read: Callable[[str], object], make: Callable[[int], str]) -> str:
    """Where the time of a reader grows faster than its texts; "" when it does not."""
    last, size = cost(read, make(SIZES[0])), SIZES[0]
    for longer in SIZES[1:]:
        now, allowed = cost(read, make(longer)), STEEPER * longer / size
        if now > max(FREE_S, allowed * last):
            # Once more, for a processor that had something else in its cache.
            last = max(FREE_S / allowed, *(cost(read, make(size)) for _ in range(3)))
            now = min(cost(read, make(longer)) for _ in range(3))
            if now > max(FREE_S, allowed * last):
                return f"{size}: {last:.4f} s, {longer}: {now:.4f} s"
        last, size = now, longer
    return ""


@pytest.mark.parametrize("name", READERS)
def test_reading_is_in_proportion(name: str) -> None:
    read = READERS[name]
    cost(read, "人民路12号 a 1")  # tables are made, modules are there
    dear = {shape: found for shape, make in shapes() if (found := steep(read, make))}
    assert dear == {}


def test_the_measure_finds_a_square() -> None:
    def square(one: str) -> object:
        return sum(1 for _ in one for _ in one)

    assert steep(square, lambda n: "a" * (n // 2))
    assert not steep(len, lambda n: "a" * n)
