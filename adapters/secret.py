"""Secrets: from the environment or from a file that nobody else may read.

A secret is never printed: neither `repr` nor `str` shows it, and it is asked for by
`reveal` at the one place that signs a request. What is in an address all the same is
taken out by `redacted` wherever the address is shown.
"""

from __future__ import annotations

import os
import re
import stat
import tomllib
from collections.abc import Mapping
from pathlib import Path

PREFIX = "ZHIBAN_SECRET_"
"""``ZHIBAN_SECRET_FRAUDGUARD`` holds the secret of ``fraudguard``."""


REASONS = ("open_to_others", "missing", "not_toml")
"""Why a file of secrets cannot be used."""


class SecretError(ValueError):
    """A file of secrets that cannot be used; `reason` is one of `REASONS`."""

    def __init__(self, reason: str, path: Path) -> None:
        assert reason in REASONS, reason
        super().__init__(f"{reason}: {path}")
        self.reason = reason
        self.path = path


class Secret:
    """A word that only the two ends of a link know."""

    __slots__ = ("_word",)

    def __init__(self, word: str) -> None:
        self._word = word

    def reveal(self) -> str:
        """The word itself, to sign or to show to its owner's other end."""
        return self._word

    def __bool__(self) -> bool:
        return bool(self._word)

    def __repr__(self) -> str:
        return "Secret(***)"

    __str__ = __repr__


_HIDDEN = "***"

_USER = re.compile(
    r"(?P<kept>[A-Za-z][A-Za-z0-9+.-]{0,30}://[^\s/?#:@]{0,200}:)[^\s/?#]{1,400}(?=@)"
)
"""A password in front of an address's host, one with an @ in it included."""

_NAMED = re.compile(
    r"(?P<kept>(?:password|passwd|passfile|pwd|token|secret|api_?key|(?<![A-Za-z])sign)"
    r"[A-Za-z0-9_]{0,40}(?:\s{0,3}=\s{0,3}|[\"']\s{0,3}:\s{0,3}))"
    r"(?:\"[^\"]*\"|'[^']*'|[^\s&;,'\"#})\]]+)",
    re.IGNORECASE,
)
"""A word that is a secret by the name before it: in an address, in a driver's settings."""


def redacted(text: str) -> str:
    """A text, an address for instance, with ``***`` for every password and token in it."""
    if "://" in text:
        text = _USER.sub(rf"\g<kept>{_HIDDEN}", text)
    return _NAMED.sub(rf"\g<kept>{_HIDDEN}", text)


def read(path: Path | None, environ: Mapping[str, str] | None = None) -> dict[str, Secret]:
    """The secrets by system: those of the file, and over them those of the environment.

    Args:
        path: a TOML file ``system = "secret"`` with rights 0600, or None.
        environ: the environment; by default this process's.

    Raises:
        SecretError: the file is not there, may be read by others, or is no such TOML.
    """
    found: dict[str, Secret] = {}
    if path is not None:
        try:
            seen = path.stat()
            if stat.S_IMODE(seen.st_mode) & 0o077:
                raise SecretError("open_to_others", path)
            table = tomllib.loads(path.read_text(encoding="utf-8"))
        except OSError as error:
            raise SecretError("missing", path) from error
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise SecretError("not_toml", path) from error
        if not all(isinstance(word, str) for word in table.values()):
            raise SecretError("not_toml", path)
        found = {system: Secret(word) for system, word in table.items()}
    values = os.environ if environ is None else environ
    for name, word in values.items():
        if name.startswith(PREFIX) and word:
            found[name.removeprefix(PREFIX).lower()] = Secret(word)
    return found


def more_of(words: Mapping[str, Secret], system: str) -> dict[str, Secret]:
    """The further secrets of a system: ``dingtalk_app`` is ``app`` of ``dingtalk``."""
    head = f"{system}_"
    return {name.removeprefix(head): one for name, one in words.items() if name.startswith(head)}


def write(path: Path, words: Mapping[str, str]) -> None:
    """Make a file of secrets that only its owner may read.

    Raises:
        FileExistsError: it is there already.
    """
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.writelines(f'{system} = "{word}"\n' for system, word in sorted(words.items()))
