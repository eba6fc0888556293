"""The robot's FAQ: which curated question a resident's words ask, or honestly none.

Pure and deterministic: words are compared by the pairs of characters they share (Latin
words and numbers as wholes), rarer pairs weighing more. A question is only thought of
when one of its keywords is there. What sounds like an emergency is never answered.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property

_RUN = re.compile(r"[a-z0-9]+|[^\W_a-z0-9]+")

_POLITE = re.compile(
    r"你好|您好|大家好|各位|请问一下|请问|咨询一下|咨询下|想咨询|咨询|想问一下|想问下|问一下|问下|"
    r"我想问|想问|麻烦|谢谢|一下|机器人|管理员|值班员|群主|我想|我要|我们|我家|我的|我|"
    r"吗|呢|啊|呀|吧|哦|的|了"
)
"""What is said around a question and says nothing of it."""

COVERED = 0.6
"""How much of the score is that the question's words are there; the rest is that little
else is."""


@dataclass(frozen=True, slots=True)
class Question:
    """A curated question: ways to ask it, words of which one must be there, the answer."""

    id: str
    ask: tuple[str, ...]
    keywords: tuple[str, ...]
    answer: str
    unless: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """The question that words come nearest to, and how near (0 to 1)."""

    question: Question
    score: float


def fold(text: str) -> str:
    """Words as they are compared: one width, one case."""
    return unicodedata.normalize("NFKC", text).casefold()


def grams(text: str) -> frozenset[str]:
    """The pairs of characters of a text, and its Latin words and numbers."""
    found: set[str] = set()
    whole = fold(text)
    # Nothing but politeness is a greeting, and compared as it stands.
    for run in _RUN.findall(_POLITE.sub(" ", whole)) or _RUN.findall(whole):
        if run[0].isascii() or len(run) == 1:
            found.add(run)
        else:
            found.update(run[n : n + 2] for n in range(len(run) - 1))
    return frozenset(found)


@dataclass(frozen=True)
class Faq:
    """The questions, from where on a match counts, and the words beside them.

    `threshold`: below it the robot says that it does not know. `sure`: from it on, a
    question is answered even where its words name a matter that triage knows.
    `say` is what the robot says: name -> sentence with fields.
    """

    questions: tuple[Question, ...]
    threshold: float
    sure: float
    emergency: tuple[str, ...]
    asking: tuple[str, ...]
    content: tuple[str, ...]
    not_content: tuple[str, ...]
    say: Mapping[str, str]

    @cached_property
    def _ways(self) -> tuple[tuple[Question, frozenset[str]], ...]:
        return tuple((one, grams(way)) for one in self.questions for way in one.ask)

    @cached_property
    def _by_gram(self) -> Mapping[str, tuple[int, ...]]:
        found: dict[str, list[int]] = {}
        for n, (_, own) in enumerate(self._ways):
            for gram in own:
                found.setdefault(gram, []).append(n)
        return {gram: tuple(ways) for gram, ways in found.items()}

    def _weight(self, gram: str) -> float:
        """How much a pair tells: the rarer, the more; one that is nowhere, as the rarest."""
        return math.log(1 + len(self._ways) / max(1, len(self._by_gram.get(gram, ()))))

    def match(self, text: str) -> Match | None:
        """The question that `text` comes nearest to, however far; None when nothing fits."""
        folded, own = fold(text), grams(text)
        weights = {gram: self._weight(gram) for gram in own}
        total = sum(weights.values())
        shared: dict[int, float] = {}
        for gram, weight in weights.items():
            for n in self._by_gram.get(gram, ()):
                shared[n] = shared.get(n, 0.0) + weight
        best: Match | None = None
        fits: dict[str, bool] = {}
        for n in sorted(shared):
            question, way = self._ways[n]
            if question.id not in fits:
                fits[question.id] = _says(folded, question.keywords) and not _says(
                    folded, question.unless
                )
            if not fits[question.id]:
                continue
            covered = shared[n] / sum(map(self._weight, way))
            score = COVERED * covered + (1 - COVERED) * shared[n] / total
            if best is None or score > best.score:
                best = Match(question, min(1.0, score))
        return best

    def answers(self, text: str) -> Match | None:
        """The question that `text` asks, or None: then the robot does not know.

        What sounds like an emergency is for a person, whatever it looks like.
        """
        if self.is_emergency(text):
            return None
        found = self.match(text)
        return found if found is not None and found.score >= self.threshold else None

    def is_emergency(self, text: str) -> bool:
        """Whether the words may tell of danger."""
        return _says(fold(text), self.emergency)

    def asks(self, text: str) -> bool:
        """Whether the words are a question."""
        return _says(fold(text), self.asking)

    def contentment(self, text: str) -> bool | None:
        """Whether a resident says to be content with an answer, or not; None: says neither."""
        folded = _RUN.findall(fold(text))
        if sum(map(len, folded)) > MOST_OF_A_VERDICT:
            return None
        whole = "".join(folded)
        if _says(whole, self.not_content):
            return False
        return True if _says(whole, self.content) else None


MOST_OF_A_VERDICT = 16
"""Characters of a message that says no more than whether somebody is content."""


def _says(folded: str, words: Collection[str]) -> bool:
    return any(word in folded for word in words)
