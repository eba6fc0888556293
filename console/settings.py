"""The settings, all of them, in one class.

Order: option of the command line, ``ZHIBAN_…`` variable, settings file (TOML;
``~/.config/zhiban/settings.toml`` or what ``ZHIBAN_SETTINGS`` names), default. The names
are the same everywhere: ``--district-name``, ``ZHIBAN_DISTRICT_NAME``, ``district_name``.

Importing this takes longer than a frame may take to appear; what the first frame needs
is in `console.early`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    InitSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
)

from adapters.secret import redacted
from console import private
from console.domain.message import Message, msg
from console.early import (
    PREFIX,
    THEMES,
    Unfit,
    as_flag,
    as_lang,
    as_theme,
    bad_setting,
    config_folder,
    data_folder,
    origin,
    over_ssh,
    read_file,
    settings_file,
)
from console.i18n import from_locale

Flag = Annotated[bool, BeforeValidator(as_flag)]

_SHAPES: Mapping[str, str] = {
    "extra_forbidden": "settings.unknown_key",
    "string_type": "settings.no_text",
    "path_type": "settings.no_text",
    "dict_type": "settings.no_table",
    "string_too_short": "settings.empty",
}
"""pydantic's kind of mistake -> the sentence for it."""


def _rules_folder() -> Path | None:
    folder = config_folder(os.environ) / "rules"
    return folder if folder.is_dir() else None


class LinkSettings(BaseModel):
    """How one system is reached, where that differs from the others."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: str | None = None
    """Where it is; by default ``<systems>/<system>``."""
    auth: Literal["bearer", "hmac", "none"] = "bearer"
    """How we say who we are."""
    ca_file: Path | None = None
    """Certificates to trust besides the system's own."""
    name: str | None = None
    """Who we are to it, where its protocol asks: the sender of our warnings, the client's
    id at a broker; by default ``zhiban-<district>``."""
    format: Literal["json", "xml"] = "json"
    """What is spoken with a system of Open311, which knows both."""
    off: bool = False
    """Not reached at all; its orders wait."""


class Settings(BaseSettings):
    """Everything that a center or a person may set. Make one with `load`."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, extra="forbid", frozen=True
    )

    store: str = Field(
        default_factory=lambda: str(data_folder(os.environ) / "zhiban.sqlite"), min_length=1
    )
    """The operational database: a path (SQLite) or a URL (``postgresql://…``)."""

    patience: float = Field(12.0, ge=1.0, le=3_600.0)
    """Seconds in which a database server has to answer; then it is given up, and what was
    under way was not done."""

    zone: str | None = None
    """The center's time zone (IANA name): what a day, an hour and a year are in every
    figure. None leaves it to the store, which keeps the zone it was made with; a new one
    gets Asia/Shanghai."""

    district: str = "XS"
    """Code of the district, two to eight capital letters and digits: the head of every
    incident's number (``XS-20261123-0042``)."""

    district_name: str = Field("萧山", min_length=1)
    """The district's name, as the status bar shows it."""

    seat: str | None = None
    """The seat this console is; None asks at sign-on."""

    lang: Annotated[str, BeforeValidator(as_lang)] = Field(
        default_factory=lambda: from_locale(os.environ)
    )
    """Language of the screen and of the words on stderr: ``zh`` or ``en``. By default
    what the locale says."""

    theme: Annotated[str, BeforeValidator(as_theme)] = THEMES[0]
    """``dark``, ``light`` or ``contrast`` (high contrast)."""

    light: Flag = Field(default_factory=lambda: over_ssh(os.environ))
    """Light profile for thin lines: no animation, updates at most once a second, charts
    on demand. By default on over SSH."""

    ascii: Flag | None = None
    """Frames of ASCII characters instead of box lines. None asks the terminal at start
    how wide it draws box lines."""

    readonly: Flag = False
    """Nothing can be changed from this console."""

    rules: Path | None = Field(default_factory=_rules_folder)
    """Folder of the center's own playbooks and tables, which replace ours file by file.
    By default ``rules`` beside the settings file, when it is there."""

    bell: Flag = True
    """Ring the terminal's bell for a new incident of the first priority."""

    notify: Flag = True
    """Send a desktop notification (OSC 9 and 777) for the same."""

    reports: Path = Field(default_factory=lambda: data_folder(os.environ) / "reports")
    """Folder of the reports that are written from the screen."""

    systems: str | None = None
    """Where the district's systems are: a URL below which each has its own place
    (``http://127.0.0.1:8700``). None reaches none but those of ``links``."""

    secrets: Path | None = None
    """File of the systems' secrets (TOML, ``system = "secret"``; nobody else may read it).
    ``ZHIBAN_SECRET_<SYSTEM>`` goes before it."""

    listen: str | None = None
    """Where the gateway takes callbacks: ``HOST:PORT``. None takes none."""

    longest_wait: float = Field(300.0, ge=1, le=86_400)
    """How long another system may ask to be left alone (Retry-After), in seconds; one that
    asks for more is asked again after this."""

    links: dict[str, LinkSettings] = Field(default_factory=dict)
    """Systems that are reached in another way than the rest."""

    keys: dict[str, str] = Field(default_factory=dict)
    """Other keys: the id of a binding -> the keys for it, with commas between
    (``accept = "f12,a"``)."""

    def known_as(self, system: str) -> str:
        """Who we are to a system, where its protocol asks."""
        one = self.links.get(system, LinkSettings())
        return one.name or f"zhiban-{self.district.lower()}"

    @field_validator("zone")
    @classmethod
    def _zone_exists(cls, name: str | None) -> str | None:
        if name is not None:
            try:
                ZoneInfo(name)
            except (KeyError, ValueError, OSError) as error:
                raise Unfit(msg("settings.no_zone", value=name)) from error
        return name

    @field_validator("district")
    @classmethod
    def _district_is_a_code(cls, code: str) -> str:
        if not re.fullmatch(r"[A-Z][A-Z0-9]{1,7}", code):
            raise Unfit(msg("settings.no_code", value=code))
        return code

    @field_validator("listen")
    @classmethod
    def _listen_is_a_place(cls, listen: str | None) -> str | None:
        if listen is not None and not re.fullmatch(r"(\[[0-9A-Fa-f:]+\]|[^\s:]+):\d{1,5}", listen):
            raise Unfit(msg("settings.no_listen", value=listen))
        return listen

    @field_validator("rules")
    @classmethod
    def _rules_are_there(cls, folder: Path | None) -> Path | None:
        if folder is None:
            return None
        folder = folder.expanduser()
        if not folder.is_dir():
            raise Unfit(msg("settings.no_folder", value=str(folder)))
        return folder

    @field_validator("reports")
    @classmethod
    def _reports_from_home(cls, folder: Path) -> Path:
        return folder.expanduser()

    @field_validator("keys")
    @classmethod
    def _keys_are_named(cls, keys: dict[str, str]) -> dict[str, str]:
        for binding, names in keys.items():
            if not all(re.fullmatch(r"\S+", name.strip()) for name in names.split(",")):
                raise Unfit(msg("settings.no_key", binding=binding, value=names))
        return keys

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Options, variables, the settings file; no ``.env`` and no secrets folder."""
        file = InitSettingsSource(settings_cls, init_kwargs=read_file(os.environ))
        return init_settings, env_settings, file


def load(**options: object) -> Settings:
    """The settings of this process.

    Args:
        options: what the command line gave, by the setting's name; None was not given.

    Raises:
        Problem: a mistake, with where it is, which setting, and what is wrong.
    """
    given: dict[str, Any] = {key: value for key, value in options.items() if value is not None}
    try:
        return Settings(**given)
    except SettingsError as error:
        # The only value of a variable that is read before it is checked.
        raise bad_setting(f"{PREFIX}KEYS", "keys", msg("settings.no_json")) from error
    except ValidationError as error:
        first = error.errors()[0]
        key = str(first["loc"][0])
        raise bad_setting(origin(key, given, os.environ), key, _reason(first)) from error


def exposed() -> Path | None:
    """The settings file, when there is a password in it and others may read it."""
    file = settings_file(os.environ)
    return file if private.is_open(file) and _tells(read_file(os.environ)) else None


def _tells(value: object) -> bool:
    """Whether there is a password in what a settings file says."""
    if isinstance(value, dict):
        return any(_tells(one) for one in value.values())
    return isinstance(value, str) and redacted(value) != value


def _reason(error: Any) -> Message:
    cause = error.get("ctx", {}).get("error")
    if isinstance(cause, Unfit):
        return cause.reason
    id_ = _SHAPES.get(error["type"], "settings.unfit")
    return msg(id_, value=redacted(str(error["input"])))
