"""What an order to another system asks for, as people say it."""

from __future__ import annotations

from typing import Final

from console.domain.message import Message

ACTIONS: Final = frozenset(
    [
        "accept",
        "acknowledge",
        "alert",
        "answer",
        "arrival",
        "arrived",
        "award",
        "block",
        "bulletin",
        "call_result",
        "cleared",
        "close",
        "closed",
        "correct_address",
        "dispatch",
        "dispatched",
        "dispose",
        "dissuasion",
        "enforce",
        "evacuate",
        "evidence_list",
        "extend",
        "extend_stop",
        "facilities",
        "family_notified",
        "fatal",
        "feedback",
        "finish",
        "freeze",
        "handle",
        "hold_delivery",
        "measure",
        "notice",
        "order_fix",
        "out",
        "outcome",
        "payment",
        "record",
        "recruit",
        "redeem",
        "refuse",
        "reinspect",
        "release",
        "repair",
        "reply",
        "request",
        "research",
        "return",
        "return_money",
        "reuse",
        "review_code",
        "settle",
        "sign",
        "sign_off",
        "signed",
        "silence",
        "stop_payment",
        "supervise",
        "taken_back",
        "transfer",
        "urge",
        "verification",
        "verify",
        "visit",
        "visit_result",
        "zone_plan",
    ]
)
"""Those that have a name of their own in the catalogue."""


def action_said(action: str) -> Message | str:
    """What is asked for; the word of the wire for what has no name."""
    id_ = action.replace("-", "_")
    return Message(f"action.{id_}") if id_ in ACTIONS else action
