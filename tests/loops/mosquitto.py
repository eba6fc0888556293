"""A real broker for one test: Mosquitto on a free loopback port, with its memory on disk."""

from __future__ import annotations

import contextlib
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

PROGRAM = shutil.which("mosquitto", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin")


class Broker:
    """The broker.

    Args:
        folder: where its settings and its memory lie.
    """

    def __init__(self, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        self.url = f"mqtt://127.0.0.1:{self.port}"
        self._settings = folder / "mosquitto.conf"
        self._settings.write_text(
            f"listener {self.port} 127.0.0.1\nallow_anonymous true\n"
            f"user root\npersistence true\npersistence_location {folder}/\n"
            "autosave_on_changes true\nautosave_interval 1\nlog_type none\n"
        )
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it listens."""
        assert PROGRAM is not None
        self._process = subprocess.Popen(
            [PROGRAM, "-c", str(self._settings)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        while True:
            assert self._process.poll() is None, "the broker does not start"
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port)):
                return
            time.sleep(0.02)

    def stop(self) -> None:
        """End it as an orderly shutdown does: it writes down what it keeps."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait()
            self._process = None

    def put(self, *letters: tuple[str, bytes | str], retain: bool = False) -> None:
        """Publish letters with QoS 1; returns when the broker has them all."""
        from paho.mqtt import publish

        messages = [
            {"topic": topic, "payload": payload, "qos": 1, "retain": retain}
            for topic, payload in letters
        ]
        _multiple(publish.multiple, messages, self.port)


def _multiple(send: object, messages: Sequence[object], port: int) -> None:
    assert callable(send)
    send(messages, hostname="127.0.0.1", port=port)


@contextlib.contextmanager
def broker(folder: Path) -> Iterator[Broker]:
    """A broker that runs; skips the test where there is none on the machine."""
    if PROGRAM is None:
        pytest.skip("Mosquitto is not installed")
    made = Broker(folder)
    made.start()
    try:
        yield made
    finally:
        made.stop()
