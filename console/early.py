"""Settings that the first frame needs, read with the standard library alone.

`console.settings` is the whole of the settings, but what it stands on takes longer to
import than a frame may take to appear. The language, the theme and the profile of the
terminal are read here; `Settings` uses the same functions, so both always agree.

Order: option, ``ZHIBAN_…`` variable, settings file, what the surroundings say.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from console.domain.message import Arg, Message, Problem, msg
from console.i18n import LANGUAGES, from_locale, normalize

PREFIX: Final = "ZHIBAN_"

THEMES: Final = ("dark", "light", "contrast")
"""The themes that ship, by the names of the settings; the first is the default."""

_YES: Final = frozenset({"1", "true", "yes", "on", "y", "t"})
_NO: Final = frozenset({"0", "false", "no", "off", "n", "f"})


class Unfit(ValueError):  # noqa: N818 - it is not a fault of the program
    """A setting's value is not one; `reason` is the sentence for the person."""

    def __init__(self, reason: Message) -> None:
        super().__init__(reason.id)
        self.reason = reason


def bad_setting(where: str, key: str, reason: Message) -> Problem:
    """The problem for a mistake in the settings.

    Args:
        where: the settings file, the variable, or the option with the mistake.
        key: the setting.
        reason: what is wrong with it.
    """
    return Problem(msg("settings.bad", where=where, key=key, reason=reason))


def as_flag(value: object) -> bool:
    """A switch: true or false, or a word for it (yes, no, on, off, 1, 0).

    Raises:
        Unfit: it is none.
    """
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.strip().lower() in _YES | _NO:
        return value.strip().lower() in _YES
    raise Unfit(msg("settings.no_flag", value=_shown(value)))


def as_lang(value: object) -> str:
    """A language: zh or en, or a locale's name for one of them.

    Raises:
        Unfit: there is no catalogue for it.
    """
    lang = normalize(value) if isinstance(value, str) else None
    if lang is None:
        raise Unfit(msg("settings.no_lang", value=_shown(value), known=tuple(LANGUAGES)))
    return lang


def as_theme(value: object) -> str:
    """One of `THEMES`.

    Raises:
        Unfit: there is no such theme.
    """
    if isinstance(value, str) and value in THEMES:
        return value
    raise Unfit(msg("settings.no_theme", value=_shown(value), known=THEMES))


def _shown(value: object) -> Arg:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _folder(env: Mapping[str, str], variable: str, otherwise: str) -> Path:
    # The XDG base directory specification: a path that is not absolute is to be ignored.
    base = Path(env.get(variable, ""))
    if not base.is_absolute():
        base = Path(env.get("HOME") or Path.home()) / otherwise
    return base / "zhiban"


def config_folder(env: Mapping[str, str]) -> Path:
    """Where this person's settings live (XDG base directory specification)."""
    return _folder(env, "XDG_CONFIG_HOME", ".config")


def data_folder(env: Mapping[str, str]) -> Path:
    """Where this person's store lives when no other is named (XDG, as above)."""
    return _folder(env, "XDG_DATA_HOME", ".local/share")


def variables(env: Mapping[str, str]) -> dict[str, str]:
    """The ``ZHIBAN_…`` variables by the setting's name; empty ones do not count."""
    start = PREFIX.lower()
    return {
        name.lower().removeprefix(start): value
        for name, value in env.items()
        if value and name.lower().startswith(start)
    }


def origin(key: str, options: Mapping[str, object], env: Mapping[str, str]) -> str:
    """Where the setting `key` was set: the option, the variable, or the settings file."""
    if key in options:
        return f"--{key.replace('_', '-')}"
    if key in variables(env):
        return f"{PREFIX}{key.upper()}"
    return str(settings_file(env))


def settings_file(env: Mapping[str, str]) -> Path:
    """The settings file: ``ZHIBAN_SETTINGS``, else ``settings.toml`` in the config folder."""
    named = variables(env).get("settings")
    return Path(named).expanduser() if named else config_folder(env) / "settings.toml"


def read_file(env: Mapping[str, str]) -> dict[str, object]:
    """What the settings file says; nothing when the usual one does not exist.

    Raises:
        Problem: the file was named and is not there, cannot be read, or is not TOML.
    """
    path = settings_file(env)
    try:
        raw = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError) as error:
        if variables(env).get("settings"):
            raise Problem(msg("settings.no_file", file=str(path))) from error
        return {}
    except OSError as error:
        reason = error.strerror or str(error)
        raise Problem(msg("settings.unreadable", file=str(path), reason=reason)) from error
    import tomllib  # only for those who have a settings file

    try:
        return tomllib.loads(raw.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise Problem(msg("settings.not_utf8", file=str(path), at=error.start)) from error
    except tomllib.TOMLDecodeError as error:
        raise Problem(msg("settings.not_toml", file=str(path), reason=str(error))) from error


@dataclass(frozen=True, slots=True)
class Early:
    """What the first frame needs to know.

    `ascii` is None when the terminal is to be asked how wide it draws box lines.
    """

    lang: str
    theme: str
    light: bool
    ascii: bool | None


def early(
    lang: str | None,
    env: Mapping[str, str],
    *,
    theme: str | None = None,
    light: bool | None = None,
) -> Early:
    """The settings of the first frame.

    Args:
        lang: the option ``--lang``, None when it was not given.
        env: the process's environment.
        theme: the option ``--theme``, likewise.
        light: the option ``--light``, likewise.

    Raises:
        Problem: option, variable or file has a mistake in one of these settings, or the
            file is not a settings file at all.
    """
    given = {"lang": lang, "theme": theme, "light": light}
    options: dict[str, object] = {k: v for k, v in given.items() if v is not None}
    values = {**read_file(env), **variables(env), **options}
    found: dict[str, object] = {}
    for key, read in (
        ("lang", as_lang),
        ("theme", as_theme),
        ("light", as_flag),
        ("ascii", as_flag),
    ):
        if key in values:
            try:
                found[key] = read(values[key])
            except Unfit as error:
                raise bad_setting(origin(key, options, env), key, error.reason) from error
    return Early(
        lang=str(found.get("lang", from_locale(env))),
        theme=str(found.get("theme", THEMES[0])),
        light=bool(found.get("light", over_ssh(env))),
        ascii=bool(found["ascii"]) if "ascii" in found else None,
    )


def spoken(lang: str | None, env: Mapping[str, str]) -> str:
    """The language in which a mistake is told, also when it is one in the settings.

    Args:
        lang: the option ``--lang``, None when it was not given.
        env: the process's environment.
    """
    try:
        return early(lang, env).lang
    except Problem:
        for name in (lang, variables(env).get("lang")):
            if name is not None and (found := normalize(name)) is not None:
                return found
        return from_locale(env)


def asked_lang(argv: Sequence[str]) -> str | None:
    """What the option ``--lang`` says, before the command line has been understood."""
    for place, word in enumerate(argv):
        if word == "--lang":
            return argv[place + 1] if place + 1 < len(argv) else None
        if word.startswith("--lang="):
            return word.removeprefix("--lang=")
    return None


def over_ssh(env: Mapping[str, str]) -> bool:
    """Whether the terminal is at the other end of an SSH connection: then every byte counts."""
    return bool(env.get("SSH_CONNECTION"))
