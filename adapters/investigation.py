"""侦防平台.

Contract of our own: no public interface description exists. Source: the article; design page
*systems*. Row 8: asked, not fed: the person behind a phone or account; the evidence list of a
case.
"""

from __future__ import annotations

from adapters.contract import Contract
from adapters.matter import actions

CONTRACT = Contract(
    "investigation",
    "侦防平台",
    feeds=(),
    actions=(*actions("cases", "research", "evidence_list", "transfer"),),
    source=__doc__ or "",
)
