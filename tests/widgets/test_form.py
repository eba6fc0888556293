"""The form runs by keyboard alone."""

from __future__ import annotations

import pytest
from textual import events
from textual.pilot import Pilot

from tests.widgets.stage import HOSTILE, Stage, check_screen, drawn_lines
from widgets.form import Choice, Field, Form

FIELDS = (
    Field(
        "kind",
        "类别",
        "choice",
        (
            Choice("fire", "火警", ("huojing",)),
            Choice("accident", "事故", ("shigu",)),
            Choice("fraud", "电诈", ("dianzha",)),
        ),
    ),
    Field("place", "地点"),
    Field("text", "内容", "long"),
)


def form() -> Form:
    return Form("新警情", FIELDS)


def last(app: Stage, kind: type[Form._FromForm]) -> dict[str, str]:
    return dict([m for m in app.told if isinstance(m, kind)][-1].values)


async def fill(pilot: Pilot[None]) -> None:
    await pilot.press("s", "h", "tab", *"建设一路", "enter", *"两车")


class TestKeys:
    async def test_filled_and_submitted(self) -> None:
        app = Stage(form())
        async with app.run_test(size=(60, 12)) as pilot:
            await fill(pilot)
            await pilot.pause()
            values = {"kind": "accident", "place": "建设一路", "text": "两车"}
            assert last(app, Form.Edited) == values
            await pilot.press("enter")
            await pilot.pause()
            assert last(app, Form.Submitted) == values

    @pytest.mark.parametrize("key", ["ctrl+s", "ctrl+enter"])
    async def test_submitted_from_the_first_field(self, key: str) -> None:
        app = Stage(form())
        async with app.run_test(size=(60, 12)) as pilot:
            await pilot.press(key)
            await pilot.pause()
            assert last(app, Form.Submitted) == {"kind": "fire", "place": "", "text": ""}

    async def test_cancelled_with_its_draft(self) -> None:
        box = form()
        app = Stage(box)
        async with app.run_test(size=(60, 12)) as pilot:
            await fill(pilot)
            await pilot.press("escape")
            await pilot.pause()
            draft = last(app, Form.Cancelled)
            box.set_values({})
            assert dict(box.values) == {"kind": "fire", "place": "", "text": ""}
            box.set_values(draft)
            assert dict(box.values) == draft

    async def test_fields_are_walked_both_ways_and_around(self) -> None:
        box = form()
        async with Stage(box).run_test(size=(60, 12)) as pilot:
            seen = []
            for key in ("tab", "down", "enter", "shift+tab", "up", "tab"):
                if key == "enter":
                    await pilot.press("up")
                await pilot.press(key)
                seen.append(box.current)
            assert seen == ["place", "text", "text", "place", "kind", "place"]

    async def test_a_choice_by_arrows_and_by_name(self) -> None:
        box = form()
        async with Stage(box).run_test(size=(60, 12)) as pilot:
            await pilot.press("right")
            assert box.values["kind"] == "accident"
            await pilot.press("left", "left")
            assert box.values["kind"] == "fraud"
            await pilot.press(*"huo")
            assert box.values["kind"] == "fire"
            # "huod" is nothing, so "d" begins anew.
            await pilot.press("d")
            assert box.values["kind"] == "fraud"
            await pilot.press("事")
            assert box.values["kind"] == "accident"

    async def test_pasting_into_a_field(self) -> None:
        box = form()
        async with Stage(box).run_test(size=(60, 12)) as pilot:
            box.post_message(events.Paste("ignored in a choice"))
            await pilot.press("tab")
            box.post_message(events.Paste("金城路\n88号"))
            await pilot.pause()
            assert box.values["place"] == "金城路 88号"


class TestDrawing:
    async def test_labels_values_hints_and_errors(self) -> None:
        box = form()
        app = Stage(box)
        async with app.run_test(size=(60, 12)) as pilot:
            await fill(pilot)
            box.set_hints(["42 事故 建设一路 3 分钟前"])
            box.set_error("place", "没有这个地点")
            await pilot.pause()
            text = "\n".join(app.lines())
            assert "地点 建设一路" in text
            assert "! 没有这个地点" in text
            assert "42 事故 建设一路 3 分钟前" in text
            assert box.current == "place"
            await pilot.press("x")
            await pilot.pause()
            assert "没有这个地点" not in "\n".join(app.lines())
            check_screen(app)

    async def test_a_key_draws_the_line_of_its_field(self) -> None:
        box = form()
        async with Stage(box).run_test(size=(60, 12)) as pilot:
            await pilot.press("tab", "a")
            await pilot.pause()
            with drawn_lines(box) as drawn:
                await pilot.press("b")
                await pilot.pause()
            assert drawn == [2]

    async def test_long_text_is_shown_on_several_lines(self) -> None:
        box = form()
        app = Stage(box)
        async with app.run_test(size=(30, 14)) as pilot:
            await pilot.press("tab", "tab")
            text = "".join(chr(0x4E00 + n) for n in range(30))
            box.post_message(events.Paste(text))
            await pilot.pause()
            shown = "".join("".join(app.lines()[3:7]).split())
            assert shown.removeprefix(">内容") == text
            check_screen(app)
            y = app.cursor_position.y
            await pilot.press("home")
            assert app.cursor_position.y < y
            await pilot.press(*["right"] * 12)
            assert app.cursor_position == (6, 4)

    async def test_the_current_field_is_seen_on_a_small_screen(self) -> None:
        many = [Field(f"f{n}", f"第{n}项") for n in range(20)]
        box = Form("表", many)
        app = Stage(box)
        async with app.run_test(size=(40, 6)) as pilot:
            for n in range(19):
                await pilot.press("tab")
                await pilot.pause()
                assert any(line.startswith(">") and f"第{n + 1}项" in line for line in app.lines())

    async def test_labels_change_live_and_values_stay(self) -> None:
        box = form()
        app = Stage(box)
        async with app.run_test(size=(60, 12)) as pilot:
            await fill(pilot)
            english = (
                Field(
                    "kind", "Kind", "choice", (Choice("fraud", "Fraud"), Choice("accident", "A"))
                ),
                Field("place", "Place"),
                Field("text", "Text", "long"),
            )
            box.set_fields(english)
            await pilot.pause()
            assert box.values["kind"] == "accident"
            assert box.values["place"] == "建设一路"
            assert "Place 建设一路" in "\n".join(app.lines())

    @pytest.mark.parametrize("text", HOSTILE)
    async def test_foreign_text_is_only_drawn(self, text: str) -> None:
        box = Form(text, [Field("a", text), Field("b", text, "choice", (Choice(text, text),))])
        app = Stage(box)
        async with app.run_test(size=(40, 10)) as pilot:
            box.set_hints([text, [(text, "warn"), (text, "dim")]])
            box.set_error("a", text)
            box.post_message(events.Paste(text))
            await pilot.pause()
            check_screen(app)
            await pilot.press("tab")
            check_screen(app)

    def test_a_form_needs_fields_and_a_choice_needs_choices(self) -> None:
        with pytest.raises(ValueError, match="needs"):
            Form("", [])
        with pytest.raises(ValueError, match="needs"):
            Form("", [Field("a", "a", "choice")])
