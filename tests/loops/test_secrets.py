"""No secret of a link is ever seen: planted ones are looked for wherever words are kept."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from secrets import token_hex

import pytest

from adapters import secret, systems
from adapters.port import Report
from adapters.secret import Secret
from console.store import outbox
from console.store.engine import open_store
from fixtures.backends.faults import Fault, Faults
from fixtures.backends.systems import all_of_them
from tests.loops.live import OVER_HTTP, serving
from tests.store.floor import START, desk_at

ROOT = Path(__file__).parent.parent.parent
NAMES = (*systems.known(), "dingtalk_app", "dingtalk_token")
WRONG = ("wages", "hazards", "citymgmt", "dingtalk_token", "cap")
"""Of these the other end knows another word, so that ours is refused."""


@pytest.fixture
def planted() -> dict[str, str]:
    return {name: f"planted{token_hex(12)}" for name in NAMES}


@pytest.fixture
def base(planted: dict[str, str]) -> Iterator[str]:
    """Every system, most of whose answers are wrong in one way or another."""
    there = {n: Secret(token_hex(12) if n in WRONG else word) for n, word in planted.items()}
    everything = all_of_them(None, there)
    kinds = ("error", "redirect", "truncated", "wrong", "lost", "expired", "refused", "schema")
    plan = [Fault(kind, share=0.08) for kind in kinds]
    with ExitStack() as around:
        served = {name: one for name, one in everything.items() if name in OVER_HTTP}
        for name, one in served.items():
            if name != "investigation":
                one.publish(Report(name, f"{name}-1", "三楼冒烟", place="金城路1号"))
        yield around.enter_context(serving(served, Faults(plan, 5)))


def ordered(path: Path) -> None:
    """Orders for everybody wait in the outbox."""
    desk = desk_at(str(path))
    with desk.writing() as work:
        for name in systems.ORDER:
            action = {"dingtalk": "notice", "cap": "alert"}.get(name, "transfer")
            if name in systems.CONTRACTS:
                made = __import__(f"adapters.{name}", fromlist=["CONTRACT"]).CONTRACT
                action = made.actions[0].action
            body = dict[str, str | int | float | None](number="XS-1", at=START, words="x")
            outbox.put(work.tx, f"k-{name}", None, name, action, body, START)
    desk.store.close()


def zhiban(*arguments: str | Path, env: dict[str, str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "console", *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, **env},
        cwd=ROOT,
    )


@pytest.mark.parametrize("where", ["file", "environment"])
def test_nobody_finds_a_planted_secret(
    tmp_path: Path, planted: dict[str, str], base: str, where: str
) -> None:
    path, env, more = tmp_path / "store.sqlite", {"ZHIBAN_DEBUG": "1"}, list[str]()
    ordered(path)
    if where == "file":
        secret.write(tmp_path / "words.toml", planted)
        more = ["--secrets", str(tmp_path / "words.toml")]
    else:
        env |= {f"{secret.PREFIX}{name.upper()}": word for name, word in planted.items()}
    gateway = zhiban(
        "gateway", "--store", path, "--systems", base, "--listen", "127.0.0.1:0", *more, env=env
    )
    until = time.monotonic() + 20.0
    faults = 0
    while time.monotonic() < until and faults < 4:
        time.sleep(1.0)
        shown = zhiban("links", "--json", "--store", path, env={}).communicate()[0]
        faults = sum(one["state"] == "fault" for one in json.loads(shown)["items"])
    command = Path(f"/proc/{gateway.pid}/cmdline").read_bytes()
    kept = b"".join(one.read_bytes() for one in tmp_path.glob("store.sqlite*"))
    gateway.send_signal(signal.SIGTERM)
    output = gateway.communicate(timeout=20)[0]
    assert gateway.returncode == 0, output
    assert faults >= 4, shown
    store = open_store(str(path))
    store.close()
    kept += path.read_bytes()
    said = "\n".join(
        zhiban(*words, "--store", path, env={}).communicate()[0]
        for words in (("links",), ("links", "--json"), ("incidents", "--json"))
    )
    assert "Traceback" not in output + said
    for name, word in planted.items():
        assert word not in output, name
        assert word not in said + shown, name
        assert word.encode() not in kept, name
        assert word.encode() not in command, name


def test_the_word_of_a_database_is_not_said(tmp_path: Path) -> None:
    word = f"planted{token_hex(12)}"
    url = f"postgresql+psycopg://duty:{word}@127.0.0.1:1/nowhere"
    for command in (["gateway", "--once"], ["links"], ["store", "check"], ["watch"]):
        output = zhiban(*command, "--store", url, env={}).communicate(timeout=60)[0]
        assert word not in output, command
        assert output
