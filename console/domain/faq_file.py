"""Reading ``faq.toml``, and saying what is wrong with it."""

from __future__ import annotations

import string

from console.domain.faq import Faq, Question, fold, grams
from console.domain.message import msg
from console.domain.tables import Document, Fault, Table

SAID: dict[str, frozenset[str]] = {
    "passed_on": frozenset({"number"}),
    "emergency": frozenset({"number"}),
    "joined": frozenset({"number", "count"}),
    "declined": frozenset(),
    "photo": frozenset(),
    "welcome": frozenset(),
    "correction": frozenset({"words"}),
    "result": frozenset({"number", "matter", "outcome"}),
    "finished": frozenset({"number", "matter"}),
    "dropped": frozenset({"number", "matter"}),
}
"""What the robot says -> fields that may stand in it."""

LONGEST_ANSWER = 500
"""Characters of an answer: a group is no place for more."""


def parse_faq(text: str, file: str) -> tuple[Faq, list[Fault]]:
    """Read the questions; every mistake with file, line and reason."""
    document = Document(text, file)
    root = document.root
    threshold, sure = root.decimal("threshold", 0.5), root.decimal("sure", 0.8)
    if not 0 < threshold <= sure <= 1:
        root.complain("threshold", msg("faq.thresholds", low=threshold, high=sure))
    words, say = root.table("words"), root.table("say")
    questions: list[Question] = []
    seen: dict[str, str] = {}
    for table in root.tables("question"):
        questions.append(_question(table, seen))
    if not questions:
        root.complain("", msg("faq.no_questions"))
    faq = Faq(
        questions=tuple(questions),
        threshold=threshold,
        sure=sure,
        emergency=_words(words, "emergency"),
        asking=_words(words, "asking"),
        content=_words(words, "content"),
        not_content=_words(words, "not_content"),
        say={name: _said(say, name, known) for name, known in SAID.items()},
    )
    for question, table in zip(questions, root.tables("question"), strict=False):
        if any(faq.is_emergency(way) for way in question.ask):
            table.complain("ask", msg("faq.emergency", id=question.id))
    words.end()
    say.end()
    root.end()
    return faq, document.faults


def _question(table: Table, seen: dict[str, str]) -> Question:
    question = Question(
        id=table.text("id"),
        ask=tuple(way.strip() for way in table.texts("ask")),
        keywords=_words(table, "keywords"),
        answer=table.text("answer").strip(),
        unless=_words(table, "unless", needed=False),
    )
    if question.id in seen.values():
        table.complain("id", msg("faq.twice", id=question.id))
    if not question.ask:
        table.complain("ask", msg("faq.no_ways", id=question.id))
    if len(question.answer) > LONGEST_ANSWER:
        table.complain("answer", msg("faq.too_long", id=question.id, most=LONGEST_ANSWER))
    for way in question.ask:
        if seen.setdefault(fold(way), question.id) != question.id:
            table.complain("ask", msg("faq.way_twice", way=way, id=seen[fold(way)]))
        if not grams(way):
            table.complain("ask", msg("faq.empty_way", way=way))
        if not any(word in fold(way) for word in question.keywords):
            table.complain("keywords", msg("faq.no_keyword", way=way))
    seen.setdefault(f"\0{question.id}", question.id)
    table.end()
    return question


def _words(table: Table, key: str, needed: bool = True) -> tuple[str, ...]:
    words = tuple(fold(word).strip() for word in table.texts(key) if word.strip())
    if needed and not words:
        table.complain(key, msg("faq.no_words", key=key))
    return words


def _said(table: Table, key: str, known: frozenset[str]) -> str:
    """A sentence of the robot, with no other fields than those there is a value for."""
    text = table.text(key)
    try:
        fields = {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
    except ValueError:
        fields = {text}
    if not fields <= known:
        table.complain(key, msg("faq.fields", key=key, known=tuple(sorted(known))))
        return ""
    return text
