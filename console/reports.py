"""A report as bytes and as a file: the form that is asked for, and where it goes."""

from __future__ import annotations

import errno
import os
import secrets
from itertools import count
from pathlib import Path

from console import private
from console.domain.document import Document
from console.domain.message import Problem, msg
from console.i18n import Translator

FORMS = ("md", "html", "docx")
"""What a report can be written as."""


def rendered(document: Document, form: str, words: Translator) -> bytes:
    """The document in a form.

    Args:
        document: what is written.
        form: one of `FORMS`.
        words: speaks the language.

    Raises:
        Problem: DOCX is asked for and what writes it is not installed.
    """
    if form == "html":
        from console.written_html import html

        return html(document, words).encode("utf-8")
    if form == "docx":
        from console.written_docx import docx

        return docx(document, words)
    from console.written import markdown

    return markdown(document, words).encode("utf-8")


def put(path: Path, data: bytes) -> None:
    """Write a file whole or not at all, for its owner only: it tells of people's misfortunes, and
    what stands in it is masked, not anonymous. One that is there is replaced; a group that could
    write it still can.

    What a link leads to is written, and the link stays.

    Raises:
        Problem: it cannot be written.
    """
    try:
        if path.exists() and not path.is_file():
            path.write_bytes(data)  # a device or a pipe: it has no neighbour to be made in
            return
        target = Path(os.path.realpath(path))
        if target.is_symlink():
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
        mode = private.narrowed(target.stat().st_mode) if target.exists() else private.FILE
        beside = target.parent / f".zhiban-{secrets.token_hex(8)}"
        with os.fdopen(private.create(beside), "wb") as file:
            try:
                file.write(data)
                file.flush()
                os.chmod(beside, mode)
                os.replace(beside, target)
            except OSError:
                beside.unlink()
                raise
    except OSError as error:
        raise _unwritable(path, error) from error


def keep(folder: Path, name: str, form: str, data: bytes) -> Path:
    """Write a new file into a folder, which is made; a number is added to a name that is taken.

    Returns:
        The file.

    Raises:
        Problem: it cannot be written; nothing is left behind.
    """
    path = folder
    try:
        private.folder(folder)
        for n in count(1):
            path = folder / (f"{name}.{form}" if n == 1 else f"{name}-{n}.{form}")
            try:
                with os.fdopen(private.create(path), "wb") as file:
                    try:
                        file.write(data)
                        file.flush()
                    except OSError:
                        path.unlink(missing_ok=True)
                        raise
            except FileExistsError:
                continue
            break
    except OSError as error:
        raise _unwritable(path, error) from error
    return path


def _unwritable(path: Path, error: OSError) -> Problem:
    reason = error.strerror or type(error).__name__
    return Problem(msg("report.unwritable", path=str(path), reason=reason))
