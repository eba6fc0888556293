"""What a file is by its first bytes, for those that are no table that can be read."""

from __future__ import annotations

import zipfile
from enum import Enum
from pathlib import Path

from console.domain.message import Message, msg

_LOOKED_AT = 1 << 20

_BY_START: tuple[tuple[bytes, Message], ...] = (
    (b"%PDF", msg("kind.pdf")),
    (b"{\\rtf", msg("kind.rtf")),
    (b"Rar!", msg("kind.archive")),
    (b"7z\xbc\xaf\x27\x1c", msg("kind.archive")),
    (b"BZh", msg("kind.archive")),
    (b"\xfd7zXZ\x00", msg("kind.archive")),
    (b"\x28\xb5\x2f\xfd", msg("kind.archive")),
    (b"SQLite format 3\x00", msg("kind.database")),
    (b"\xff\xd8\xff", msg("kind.picture")),
    (b"\x89PNG", msg("kind.picture")),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_WEB = (b"<!doctype html", b"<html", b"<table", b"<head", b"<meta")


class Kind(Enum):
    """How a file is read."""

    TEXT = "text"
    GZIP = "gzip"
    WORKBOOK = "workbook"


def kind_of(path: Path) -> Kind | Message:
    """How a file is read, or what it is that cannot be read.

    Raises:
        OSError: it cannot be opened.
    """
    with path.open("rb") as file:
        start = file.read(_LOOKED_AT)
    if start.startswith(b"\x1f\x8b"):
        return Kind.GZIP
    if start.startswith(_OLE):
        locked = "EncryptedPackage".encode("utf-16-le") in start
        return msg("kind.locked") if locked else msg("kind.xls")
    if start.startswith(b"PK") and zipfile.is_zipfile(path):
        return _packed(path)
    found = next((said for mark, said in _BY_START if start.startswith(mark)), None)
    if found is not None:
        return found
    bare = start[:2048].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if bare.startswith(_WEB):
        return msg("kind.web")
    if bare.startswith(b"<?xml"):
        excel = b"urn:schemas-microsoft-com:office:spreadsheet" in bare
        return msg("kind.xml_sheet") if excel else msg("kind.xml")
    return Kind.TEXT


def _packed(path: Path) -> Kind | Message:
    try:
        with zipfile.ZipFile(path) as packed:
            names = set(packed.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return msg("kind.archive")
    if "xl/workbook.xml" in names:
        return Kind.WORKBOOK
    if "xl/workbook.bin" in names:
        return msg("kind.xlsb")
    if "word/document.xml" in names:
        return msg("kind.docx")
    if "content.xml" in names:
        return msg("kind.ods")
    return msg("kind.archive")
