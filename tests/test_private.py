"""Files of the program: for their owner only, whatever the umask, and nobody's trap."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from console import private, reports
from console.domain.message import Problem
from console.store import checking
from console.store.engine import open_store
from tests.in_process import zhiban

TABLE = "id,at,what\n1,nonsense,fire\n"
MAPPING = """
[source]
name = "paper"
timezone = "Asia/Shanghai"
datetime = ["%Y-%m-%d %H:%M"]
[incident]
id = "id"
received = "at"
text = "what"
"""


@pytest.fixture(autouse=True)
def wide_umask() -> Iterator[None]:
    old = os.umask(0o000)
    yield
    os.umask(old)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_store_and_all_that_lies_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "new" / "deep" / "zhiban.sqlite"
    store = open_store(str(path))
    with store.write():
        found = {one.name: mode(one) for one in path.parent.iterdir()}
    assert found == {f"zhiban.sqlite{end}": 0o600 for end in ("", "-wal", "-shm")}
    assert mode(path.parent) == mode(path.parent.parent) == 0o700
    checking.backup(store, tmp_path / "copy.sqlite")
    store.close()
    assert mode(tmp_path / "copy.sqlite") == 0o600
    kept = checking.restore(str(path), tmp_path / "copy.sqlite")
    assert kept is not None
    assert mode(kept) == mode(path) == 0o600


@pytest.mark.parametrize(("was", "becomes"), [(0o644, 0o600), (0o666, 0o660), (0o664, 0o660)])
def test_a_store_with_wider_rights_is_made_narrow(tmp_path: Path, was: int, becomes: int) -> None:
    path = tmp_path / "zhiban.sqlite"
    open_store(str(path)).close()
    path.chmod(was)
    open_store(str(path), readonly=True).close()
    assert mode(path) == was  # nothing is changed by who only looks
    open_store(str(path)).close()
    assert mode(path) == becomes


def test_a_group_that_may_write_is_named_by_the_doctor(tmp_path: Path) -> None:
    path = tmp_path / "zhiban.sqlite"
    open_store(str(path)).close()
    said = zhiban(tmp_path, "doctor", "--lang", "en").stdout
    assert "ok  rights" in said
    path.chmod(0o660)
    said = zhiban(tmp_path, "doctor", "--lang", "en").stdout
    assert "!!  rights" in said
    assert str(path) in said


def test_the_folder_of_the_program_is_made_narrow(tmp_path: Path) -> None:
    folder = tmp_path / ".local" / "share" / "zhiban"
    folder.mkdir(parents=True)
    assert mode(folder) == 0o777
    assert zhiban(tmp_path, "do", "new fire smoke").returncode == 0
    assert mode(folder) == 0o770  # it could be written by its group
    folder.chmod(0o755)
    assert zhiban(tmp_path, "do", "new fire smoke").returncode == 0
    assert mode(folder) == 0o700


def test_reports(tmp_path: Path) -> None:
    named = tmp_path / "report.md"
    reports.put(named, b"1")
    assert mode(named) == 0o600
    named.chmod(0o644)
    reports.put(named, b"2")
    assert (mode(named), named.read_bytes()) == (0o600, b"2")
    kept = reports.keep(tmp_path / "reports", "day", "md", b"3")
    assert (mode(kept), mode(kept.parent)) == (0o600, 0o700)


class TestWhatIsNotOurs:
    """A trap is left as it is, and named."""

    @pytest.fixture
    def precious(self, tmp_path: Path) -> Path:
        path = tmp_path / "precious"
        path.write_text("keep me")
        return path

    @pytest.mark.parametrize("kind", ["link", "loose link", "hard link", "pipe", "folder"])
    def test_is_not_written(self, tmp_path: Path, precious: Path, kind: str) -> None:
        trap = tmp_path / "v.csv.refused.csv"
        if kind == "link":
            trap.symlink_to(precious)
        elif kind == "loose link":
            trap.symlink_to(tmp_path / "nowhere")
        elif kind == "hard link":
            os.link(precious, trap)
        elif kind == "pipe":
            os.mkfifo(trap)
        else:
            trap.mkdir()
        before = trap.lstat()
        with pytest.raises(Problem) as refused:
            private.rewrite(trap)
        assert refused.value.message.id == "private.not_ours"
        assert precious.read_text() == "keep me"
        assert not (tmp_path / "nowhere").exists()
        assert (trap.lstat().st_ino, trap.lstat().st_mode) == (before.st_ino, before.st_mode)

    def test_a_pipe_that_somebody_reads(self, tmp_path: Path) -> None:
        trap = tmp_path / "pipe"
        os.mkfifo(trap)
        reader = os.open(trap, os.O_RDONLY | os.O_NONBLOCK)
        with pytest.raises(Problem):
            private.rewrite(trap)
        os.close(reader)

    def test_what_is_ours_is_written_anew_and_made_narrow(self, precious: Path) -> None:
        precious.chmod(0o666)
        with os.fdopen(private.rewrite(precious), "w") as file:
            file.write("new")
        assert (precious.read_text(), mode(precious)) == ("new", 0o600)

    def test_an_import_refuses_in_a_sentence(self, tmp_path: Path, precious: Path) -> None:
        (tmp_path / "v.csv").write_text(TABLE)
        (tmp_path / "m.toml").write_text(MAPPING)
        trap = tmp_path / "v.csv.refused.csv"
        trap.symlink_to(precious)
        done = zhiban(tmp_path, "import", "v.csv", "--mapping", "m.toml", "--lang", "en")
        assert done.returncode == 1
        assert precious.read_text() == "keep me"
        assert str(trap) in done.stderr
        trap.unlink()
        done = zhiban(tmp_path, "import", "v.csv", "--mapping", "m.toml", "--lang", "en")
        assert "1" in done.stdout
        assert mode(trap) == 0o600


def test_a_settings_file_with_a_password_is_named(tmp_path: Path) -> None:
    folder = tmp_path / ".config" / "zhiban"
    folder.mkdir(parents=True)
    file = folder / "settings.toml"
    file.write_text('[links.terminals]\nurl = "mqtt://user:hunter2@127.0.0.1"\n')
    file.chmod(0o644)
    said = zhiban(tmp_path, "do", "new fire", "--lang", "en").stderr
    assert str(file) in said
    assert "hunter2" not in said
    file.chmod(0o600)
    assert str(file) not in zhiban(tmp_path, "incidents", "--lang", "en").stderr
