"""`zhiban report` and `zhiban export figures`: data on stdout, words on stderr, exit codes."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
from pathlib import Path

import docx
import pytest
from defusedxml.ElementTree import fromstring

from console.domain.clock import WallClock
from console.domain.message import Problem
from console.reports import keep, put
from console.store import history
from console.store.engine import open_store
from tests.desk.test_reporting import ORIGIN, at
from tests.in_process import zhiban
from tests.store.test_statistics import case, unit


@pytest.fixture(scope="module")
def center(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with three past days in it."""
    folder = tmp_path_factory.mktemp("center")
    store = open_store(str(folder / "zhiban.sqlite"))
    cases = []
    for day in ("2022-03-20", "2022-03-21", "2021-03-21"):
        for n in range(6 if day == "2022-03-21" else 3):
            received = at(f"{day} {8 + 2 * n:02d}:15")
            cases.append(
                case(
                    f"{day}-{n}",
                    received,
                    unit(received, 50, 290),
                    field="fraud" if n else "fire",
                    category="fraud.case" if n else "fire.structure",
                    town="beigan",
                    place="=HYPERLINK(1)",
                    text="三楼冒烟, +1",
                    amount_lost=1_000 * n,
                )
            )
    with store.write() as tx:
        history.add(tx, ORIGIN, cases)
    store.close()
    return folder


def figure(text: str, row: str) -> list[str]:
    """The cells of a row of a Markdown table."""
    [line] = [line for line in text.splitlines() if line.startswith(f"| {row} |")]
    return [cell.strip().replace("\\", "") for cell in line.strip("|").split("|")]


class TestReport:
    def test_a_day_in_markdown_on_stdout(self, center: Path) -> None:
        done = zhiban(center, "report", "day", "--date", "2022-03-21", "--format", "md")
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.startswith("# 萧山值班日报\n")
        assert figure(done.stdout, "全部警情") == [
            "全部警情",
            "6",
            "3",
            "增加 3 起",
            "3",
            "增加 3 起",
        ]
        told = json.loads(
            zhiban(center, "figures", "--from", "2022-03-21", "--to", "2022-03-21", "--json").stdout
        )
        assert (told["count"], told["yoy"]) == (6, 100.0)

    def test_a_shift_has_its_own_hours(self, center: Path) -> None:
        command = ("report", "shift", "--date", "2022-03-21", "--lang", "en")
        day = zhiban(center, *command, "--shift", "day")
        night = zhiban(center, *command)
        assert figure(day.stdout, "All incidents")[1] == "6"
        assert figure(night.stdout, "All incidents")[1] == "0", "the last of the day is the night's"
        assert "21 Mar 2022 20:00 to 22 Mar 08:00" in night.stdout

    @pytest.mark.parametrize("what", ["shift", "day", "week", "month"])
    def test_without_a_date_it_is_now(self, center: Path, what: str) -> None:
        done = zhiban(center, "report", what)
        assert done.returncode == 0, done.stderr
        assert "## 六、提示" in done.stdout

    def test_the_form_follows_the_file(self, center: Path, tmp_path: Path) -> None:
        command = ("report", "day", "--date", "2022-03-21", "-o")
        done = zhiban(center, *command, str(tmp_path / "a.html"))
        assert (done.returncode, done.stdout) == (0, "")
        assert str(tmp_path / "a.html") in done.stderr
        assert fromstring((tmp_path / "a.html").read_text("utf-8")).tag == "html"
        zhiban(center, *command, str(tmp_path / "a.docx"))
        assert len(docx.Document(str(tmp_path / "a.docx")).tables) > 5
        again = zhiban(center, *command, str(tmp_path / "a.docx"), "--format", "md")
        assert again.returncode == 0
        assert (tmp_path / "a.docx").read_text("utf-8").startswith("# ")
        assert [path.name for path in sorted(tmp_path.iterdir())] == ["a.docx", "a.html"]

    @pytest.mark.parametrize(
        ("arguments", "code"),
        [
            (("report", "year"), 2),
            (("report", "day", "--format", "pdf"), 2),
            (("report", "day", "--date", "21.3.2022"), 2),
            (("report", "day", "--date", "2199-01-01"), 1),
            (("report", "day", "--shift", "night"), 1),
            (("report", "shift", "--shift", "noon"), 1),
            (("report", "day", "-o", "/dev/full"), 1),
            (("report", "day", "-o", "no/such/folder/a.md"), 1),
            (("report", "day", "--store", "nowhere.sqlite"), 3),
        ],
    )
    def test_what_is_wrong_is_a_sentence(
        self, center: Path, arguments: tuple[str, ...], code: int
    ) -> None:
        for lang in ("zh", "en"):
            done = zhiban(center, *arguments, "--lang", lang)
            assert (done.returncode, done.stdout) == (code, "")
            assert len(done.stderr.splitlines()) == 1
            assert "Traceback" not in done.stderr


class TestFiles:
    def test_a_file_is_kept_and_the_next_gets_a_number(self, tmp_path: Path) -> None:
        paths = [keep(tmp_path / "new", "XS-day", "md", str(n).encode()) for n in range(3)]
        assert [path.name for path in paths] == ["XS-day.md", "XS-day-2.md", "XS-day-3.md"]
        assert [path.read_text() for path in paths] == ["0", "1", "2"]

    @pytest.mark.parametrize("umask", [0o022, 0o077, 0])
    def test_a_new_report_is_for_its_owner(self, tmp_path: Path, umask: int) -> None:
        old = os.umask(umask)
        try:
            put(tmp_path / "x.md", b"1")
            kept = keep(tmp_path, "y", "md", b"1")
        finally:
            os.umask(old)
        assert {path.name: path.stat().st_mode & 0o777 for path in (tmp_path / "x.md", kept)} == {
            "x.md": 0o600,
            "y.md": 0o600,
        }

    def test_a_file_that_is_there_is_made_narrow_and_a_link_keeps_its_end(
        self, tmp_path: Path
    ) -> None:
        end, link, dangling = (tmp_path / name for name in ("end.md", "link.md", "dangling.md"))
        end.write_bytes(b"old")
        end.chmod(0o604)
        link.symlink_to(end)
        dangling.symlink_to(tmp_path / "new.md")
        put(link, b"new")
        put(dangling, b"new")
        assert link.is_symlink()
        assert dangling.is_symlink()
        assert end.read_bytes() == (tmp_path / "new.md").read_bytes() == b"new"
        assert end.stat().st_mode & 0o777 == 0o600
        assert len(list(tmp_path.iterdir())) == 4, "nothing else is left"

    def test_a_link_that_leads_to_itself_is_a_sentence(self, tmp_path: Path) -> None:
        (tmp_path / "loop.md").symlink_to(tmp_path / "loop.md")
        with pytest.raises(Problem):
            put(tmp_path / "loop.md", b"1")
        assert [path.name for path in tmp_path.iterdir()] == ["loop.md"]

    def test_where_nothing_can_be_written_nothing_is_left(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("")
        with pytest.raises(Problem) as caught:
            keep(tmp_path / "file", "x", "md", b"x")
        assert caught.value.message.id == "report.unwritable"
        with pytest.raises(Problem):
            put(tmp_path / "none" / "x.md", b"x")
        assert [path.name for path in tmp_path.iterdir()] == ["file"]


def rows(done: subprocess.CompletedProcess[str]) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(done.stdout)))


class TestExport:
    WINDOW = ("--from", "2022-03-21", "--to", "2022-03-21")

    def test_figures_are_flat_rows_that_agree(self, center: Path) -> None:
        found = rows(zhiban(center, "export", "figures", "--format", "csv", *self.WINDOW))
        told = json.loads(zhiban(center, "figures", *self.WINDOW, "--by", "hour", "--json").stdout)
        cells = {(row["field"], row["dim"], row["key"]): row for row in found}
        assert len(cells) == len(found)
        whole = cells["all", "all", ""]
        assert int(whole["n"]) == told["count"] == 6
        assert int(whole["amount_lost"]) == told["amount_lost"] == 15_000
        hours = {row["key"]: int(row["n"]) for row in found if row["dim"] == "hour"
                 and row["field"] == "all"}  # fmt: skip
        assert hours == told["by"]
        one = cells["all", "interval", "received_to_dispatch"]
        spread = told["intervals"]["received_to_dispatch"]
        assert [int(one[name]) for name in ("n", "p50_s", "p90_s", "p99_s")] == [
            spread[name] for name in ("n", "p50_s", "p90_s", "p99_s")
        ]
        assert cells["fraud", "category", "fraud.case"]["n"] == "5"
        assert cells["all", "weekday", "1"]["n"] == "6"

    def test_json_says_the_same(self, center: Path) -> None:
        done = zhiban(center, "export", "figures", *self.WINDOW)
        told = [json.loads(line) for line in done.stdout.splitlines()]
        read = rows(zhiban(center, "export", "figures", "--format", "csv", *self.WINDOW))
        assert [
            {name: "" if value is None else str(value) for name, value in row.items()}
            for row in told
        ] == read

    def test_without_a_window_it_is_everything_and_an_empty_one_is_nothing(
        self, center: Path
    ) -> None:
        found = rows(zhiban(center, "export", "figures", "--format", "csv"))
        [whole] = [r for r in found if (r["field"], r["dim"]) == ("all", "all")]
        assert whole["n"] == "12"
        none = zhiban(center, "export", "figures", "--format", "csv", "--to", "2001-01-01")
        assert (none.returncode, len(none.stdout.splitlines())) == (0, 1)

    @pytest.mark.parametrize("what", ["incidents", "figures", "journal"])
    def test_for_a_spreadsheet_it_says_that_it_is_utf8(self, center: Path, what: str) -> None:
        plain = zhiban(center, "export", what, "--format", "csv")
        marked = zhiban(center, "export", what, "--format", "csv", "--bom")
        assert marked.stdout == f"\ufeff{plain.stdout}"
        refused = zhiban(center, "export", what, "--format", "json", "--bom")
        assert refused.returncode == 2

    @pytest.mark.parametrize("what", ["incidents", "figures", "journal"])
    def test_days_that_are_none_are_refused_before_anything_is_written(
        self, center: Path, what: str
    ) -> None:
        for days in (("--from", "zzz"), ("--from", "2022-03-21", "--to", "2022-03-20")):
            done = zhiban(center, "export", what, "--format", "csv", "--bom", *days)
            assert (done.returncode, done.stdout) == (2, "")
            assert days[-1] in done.stderr

    def test_no_cell_is_a_formula(self, center: Path) -> None:
        found = rows(zhiban(center, "export", "incidents", "--format", "csv"))
        assert {row["place"] for row in found} == {"'=HYPERLINK(1)"}
        assert not [
            v for row in found for v in row.values() if v[:1] in ("=", "+", "@", "\t", "\r")
        ]


def test_the_wall_clock_is_past_the_examples() -> None:
    assert WallClock().now() > at("2022-03-22 00:00")
