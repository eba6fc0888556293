"""The real program in a real terminal: an officer takes an incident from the queue to its end."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bench.terminal import Terminal, terminal_env

pytestmark = pytest.mark.pty

ROOT = Path(__file__).parent.parent.parent
ZHIBAN = [sys.executable, "-m", "console"]

HEADER = (
    "Incident Number,Unit ID,Unit Type,Call Type,Received DtTm,Dispatch DtTm,Response DtTm,"
    "On Scene DtTm,Available DtTm,Address,Location"
)
CSV = f"""{HEADER}
101,E05,ENGINE,Structure Fire,01/01/2017 11:47:55 AM,,,,,100 Block of MASONIC AVE,
102,63,MEDIC,Structure Fire,02/01/2017 11:47:55 AM,,,,,900 Block of HAYES ST,
103,T06,TRUCK,Outside Fire,03/01/2017 11:47:55 AM,,,,,2100 Block of GROVE ST,
"""


def run(*args: str, lang: str = "en") -> subprocess.CompletedProcess[str]:
    """One command of the command line."""
    return subprocess.run(
        [*ZHIBAN, *args],
        capture_output=True,
        text=True,
        env=terminal_env({"ZHIBAN_LANG": lang}),
        cwd=ROOT,
        timeout=60,
    )


@pytest.fixture
def store(tmp_path: Path) -> str:
    """A store into which three fire calls have just come in."""
    source = tmp_path / "calls.csv"
    source.write_text(CSV, encoding="utf-8")
    path = str(tmp_path / "floor.sqlite")
    done = run(
        "import",
        str(source),
        "--mapping",
        str(ROOT / "docs/mappings/sf-fire.toml"),
        "--now",
        "--json",
        "--store",
        path,
        "--zone",
        "America/Los_Angeles",
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["new"] == 3
    return path


def watch(store: str, lang: str, rows: int = 40, cols: int = 120) -> Terminal:
    """The console on that store."""
    argv = [*ZHIBAN, "watch", "--store", store, "--lang", lang]
    return Terminal(argv, rows=rows, cols=cols, cwd=ROOT)


def shows(*texts: str) -> Callable[[list[str]], bool]:
    """All of these stand on the screen."""
    return lambda lines: all(any(text in line for line in lines) for text in texts)


SPOKEN: dict[str, dict[str, str]] = {
    "zh": {
        "ready": "F1 帮助",
        "accepted": "1 已签收",
        "dispatch": "派 1 E05 63",
        "dispatched": "已派往 1",
        "arrive": "E05 到场",
        "arrived": "E05 到场",
        "arrive2": "态 63 到场",
        "arrived2": "63 到场",
        "note": "记 #1 三楼有人; 需要增援",
        "noted": "已记入 1",
        "merge": "并 1 2",
        "merged": "2 已并入 1",
        "close": "结 #1 误报",
        "sure": "仍要办结",
        "closed": "1 已办结",
        "quit": "退出值班台",
    },
    "en": {
        "ready": "F1 help",
        "accepted": "1 accepted",
        "dispatch": "dispatch 1 E05 63",
        "dispatched": "sent to 1",
        "arrive": "E05 on scene",
        "arrived": "E05 on scene",
        "arrive2": "status 63 os",
        "arrived2": "63 on scene",
        "note": "note #1 people on the third floor; send more",
        "noted": "noted on 1",
        "merge": "merge 1 2",
        "merged": "2 merged into 1",
        "close": "close #1 false alarm",
        "sure": "Still close it?",
        "closed": "1 closed",
        "quit": "leave the console?",
    },
}


@pytest.mark.parametrize(("rows", "cols"), [(40, 120), (24, 80)])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_from_the_queue_to_the_end_by_keyboard(store: str, lang: str, rows: int, cols: int) -> None:
    words = SPOKEN[lang]
    with watch(store, lang, rows, cols) as terminal:
        terminal.wait_for(words["ready"])
        terminal.wait_for("MASONIC")
        # Three fires of one priority: the first that came is the first in the queue.
        terminal.press("enter")
        terminal.wait_for(words["accepted"])
        for line, answer in (
            ("dispatch", "dispatched"),
            ("arrive", "arrived"),
            ("arrive2", "arrived2"),
            ("note", "noted"),
            ("merge", "merged"),
            ("close", "closed"),
        ):
            terminal.send(f"{words[line]}<enter>")
            if line == "close":
                # With steps open it asks; the answer is no unless it is yes.
                terminal.wait_for(words["sure"])
                terminal.press("y")
            # The answer stands above an empty command line; an explanation does not.
            terminal.wait_for(
                lambda lines, line=line, answer=answer: (  # type: ignore[misc]
                    words[answer] in lines[-2] and words[line] not in lines[-1]
                )
            )
        terminal.press("ctrl+q")
        terminal.wait_for(words["quit"])
        terminal.press("y")
        assert terminal.wait_exit() == 0
    told = json.loads(run("incident", "1", "--json", "--store", store, lang=lang).stdout)
    assert told["state"] == "closed"
    verbs = [entry["verb"] for entry in told["timeline"]]
    # Both incidents' histories are one story now: two were received, both know of the merge.
    assert verbs == [
        *("receive", "receive", "accept", "dispatch", "status", "status", "note"),
        *("merge", "merge", "close"),
    ]
    assert [a["unit"] for a in told["assignments"]] == ["E05", "63"]
    assert all(a["on_scene"] and a["available"] for a in told["assignments"])
    assert words["note"].split("#1 ")[1] in " ".join(e["text"] for e in told["timeline"])
    assert [one.endswith("-0002") for one in told["merged"]] == [True]
    assert told["reports_count"] == 2
    verdict = run("store", "verify", "--store", store, "--json", lang=lang)
    assert verdict.returncode == 0
    assert json.loads(verdict.stdout)["ok"] is True


def test_a_half_typed_line_survives_a_dropped_connection(store: str) -> None:
    with watch(store, "en") as terminal:
        terminal.wait_for("MASONIC")
        terminal.send("note #1 the stairs are")
        terminal.wait_for("the stairs are")
        wait_for_draft(store, "the stairs are")
    with watch(store, "en") as terminal:
        terminal.wait_for("note #1 the stairs are")
        terminal.wait_for("what you had typed is still here")


def wait_for_draft(store: str, text: str) -> None:
    """Until the store holds the draft."""
    import sqlite3
    import time

    end = time.monotonic() + 10
    while time.monotonic() < end:
        with sqlite3.connect(store) as db:
            kept = [row[0] for row in db.execute("SELECT text FROM draft")]
        if any(text in one for one in kept):
            return
        time.sleep(0.05)
    raise AssertionError("the draft was not kept")


def test_new_by_form_with_a_duplicate_hint(store: str) -> None:
    with watch(store, "en") as terminal:
        terminal.wait_for("F1 help")
        # Typed ahead: nobody waits for a form to open.
        terminal.send("<ctrl+n>fi<tab>100 Block of MASONIC AVE<tab>smoke from a window")
        terminal.wait_for("may be 1")
        terminal.press("ctrl+s")
        terminal.wait_for("new incident 4")
    told = json.loads(run("incident", "4", "--json", "--store", store).stdout)
    assert told["category"].startswith("fire")
    assert told["place"] == "100 Block of MASONIC AVE"


class TestDo:
    """The same without a screen."""

    def test_a_whole_life(self, store: str) -> None:
        lines = (
            "accept 1",
            "dispatch 1 E05 63",
            "E05 on scene",
            "63 on scene",
            "note #1 third floor",
            "merge 1 2",
            "close #1 false alarm",
        )
        assert run("seat", "add", "A", "--store", store).returncode == 0
        for line in lines:
            more = ("--yes",) if line.startswith("close") else ()
            done = run("do", line, *more, "--store", store, "--seat", "A", "--json")
            assert done.returncode == 0, (line, done.stdout, done.stderr)
            assert json.loads(done.stdout)["ok"] is True
        told: dict[str, Any] = json.loads(run("incident", "1", "--json", "--store", store).stdout)
        assert told["state"] == "closed"
        assert told["seat"] == "A"
        assert run("store", "verify", "--store", store).returncode == 0

    @pytest.mark.parametrize(
        ("line", "says"),
        [
            ("flub 1", "flub"),
            ("accept 99", "99"),
            ("c 1", ""),
            ("dispatch 1 XX99", "XX99"),
            ("accept", ""),
            ("level #1 9", ""),
        ],
    )
    def test_what_cannot_be_done_is_a_sentence_and_code_1(
        self, store: str, line: str, says: str
    ) -> None:
        done = run("do", line, "--store", store, "--json")
        assert done.returncode == 1
        answer = json.loads(done.stdout)
        assert answer["ok"] is False
        assert says in answer["message"]
        assert len(answer["message"]) > 10
        assert "Traceback" not in done.stderr

    def test_two_at_once_one_wins_and_the_other_is_told_who(self, store: str) -> None:
        for seat in ("anna", "bert"):
            assert run("seat", "add", seat, "--store", store).returncode == 0
        argv = [*ZHIBAN, "do", "accept 1", "--store", store, "--json", "--lang", "en", "--seat"]
        both = [
            subprocess.Popen(
                [*argv, seat], stdout=subprocess.PIPE, text=True, env=terminal_env(), cwd=ROOT
            )
            for seat in ("anna", "bert")
        ]
        answers = [json.loads(one.communicate(timeout=60)[0]) for one in both]
        won = [answer["ok"] for answer in answers]
        assert sorted(won) == [False, True]
        winner = ("anna", "bert")[won.index(True)]
        assert winner in answers[won.index(False)]["message"]
