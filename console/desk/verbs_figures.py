"""Verbs that show figures: what is countable is shown, and every count leads to its incidents."""

from __future__ import annotations

from console.desk.verb import EVERYBODY, Kind, Names, Param, Verb


class Figures(Verb):
    """The page of the accident, fraud and fire figures."""

    id = "figures"
    names = Names("态势", "figures", "taishi", "看态势, show the figures")
    params = (Param(Kind.WORDS, required=False, name="figures"),)
    key = "f3"
    roles = EVERYBODY
    example = ("态势 电诈 本月", "figures fraud month")


FIGURES_VERBS: tuple[type[Verb], ...] = (Figures,)
"""In the order in which the help shows them."""
