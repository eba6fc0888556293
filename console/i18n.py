"""Words at the edge: message ids become Chinese or English sentences here.

A catalogue is a gettext ``.mo`` file, one an area of the program and language
(``locale/<locale>/LC_MESSAGES/<area>.mo``), compiled from the ``.po`` beside it
when the package is built (``hatch_build.py``) or by ``make translations``. The
key of an entry is the message's id, its text a sentence with ``{named}`` fields.
A new area is a new ``.po`` file; nothing has to be registered.

Only the standard library is needed here: this module is on the way to the first frame.
"""

from __future__ import annotations

import gettext
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final, TypeAlias

from console.domain.message import Arg, Label, Message

LANGUAGES: Final[Mapping[str, str]] = {"zh": "zh_CN", "en": "en"}
"""Language as `--lang` has it -> folder of its catalogues."""

DEFAULT: Final = "zh"
"""What is spoken when neither option nor locale says anything."""

LOCALE_DIR: Final = Path(__file__).parent / "locale"

SEPARATOR: Final = Message("list.separator")
"""What stands between the members of a tuple."""

Sayable: TypeAlias = "str | Message | Label | tuple[Arg, ...]"

# {{ and }} are braces; {name} and {name:spec} are fields. Anything else is text.
_FIELD = re.compile(r"\{\{|\}\}|\{([a-z_][a-z0-9_]*)(?::([^{}]*))?\}")


def normalize(name: str) -> str | None:
    """The language (a key of `LANGUAGES`) that a name such as ``zh_CN.UTF-8`` means.

    None when there is no catalogue for it.
    """
    head = re.split(r"[-_.@]", name.strip().lower(), maxsplit=1)[0]
    return head if head in LANGUAGES else None


def from_locale(env: Mapping[str, str]) -> str:
    """The language of the terminal's locale: Chinese or unknown -> zh, any other -> en.

    ``C`` and ``POSIX`` say nothing about the person, so they count as unknown.
    """
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := env.get(name, ""):
            if re.fullmatch(r"(C|POSIX)(\..*)?", value):
                return DEFAULT
            return normalize(value) or "en"
    return DEFAULT


class Translator:
    """Turns what domain, store and desk say into sentences of one language.

    Args:
        lang: a key of `LANGUAGES`.
        root: folder of the catalogues.
    """

    def __init__(self, lang: str = DEFAULT, root: Path = LOCALE_DIR) -> None:
        self._root = root
        self.set_language(lang)

    @property
    def lang(self) -> str:
        """The language that is spoken now."""
        return self._lang

    def set_language(self, lang: str) -> None:
        """Speak `lang` from now on.

        Raises:
            KeyError: there is no such language.
        """
        folder = self._root / LANGUAGES[lang] / "LC_MESSAGES"
        catalogue = gettext.NullTranslations()
        for path in sorted(folder.glob("*.mo")):
            with path.open("rb") as file:
                area = gettext.GNUTranslations(file)
            area.add_fallback(catalogue)
            catalogue = area
        self._catalogue = catalogue
        self._lang = lang

    def t(self, what: Sayable, /, **args: Arg) -> str:
        """The sentence for `what`: a message, a message's id, a label, or a tuple of such.

        An integer argument ``n`` chooses the plural form. Arguments are data: a
        brace inside one is a brace. An id without an entry, or a field without an
        argument, never fails: the id and its arguments are shown instead.

        Args:
            what: the thing to say; a bare string is a message's id.
            args: the message's arguments when `what` is an id, else further ones.
        """
        if isinstance(what, str):
            return self._sentence(what, args)
        if isinstance(what, Message):
            return self._sentence(what.id, {**what.args, **args} if args else what.args)
        return self._word(what)

    def has(self, id_: str) -> bool:
        """Whether the catalogue has an entry for `id_`."""
        return self._lookup(id_, {}) != id_

    def _lookup(self, id_: str, args: Mapping[str, Arg]) -> str:
        n = args.get("n")
        if isinstance(n, int):
            text = self._catalogue.ngettext(id_, id_, n)
            if text != id_:
                return text
        text = self._catalogue.gettext(id_)
        # An entry with plural forms and no number: the form for many.
        return text if text != id_ else self._catalogue.ngettext(id_, id_, 2)

    def _sentence(self, id_: str, args: Mapping[str, Arg]) -> str:
        text = self._lookup(id_, args)
        if text == id_:
            return self._bare(id_, args)
        if "{" not in text and "}" not in text:
            return text
        parts: list[str] = []
        end = 0
        for field in _FIELD.finditer(text):
            parts.append(text[end : field.start()])
            end = field.end()
            name, spec = field.groups()
            if name is None:
                parts.append(field.group()[0])
            elif name in args:
                parts.append(self._word(args[name], spec or ""))
            else:
                return self._bare(id_, args)
        parts.append(text[end:])
        return "".join(parts)

    def _bare(self, id_: str, args: Mapping[str, Arg]) -> str:
        if not args:
            return id_
        return f"{id_} ({', '.join(f'{k}={self._word(v)}' for k, v in args.items())})"

    def _word(self, value: Arg, spec: str = "") -> str:
        if isinstance(value, Message):
            return self._sentence(value.id, value.args)
        if isinstance(value, Label):
            return value.zh if self._lang == "zh" else value.en
        if isinstance(value, tuple):
            separator = self._lookup(SEPARATOR.id, {})
            return separator.join(self._word(member) for member in value)
        if value is None:
            return "-"
        if spec and isinstance(value, int | float):
            return format(value, spec)
        return str(value)
