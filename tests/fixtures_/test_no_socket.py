"""The demo speaks with every system, and opens no socket of the internet's families."""

from __future__ import annotations

import json
import subprocess
import sys

from bench.patience import patience

SCRIPT = """
import json, socket, sys, time
opened = []

def hook(event, args):
    if event == "socket.__new__" and args[1] in (socket.AF_INET, socket.AF_INET6):
        opened.append(int(args[1]))
    if event in ("socket.connect", "socket.bind", "socket.getaddrinfo"):
        opened.append(event)

sys.addaudithook(hook)
from console.cli_demo import open_demo
from console.desk.linked import linked

session = open_demo({"speed": 60.0, "lang": "en", "light": True})
session.start()
deadline, well = time.monotonic() + float(sys.argv[1]), set()
while time.monotonic() < deadline:
    views = {one.system: one.now for one in linked(session.desk)}
    # A second here is a minute there: on a busy machine one or the other is late by then.
    well |= {name for name, one in views.items() if one.state == "ok"}
    if well == set(views) and len(views) >= 10:
        if views["alarm110"].items and views["fraudguard"].items:
            break
    time.sleep(0.1)
session.stop()
print(json.dumps([opened, sorted(views), sorted(well)]))
"""


def test_the_demo_reaches_its_systems_without_a_network() -> None:
    seconds = patience(20)
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(seconds)],
        capture_output=True,
        text=True,
        check=True,
        timeout=2 * seconds,
    )
    opened, systems, well = json.loads(done.stdout.splitlines()[-1])
    assert opened == []
    assert {"alarm110", "fraudguard", "hazards", "traffic", "platform4"} <= set(systems)
    assert well == systems
