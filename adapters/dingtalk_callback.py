"""What DingTalk posts when a resident speaks to the robot: who signed it, and what it says."""

from __future__ import annotations

import hmac
import json
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from adapters.dingtalk import SYSTEM, sign
from adapters.port import Report
from adapters.secret import Secret

SKEW_MS = 3_600_000
"""How far the time of a signature may be off: one hour."""

PICTURE = "[图片]"
"""What stands for the words of a message that has none."""

REASONS = ("forged", "stale", "replayed")
"""Why a callback is turned away; ``replayed`` is for whoever remembers what has come."""


def turned_away(secret: Secret, timestamp: str, signature: str, now: int) -> str:
    """Why a callback is not taken, one of `REASONS`; "" when it is signed and fresh.

    Args:
        secret: the app's; without one nobody is believed.
        timestamp: header, ms since the epoch.
        signature: header, base64.
        now: ms UTC.
    """
    fits = hmac.compare_digest(sign(secret, timestamp).encode(), signature.encode())
    if not secret or not fits or not (timestamp.isascii() and timestamp.isdigit()):
        return "forged"
    if len(timestamp) > 15 or abs(int(timestamp) - now) > SKEW_MS:
        return "stale"
    return ""


class _Text(BaseModel):
    content: str = ""


class _Callback(BaseModel):
    model_config = ConfigDict(extra="ignore")

    msgId: str = Field(min_length=1)  # noqa: N815 - DingTalk's own names
    msgtype: str = Field(min_length=1)
    createAt: int | None = None  # noqa: N815
    senderNick: str = ""  # noqa: N815
    senderId: str = ""  # noqa: N815
    senderStaffId: str = ""  # noqa: N815
    conversationTitle: str = ""  # noqa: N815
    text: _Text | None = None
    content: dict[str, Any] | None = None


def read(body: bytes) -> Report:
    """A callback's body as a report.

    Raises:
        ValueError: it is no message of a kind that is known; says which part is wrong.
    """
    try:
        value = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise ValueError("not JSON") from error
    try:
        one = _Callback.model_validate(value)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "body"
        raise ValueError(f"{where}: {first['msg']}") from error
    words, photos = _said(one)
    sender = one.senderStaffId or one.senderId
    facts = {"sender": sender, "group": one.conversationTitle}
    return Report(
        SYSTEM,
        one.msgId,
        words or (PICTURE if photos else ""),
        one.createAt,
        caller=one.senderNick,
        facts={name: value for name, value in facts.items() if value},
        photos=photos,
    )


def _said(one: _Callback) -> tuple[str, tuple[str, ...]]:
    """Words and pictures of a message, by its type."""
    content = one.content or {}
    if one.msgtype == "text" and one.text is not None and one.text.content.strip():
        return one.text.content.strip(), ()
    if one.msgtype == "picture" and (code := _code(content)):
        return "", (code,)
    if one.msgtype == "audio" and isinstance(heard := content.get("recognition"), str):
        return heard.strip(), ()
    if one.msgtype == "richText" and isinstance(parts := content.get("richText"), list):
        pieces = [part for part in parts if isinstance(part, dict)]
        words = "".join(str(part["text"]) for part in pieces if isinstance(part.get("text"), str))
        photos = tuple(code for part in pieces if (code := _code(part)))
        if words.strip() or photos:
            return words.strip(), photos
    raise ValueError(f"msgtype: {one.msgtype[:40]}")


def _code(part: dict[str, Any]) -> str:
    code = part.get("downloadCode")
    return code if isinstance(code, str) else ""
