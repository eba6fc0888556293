"""`zhiban map`: what is drawn on F4 as data, words on stderr, exit codes."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.in_process import zhiban
from tests.screens.map_stage import MAPPING

CSV = """number,received,kind,town,place,deaths,injured,lost
1,2024-02-28 09:00,fire,新塘街道,,1,2,0
2,2024-02-29 09:00,fire,新塘街道,,0,0,200000
3,2024-02-29 10:00,fire,,,0,0,0
4,2024-03-01 10:00,fire,红山农场,,0,0,0
5,2024-03-01 10:00,traffic,北干街道,,0,0,0
"""


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("map")
    (folder / "past.csv").write_text(CSV, "utf-8")
    (folder / "past.toml").write_text(MAPPING, "utf-8")
    done = zhiban(folder, "import", "past.csv", "--mapping", "past.toml", "--history")
    assert (done.returncode, done.stderr) == (0, "")
    return folder


@pytest.fixture
def folder(imported: Path, tmp_path: Path) -> Path:
    shutil.copytree(imported, tmp_path, dirs_exist_ok=True)
    return tmp_path


DAYS = ("--from", "2024-02-27", "--to", "2024-03-04")


def test_data(folder: Path) -> None:
    done = zhiban(folder, "map", "--field", "fire", *DAYS, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    told = json.loads(done.stdout)
    assert (told["field"], told["total"]) == ("fire", 4)
    assert told["window"] == {"name": "days", "from": DAYS[1], "to": DAYS[3], "days": 7.0}
    assert sum(town["count"] for town in told["towns"]) == 2
    assert {one["name"]: one["count"] for one in told["outside"] if one["count"]} == {
        "红山农场": 1,
        "位置不明": 1,
    }
    xintang = next(town for town in told["towns"] if town["name"] == "新塘街道")
    points = {part["part"]: part["points"] for part in xintang["parts"]}
    assert points == {"incidents": 2, "alarm": 0, "injured": 6, "deaths": 10, "lost": 2}
    assert xintang["points"] == 20
    assert xintang["usual"] is None
    assert xintang["mean"] == pytest.approx(20 / 22)
    assert xintang["score"] == pytest.approx(100 * 20 / (20 / 22 + 3))
    assert (xintang["colour"], xintang["sign"], xintang["colour_steps"]) == ("red", "!", 4)
    assert [one["from"] for one in told["colours"]] == [0, 60, 110, 160, 230]
    assert told["alarm_levels"]["standard"] == "GA/XF/T 1340-2016"


def test_words_the_worst_first(folder: Path) -> None:
    done = zhiban(folder, "map", "--field", "fire", *DAYS, "--lang", "en")
    lines = [line.split("\t") for line in done.stdout.splitlines()]
    assert lines[0][:6] == ["! red", "Xintang", "2", "511.6", "+511.6", "+4"]
    assert len(lines) == 22 + 6
    assert lines[-1] == ["", "no place", "1"]


def test_own_rules_are_used(folder: Path) -> None:
    rules = folder / ".config" / "zhiban" / "rules"
    rules.mkdir(parents=True)
    shipped = (Path(__file__).parents[2] / "console/data/risk_map.toml").read_text("utf-8")
    (rules / "risk_map.toml").write_text(shipped.replace("red = 230", "red = 2300"), "utf-8")
    told = json.loads(zhiban(folder, "map", "--field", "fire", *DAYS, "--json").stdout)
    assert {town["colour"] for town in told["towns"]} == {"green", "orange"}
    (rules / "risk_map.toml").write_text(shipped.replace("evidence = 3.0", "evidence = 0"), "utf-8")
    done = zhiban(folder, "map", "--json")
    assert done.returncode != 0
    assert "risk_map.toml" in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--field", "theft"), "theft"),
        (("--window", "decade"), "decade"),
        (("--window", "week", *DAYS), "--window"),
        (("--from", "2024-02-27"), "--to"),
        (("--from", "2024-02-30", "--to", "2024-03-01"), "2024-02-30"),
        (("--from", "2024-03-02", "--to", "2024-03-01"), "2024-03-02"),
        (("--from", "0001-01-01", "--to", "2024-03-01"), "0001-01-01"),
        (("--from", "yesterday", "--to", "today"), "yesterday"),
    ],
)
def test_wrong_usage(folder: Path, arguments: tuple[str, ...], words: str) -> None:
    done = zhiban(folder, "map", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert words in done.stderr


def test_no_store(tmp_path: Path) -> None:
    assert zhiban(tmp_path, "map").returncode == 3


@pytest.mark.parametrize("empty", [True, False])
def test_what_is_not_known_has_no_colour(tmp_path: Path, folder: Path, empty: bool) -> None:
    days = ("--from", "2199-01-01", "--to", "2199-01-07")
    if empty:
        folder, days = tmp_path / "empty", DAYS
        folder.mkdir()
        (folder / "none.csv").write_text(CSV.partition("\n")[0] + "\n", "utf-8")
        (folder / "past.toml").write_text(MAPPING, "utf-8")
        zhiban(folder, "import", "none.csv", "--mapping", "past.toml", "--history")
    told = json.loads(zhiban(folder, "map", *days, "--json").stdout)
    assert not told["coloured"]
    assert {(town["colour"], town["score"], town["change"]) for town in told["towns"]} == {
        (None, None, None)
    }
    first, *rest = zhiban(folder, "map", *days, "--lang", "en").stdout.splitlines()
    assert first == ("no records yet" if empty else "these days are still to come")
    assert all(line.startswith("\t") for line in rest)
