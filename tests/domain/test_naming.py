"""Different words for one thing are one; what we do not know stays the source's own word."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.shipped import rules

WORDS = {
    "severity": ["伤人", "injury", "受伤", "财损", "property", "slight", ""],
    "class": ["刷单返利", "fraud.brushing", "不知道的", ""],
    "category": ["fire", "fire.structure", "fire.nonsense", "other.own word", ""],
    "result": [*sorted(rules().naming.results), "own", ""],
    "town": ["beigan", "elsewhere", ""],
}


@st.composite
def cells(draw: st.DrawFn) -> tuple[str, Mapping[str, int]]:
    dim = draw(st.sampled_from(sorted(WORDS)))
    return dim, draw(st.dictionaries(st.sampled_from(WORDS[dim]), st.integers(0, 50)))


@given(cells())
def test_every_word_stands_once_and_nothing_is_counted_away(
    made: tuple[str, Mapping[str, int]],
) -> None:
    dim, counts = made
    found = rules().naming.together(dim, counts.items())
    words = [word for one in found for word in one.words]
    assert sorted(words) == sorted(counts)
    assert [one.count for one in found] == [sum(counts[w] for w in one.words) for one in found]
    assert [one.count for one in found] == sorted((one.count for one in found), reverse=True)
    assert len({one.name for one in found}) == len({one.word for one in found}) == len(found)
    assert all((one.words == ("",)) == (one.word == "") for one in found)


def test_severities_are_told_by_our_own_word() -> None:
    found = rules().naming.together("severity", {"伤人": 3, "injury": 1, "slight": 2}.items())
    assert [(one.word, one.words, one.count) for one in found] == [
        ("injury", ("伤人", "injury"), 4),
        ("slight", ("slight",), 2),
    ]


@pytest.mark.parametrize(
    ("dim", "word"), [("category", "other.噪声"), ("class", "没听说过"), ("result", "自己的词")]
)
def test_a_word_that_nobody_knows_is_its_own_name(dim: str, word: str) -> None:
    (one,) = rules().naming.together(dim, [(word, 1)])
    assert one.word == word
    assert one.name in (word, rules().categories.get(word).label)


def test_results_of_one_name_are_one() -> None:
    naming = rules().naming
    same = [word for word, label in naming.results.items() if label.zh == "误报"]
    assert len(same) > 1
    (one,) = naming.together("result", [(word, 1) for word in same])
    assert (one.count, one.name) == (len(same), naming.results[same[0]])
