"""The tool that changes the rules a little: where, how, and that a change is put in and seen."""

import ast
import sys
from pathlib import Path
from textwrap import dedent
from types import FunctionType, ModuleType

import pytest

from bench.mutants import load, outcome
from bench.mutants.campaign import Bounds
from bench.mutants.lines import Lines
from bench.mutants.mutant import Mutant, changed, modules, mutants, sample
from bench.mutants.outcome import Outcome, Verdict

RULE = dedent('''
    """A rule."""
    from typing import TYPE_CHECKING

    LIMIT = 3

    if TYPE_CHECKING:
        def unseen() -> int:
            return 1 + 1

    class Rule:
        """One."""

        size: int = 4

        def __repr__(self) -> str:
            return "rule" + "s"

        def due(self, now: int, late: bool = True) -> int:
            """When."""
            if now <= 5 and not late:
                raise Problem(msg("rule.late", n=now + 1))
            log.info("asked %d", now + 2)
            return min(now, 10)

    def outer(x: int) -> int:
        def inner(y: int) -> int:
            return y - x
        return inner(7)
''')


def changes(text: str) -> set[tuple[str, str, str]]:
    return {(one.operator, one.was, one.becomes) for one in mutants("rule.py", text)}


def module(code: object) -> ModuleType:
    made = ModuleType("rule")
    assert isinstance(code, type(changed.__code__))
    exec(code, made.__dict__)
    return made


class TestSites:
    """What is changed, and what is let alone."""

    def test_the_operators(self) -> None:
        assert changes(RULE) == {
            ("condition", "now <= 5 and (not late)", "True"),
            ("condition", "now <= 5 and (not late)", "False"),
            ("and/or", "now <= 5 and (not late)", "now <= 5 or not late"),
            ("comparison", "now <= 5", "now < 5"),
            ("comparison", "now <= 5", "now > 5"),
            ("constant", "5", "6"),
            ("not", "not late", "late"),
            ("left out", "raise Problem(msg('rule.late', n=now + 1))", "pass"),
            ("return", "return min(now, 10)", "return None"),
            ("least/most", "min(now, 10)", "max(now, 10)"),
            ("constant", "10", "11"),
            ("return", "return y - x", "return None"),
            ("reckoning", "y - x", "y + x"),
            ("return", "return inner(7)", "return None"),
            ("constant", "7", "8"),
        }

    def test_ids_of_messages_are_no_place_and_their_values_are(self) -> None:
        found = changes('def f():\n    return msg("a.b", n=1), f"x{2:03}"')
        assert {was for operator, was, _ in found if operator == "constant"} == {"1", "2"}

    @pytest.mark.parametrize(
        ("text", "was", "becomes"),
        [
            ("x += 1", "x += 1", "x -= 1"),
            ("x[0] = 1", "x[0] = 1", "pass"),
            ("y = [x for x in z if x]", "x", "True"),
            ("for x in z:\n        break", "break", "continue"),
            ("y = 1 if x else 2", "x", "False"),
            ("match x:\n        case 1:\n            y()", "y()", "pass"),
            ("while x:\n        y()", "x", "False"),
        ],
    )
    def test_an_operator(self, text: str, was: str, becomes: str) -> None:
        assert (was, becomes) in {(a, b) for _, a, b in changes(f"def f(x, z):\n    {text}\n")}

    def test_every_site_of_the_rooms_compiles_to_other_code(self) -> None:
        path = "console/domain/duplicates.py"
        text = Path(path).read_text("utf-8")
        whole = compile(text, path, "exec", dont_inherit=True)
        assert all(changed(text, path, one.number) != whole for one in mutants(path, text))


class TestSample:
    """A fixed seed, each module by its size."""

    def test_it_is_the_same_each_time_and_stays_when_another_function_changes(self) -> None:
        texts = {"a.py": RULE, "b.py": "def f(x):\n    return x + 1\n" * 3}
        first = sample(texts, 8, 10)
        assert first == sample(texts, 8, 10)
        assert first != sample(texts, 8, 11)
        moved = {**texts, "a.py": "\n" + RULE}
        assert [one.key for one in sample(moved, 8, 10)] == [one.key for one in first]

    def test_each_module_has_its_share(self) -> None:
        big = "def f(x):\n" + "    x += 1\n" * 99
        found = sample({"big.py": big, "small.py": "def f(x):\n    return x\n"}, 50, 10)
        assert [sum(one.path == path for one in found) for path in ("big.py", "small.py")] == [
            50,
            1,
        ]


class TestLoad:
    """Changed code in a module that is loaded, or to be loaded."""

    def test_the_lines_of_functions_say_that_they_run(self) -> None:
        hits: list[int] = []
        tree = load.with_hits(ast.parse(RULE), 2)
        made = ModuleType("rule")
        made.__dict__[load.HIT] = hits.append
        exec(compile(tree, "rule.py", "exec"), made.__dict__)
        assert hits == []
        assert made.outer(3) == 4
        lines = RULE.splitlines()
        assert [lines[hit - 2 * load.LINES - 1].strip() for hit in hits] == [
            "def inner(y: int) -> int:",
            "return inner(7)",
            "return y - x",
        ]

    def test_an_existing_function_takes_the_changed_code(self) -> None:
        made = module(compile(RULE, "a-rule-of-a-test.py", "exec", dont_inherit=True))
        existing = load.functions(frozenset({"a-rule-of-a-test.py"}))
        (one,) = (
            one for one in mutants("rule.py", RULE) if (one.was, one.becomes) == ("y - x", "y + x")
        )
        held = made.outer
        assert load.put(changed(RULE, "a-rule-of-a-test.py", one.number), existing)
        assert isinstance(held, FunctionType)
        assert held(3) == 10

    def test_a_module_is_changed_from_its_import_on(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "rule_of_a_test.py").write_text(RULE, "utf-8")
        monkeypatch.syspath_prepend(str(tmp_path))
        monkeypatch.setattr(sys, "meta_path", [*sys.meta_path])
        monkeypatch.delitem(sys.modules, "rule_of_a_test", raising=False)
        (number,) = (one.number for one in mutants("rule.py", RULE) if one.becomes == "y + x")
        load.Finder(
            frozenset({"rule_of_a_test"}), lambda path: changed(RULE, path, number)
        ).install()
        made = __import__("rule_of_a_test")
        assert made.outer(3) == 10
        assert list(tmp_path.iterdir()) == [tmp_path / "rule_of_a_test.py"]


def mutant(path: str, line: int) -> Mutant:
    return Mutant(path, 0, "f", 1, line, "constant", "1", "2", f"{path}|{line}")


class TestAsking:
    """Which tests are asked, and what is made of their answers."""

    def test_the_tests_that_run_the_line_the_quick_ones_first(self) -> None:
        path = modules()[1]
        at = load.LINES
        known = Lines(
            {"slow": 5.0, "quick": 0.1},
            {at + 7: ["quick", "slow"], at + 8: ["slow"]},
            frozenset({at + 9}),
        )
        assert known.of(mutant(path, 7)) == ["quick", "slow"]
        assert known.of(mutant(path, 8)) == ["slow"]
        # Runs while modules are imported alone: the tests of its module are asked.
        assert known.of(mutant(path, 9)) == ["quick", "slow"]
        assert known.of(mutant(path, 10)) == []

    def test_no_more_of_them_than_the_bounds_allow_and_one_at_least(self) -> None:
        seconds = {"a": 1.0, "b": 2.0, "c": 30.0}
        assert Bounds(10.0, 9).cut(["a", "b", "c"], seconds) == ["a", "b"]
        assert Bounds(10.0, 1).cut(["a", "b", "c"], seconds) == ["a"]
        assert Bounds(10.0, 9).cut(["c"], seconds) == ["c"]

    def test_a_verdict_is_read_back_and_the_last_one_holds(self, tmp_path: Path) -> None:
        one = mutant("console/domain/x.py", 3)
        said = [
            Verdict(one, Outcome.SURVIVED, "", 4, 9),
            Verdict(one, Outcome.KILLED, "tests/test_x.py::test_y", 2, 9),
        ]
        file = tmp_path / "verdicts.jsonl"
        file.write_text("".join(each.line() + "\n" for each in said), "utf-8")
        assert outcome.verdicts(file) == [said[1]]

    def test_the_share_counts_what_no_test_runs_as_survived(self) -> None:
        found = [
            Verdict(mutant("a/b.py", line), what)
            for line, what in enumerate(
                [Outcome.KILLED, Outcome.TIMEOUT, Outcome.SURVIVED, Outcome.NOT_COVERED]
            )
        ]
        (row,) = (row for row in outcome.summary(found).splitlines() if row.startswith("all"))
        assert row.split() == ["all", "4", "1", "1", "1", "1", "50.0%"]
        assert len(outcome.survivors(found).splitlines()) == 2
