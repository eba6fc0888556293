"""Settings: where they come from, what a mistake says, and that both readers agree."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from console.domain.message import Message, Problem
from console.early import Early, early, settings_file
from console.i18n import Translator
from console.settings import Settings, load

BOTH = [Translator("zh"), Translator("en")]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A person with nothing set."""
    for name in list(os.environ):
        if name.startswith(("ZHIBAN_", "LC_", "LANG", "XDG_")) or name == "SSH_CONNECTION":
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


def write(text: str) -> Path:
    path = settings_file(os.environ)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def outcome(read: object) -> Early | Message:
    """What the first frame would know, or the problem's message."""
    assert callable(read)
    try:
        found = read()
    except Problem as problem:
        return problem.message
    return Early(found.lang, found.theme, found.light, found.ascii)


class TestSources:
    def test_defaults(self, home: Path) -> None:
        settings = load()
        assert settings.district == "XS"
        assert settings.district_name == "萧山"
        assert settings.store == str(home / ".local/share/zhiban/zhiban.sqlite")
        assert settings.lang == "zh"
        assert settings.bell
        assert not settings.readonly
        assert settings.rules is None

    def test_option_beats_variable_beats_file(self, monkeypatch: pytest.MonkeyPatch) -> None:
        write('seat = "file"\ndistrict = "FILE"\nzone = "Europe/London"\n')
        monkeypatch.setenv("ZHIBAN_SEAT", "variable")
        monkeypatch.setenv("ZHIBAN_DISTRICT", "VAR")
        settings = load(seat="option", readonly=None)
        assert (settings.seat, settings.district, settings.zone) == (
            "option",
            "VAR",
            "Europe/London",
        )

    def test_named_file(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        other = tmp_path / "other.toml"
        other.write_text("bell = false\n[keys]\naccept = 'f12,a'\n")
        monkeypatch.setenv("ZHIBAN_SETTINGS", str(other))
        assert load().bell is False
        assert load().keys == {"accept": "f12,a"}

    def test_keys_by_variable(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("ZHIBAN_KEYS", '{"accept": "f12"}')
        assert load().keys == {"accept": "f12"}

    def test_rules_folder_beside_the_settings(self, home: Path) -> None:
        folder = home / ".config" / "zhiban" / "rules"
        folder.mkdir(parents=True)
        assert load().rules == folder

    def test_relative_xdg_folder_is_ignored(
        self, home: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("XDG_CONFIG_HOME", "relative")
        assert settings_file(os.environ) == home / ".config" / "zhiban" / "settings.toml"

    def test_other_peoples_variables_are_none_of_ours(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("ZHIBAN_TEST_POSTGRES", "x")
        assert load().district == "XS"

    def test_every_field_says_what_it_is(self) -> None:
        import ast
        import inspect

        (tree,) = ast.parse(inspect.getsource(Settings)).body
        assert isinstance(tree, ast.ClassDef)
        documented = {
            field.target.id
            for field, words in zip(tree.body, tree.body[1:], strict=False)
            if isinstance(field, ast.AnnAssign)
            and isinstance(field.target, ast.Name)
            and isinstance(words, ast.Expr)
            and isinstance(words.value, ast.Constant)
        }
        assert documented == set(Settings.model_fields)


class TestMistakes:
    @pytest.mark.parametrize(
        ("text", "key", "reason"),
        [
            ("readonly = 'maybe'", "readonly", "settings.no_flag"),
            ("bell = 3", "bell", "settings.no_flag"),
            ("lang = 'fr'", "lang", "settings.no_lang"),
            ("theme = 'pink'", "theme", "settings.no_theme"),
            ("zone = 'Mars/Base'", "zone", "settings.no_zone"),
            ("zone = '../etc/passwd'", "zone", "settings.no_zone"),
            ("zone = 8", "zone", "settings.no_text"),
            ("district = 'xs-1'", "district", "settings.no_code"),
            ("rules = '/nowhere/at/all'", "rules", "settings.no_folder"),
            ("rules = 1", "rules", "settings.no_text"),
            ("keys = 'a'", "keys", "settings.no_table"),
            ("keys = { accept = 'a,' }", "keys", "settings.no_key"),
            ("keys = { accept = 1 }", "keys", "settings.no_text"),
            ("store = ''", "store", "settings.empty"),
            ("colour = 'red'", "colour", "settings.unknown_key"),
        ],
    )
    def test_file_key_and_reason_are_named(self, text: str, key: str, reason: str) -> None:
        path = write(text)
        with pytest.raises(Problem) as caught:
            load()
        args = caught.value.message.args
        assert (args["where"], args["key"]) == (str(path), key)
        assert isinstance(args["reason"], Message)
        assert args["reason"].id == reason
        for translator in BOTH:
            sentence = translator.t(caught.value.message)
            assert str(path) in sentence
            assert reason not in sentence

    def test_variable_is_named(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("ZHIBAN_DISTRICT", "?")
        with pytest.raises(Problem) as caught:
            load()
        assert caught.value.message.args["where"] == "ZHIBAN_DISTRICT"

    def test_variable_that_is_no_json(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("ZHIBAN_KEYS", "accept=f12")
        with pytest.raises(Problem) as caught:
            load()
        assert caught.value.message.args["where"] == "ZHIBAN_KEYS"
        assert '{"accept": "f12"}' in BOTH[1].t(caught.value.message)

    def test_option_is_named(self) -> None:
        with pytest.raises(Problem) as caught:
            load(district_name="")
        assert caught.value.message.args["where"] == "--district-name"


FILES = [
    "",
    "lang = 'en'\ntheme = 'light'\nlight = true\nascii = false",
    "lang = 'zh_CN.UTF-8'\nlight = 'off'",
    "lang = 'fr'",
    "theme = 7",
    "ascii = 'perhaps'",
    "light = 1",
    "= broken",
]
ENVIRONMENTS: list[dict[str, str]] = [
    {},
    {"LANG": "en_US.UTF-8", "SSH_CONNECTION": "10.0.0.1 1 10.0.0.2 22"},
    {"LANG": "zh_CN.GB18030", "LC_ALL": "C.UTF-8"},
    {"LC_MESSAGES": "de_DE", "ZHIBAN_LANG": "", "zhiban_theme": "contrast"},
    {"ZHIBAN_LANG": "en", "ZHIBAN_LIGHT": "no", "ZHIBAN_ASCII": "YES", "SSH_CONNECTION": "x"},
    {"ZHIBAN_LANG": "tlh"},
    {"ZHIBAN_LIGHT": "2"},
    {"ZHIBAN_SETTINGS": "/nowhere/settings.toml"},
    {"ZHIBAN_SETTINGS": "/"},
]


class TestFirstFrameAgrees:
    """The light reader and the whole one say the same, problems included."""

    @pytest.mark.parametrize("env", ENVIRONMENTS)
    @pytest.mark.parametrize("text", FILES)
    @pytest.mark.parametrize("lang", [None, "en", "xx"])
    def test_same(
        self, text: str, env: dict[str, str], lang: str | None, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        write(text)
        for name, value in env.items():
            monkeypatch.setenv(name, value)
        assert outcome(lambda: early(lang, os.environ)) == outcome(lambda: load(lang=lang))

    def test_not_utf8(self) -> None:
        write("").write_bytes(b"lang = '\xff'")
        assert outcome(lambda: early(None, os.environ)) == outcome(load)

    def test_options(self) -> None:
        write("theme = 'light'\nlight = true")
        assert early("en", {"HOME": os.environ["HOME"]}, theme="dark", light=False) == Early(
            "en", "dark", False, None
        )

    def test_standard_library_only(self) -> None:
        script = (
            "import sys; before = set(sys.modules); import console.early;"
            "new = {m.split('.')[0] for m in set(sys.modules) - before};"
            "print(*sorted(new - sys.stdlib_module_names - {'console'}))"
        )
        out = subprocess.run(
            [sys.executable, "-I", "-c", script], capture_output=True, text=True, check=True
        )
        assert out.stdout.strip() == ""
