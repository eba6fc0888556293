"""`zhiban import` and `zhiban figures`: data on stdout, words on stderr, exit codes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from console.start import main

ROOT = Path(__file__).parents[2]
FIRE = ROOT / "tests" / "data" / "sf-fire.csv"
MAPPING = ROOT / "docs" / "mappings" / "sf-fire.toml"


def zhiban(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {
        "PATH": "/usr/bin:/bin",
        "HOME": str(folder),
        "LANG": "C.UTF-8",
        "PYTHONPATH": str(ROOT),
        "ZHIBAN_STORE": str(folder / "zhiban.sqlite"),
    }
    return subprocess.run(
        [sys.executable, "-m", "console", *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def test_import_and_figures(tmp_path: Path) -> None:
    command = ("import", str(FIRE), "--mapping", str(MAPPING), "--history", "--json")
    first = zhiban(tmp_path, *command, "--zone", "America/Los_Angeles")
    assert (first.returncode, first.stderr) == (0, "")
    told = json.loads(first.stdout)
    assert set(told) >= {
        "read", "incidents", "new", "updated", "duplicate", "refused", "refused_file",
    }  # fmt: skip
    assert told["read"] > told["new"] == told["incidents"] > 0
    again = json.loads(zhiban(tmp_path, *command).stdout)
    assert (again["new"], again["updated"], again["duplicate"]) == (0, 0, told["read"])

    found = zhiban(tmp_path, "figures", "--by", "year", "--json")
    assert (found.returncode, found.stderr) == (0, "")
    figures = json.loads(found.stdout)
    assert figures["count"] == sum(figures["by"].values()) == told["incidents"]
    assert figures["intervals"]["received_to_dispatch"]["n"] > 0
    table = zhiban(tmp_path, "figures", "--from", "2017-01-01", "--to", "2017-12-31")
    assert table.returncode == 0
    assert "接报到派遣" in table.stdout


def test_refused_rows_are_told(tmp_path: Path) -> None:
    lines = FIRE.read_text("utf-8").splitlines(keepends=True)
    file = tmp_path / "calls.csv"
    file.write_text("".join([*lines[:3], "short,row\n"]), "utf-8")
    done = zhiban(
        tmp_path, "import", str(file), "--mapping", str(MAPPING), "--history", "--lang", "en"
    )
    assert done.returncode == 0
    assert "refused\t1\n" in done.stdout
    assert "1 row was refused" in done.stderr
    assert (tmp_path / "calls.csv.refused.csv").exists()


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("import", str(FIRE)), 2, "--mapping"),
        (("import", str(FIRE), "--mapping", str(MAPPING), "--now", "--history"), 2, "--history"),
        (("import", str(FIRE), "--mapping", str(MAPPING), "--format", "xls"), 2, "xls"),
        (("import", "none.csv", "--mapping", str(MAPPING)), 1, "none.csv"),
        (("import", str(FIRE), "--mapping", "none.toml"), 1, "none.toml"),
        (("import", str(MAPPING), "--mapping", str(MAPPING), "--history"), 1, "Incident Number"),
        (("figures", "--json"), 3, "zhiban.sqlite"),
        (("figures", "--by", "colour"), 2, "colour"),
        (("figures", "--field", "water"), 2, "water"),
        (("figures", "--from", "1.1.2020"), 2, "1.1.2020"),
        (("figures", "--from", "2020-01-02", "--to", "2020-01-01"), 2, "2020-01-02"),
    ],
)
def test_mistakes_are_sentences(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
    code: int,
    words: str,
) -> None:
    monkeypatch.setenv("ZHIBAN_STORE", str(tmp_path / "zhiban.sqlite"))
    # The wall in front of stdout and stderr stays up for good: not in the tests' own process.
    monkeypatch.setattr("console.start.put_up", lambda: None)
    monkeypatch.setattr(sys, "argv", ["zhiban", *arguments])
    with pytest.raises(SystemExit) as left:
        main()
    told = capsys.readouterr()
    assert left.value.code == code
    assert words in told.err
    assert told.out == ""
