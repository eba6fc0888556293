"""TLS as it should not be: an expired certificate, one of another host, one of nobody known.

Each is refused before a word of ours is said, contained to its link and told in a sentence.
"""

from __future__ import annotations

import asyncio
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import uvicorn

from adapters import systems
from adapters.http import Endpoint
from adapters.port import LinkError, Report
from adapters.secret import Secret
from console.desk.gateway import Gateway
from console.desk.linked import linked
from console.domain.clock import FixedClock
from console.i18n import Translator
from console.store import incidents, links
from fixtures.backends.serve import app_of
from fixtures.backends.systems import Simulated, Surroundings, make
from tests.store.floor import START, desk_at

OPENSSL = shutil.which("openssl")
pytestmark = pytest.mark.skipif(OPENSSL is None, reason="openssl is not installed")

SETTINGS = """
[ca]
default_ca = own
[own]
database = {folder}/index.txt
new_certs_dir = {folder}
serial = {folder}/serial
default_md = sha256
policy = any
copy_extensions = copy
unique_subject = no
[any]
commonName = supplied
"""


def run(*arguments: str | Path) -> None:
    assert OPENSSL is not None
    subprocess.run([OPENSSL, *map(str, arguments)], check=True, capture_output=True)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a certificate authority of our own."""
    folder = tmp_path_factory.mktemp("ca")
    (folder / "index.txt").touch()
    (folder / "serial").write_text("01\n")
    (folder / "ca.cnf").write_text(SETTINGS.format(folder=folder))
    name = ("-subj", "/CN=district", "-keyout", folder / "ca.key", "-out", folder / "ca.pem")
    run("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *name)
    return folder


def certificate(authority: Path, host: str = "127.0.0.1", end: str = "20991231000000Z") -> Path:
    """A certificate for an address, with its key, signed by the authority; a PEM file."""
    stem = f"{host}-{end}"
    key, asked, signed, both = (authority / f"{stem}.{s}" for s in ("key", "csr", "crt", "pem"))
    kind = "IP" if host[0].isdigit() else "DNS"
    extension = ("-addext", f"subjectAltName={kind}:{host}")
    name = ("-subj", f"/CN={host}", "-keyout", key, "-out", asked)
    run("req", "-new", "-newkey", "rsa:2048", "-nodes", *name, *extension)
    signer = ("-cert", authority / "ca.pem", "-keyfile", authority / "ca.key")
    span = ("-startdate", "20200101000000Z", "-enddate", end)
    run(
        "ca",
        "-batch",
        "-notext",
        "-config",
        authority / "ca.cnf",
        *signer,
        *span,
        "-in",
        asked,
        "-out",
        signed,
    )
    both.write_bytes(key.read_bytes() + signed.read_bytes())
    return both


@contextmanager
def served(one: Simulated, pem: Path) -> Iterator[str]:
    """A simulated system over TLS on loopback; yields its address."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    settings = uvicorn.Config(
        app_of({one.system: one}), log_level="critical", lifespan="off", ssl_certfile=str(pem)
    )
    server = uvicorn.Server(settings)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not server.started and thread.is_alive():
        time.sleep(0.005)
    try:
        yield f"https://127.0.0.1:{listener.getsockname()[1]}/{one.system}/"
    finally:
        server.should_exit = True
        thread.join(timeout=10)
        listener.close()


@pytest.mark.parametrize(
    ("host", "end", "known"),
    [
        ("127.0.0.1", "20991231000000Z", True),
        ("127.0.0.1", "20210101000000Z", True),
        ("elsewhere.example", "20991231000000Z", True),
        ("127.0.0.1", "20991231000000Z", False),
    ],
    ids=["good", "expired", "of another host", "of nobody known"],
)
def test_only_a_good_certificate_is_believed(
    tmp_path: Path, authority: Path, host: str, end: str, known: bool
) -> None:
    good = host == "127.0.0.1" and end > "2025" and known
    there = make("platform4", Surroundings(Secret("word"), now=lambda: START))
    well = make("alarm110", Surroundings(now=lambda: START))
    there.publish(Report("platform4", "g-1", "楼道堆物", START, place="金城路1号"))
    well.publish(Report("alarm110", "a-1", "三楼冒烟", START, place="金城路366号"))
    desk = desk_at(str(tmp_path / "store.sqlite"), clock=FixedClock(START))
    pem = certificate(authority, host, end)
    other = certificate(authority)
    with served(there, pem) as url, served(well, other) as beside:
        trusted = str(authority / "ca.pem")
        ca_file = trusted if known else None
        ends = {
            "platform4": Endpoint(url, Secret("word"), ca_file=ca_file, name="zhiban"),
            "alarm110": Endpoint(beside, Secret(""), ca_file=trusted, name="zhiban"),
        }

        async def look() -> None:
            adapters = {name: systems.connect(name, end) for name, end in ends.items()}
            gateway = Gateway(desk, adapters)
            try:
                await gateway.round()
                if not good:
                    with pytest.raises(LinkError) as refused:
                        await adapters["platform4"].feed("")
                    assert (refused.value.kind, refused.value.arrived) == ("tls", False)
            finally:
                for one in adapters.values():
                    await one.close()

        asyncio.run(look())
    views = {one.system: one for one in linked(desk)}
    with desk.store.read() as tx:
        came = incidents.known_source(tx, "platform4", "g-1")
        assert incidents.known_source(tx, "alarm110", "a-1") is not None
    assert (came is not None) == good
    assert views["alarm110"].now.state == links.OK
    if not good:
        assert (views["platform4"].now.state, views["platform4"].now.fault) == (links.FAULT, "tls")
        said = Translator("en").t(views["platform4"].said())
        assert "certificate" in said.casefold()
    desk.store.close()
