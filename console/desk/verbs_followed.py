"""Verbs that show what is followed to its end, and the pictures that came with it."""

from __future__ import annotations

from console.desk.verb import EVERYBODY, Kind, Names, Param, Verb


class Loops(Verb):
    """The page of everything that is not closed yet."""

    id = "loops"
    names = Names("闭环", "loops", "bihuan", "看闭环, show the loops")
    params = (Param(Kind.WORDS, required=False, name="loops"),)
    key = "f6"
    roles = EVERYBODY
    example = ("闭环 欠薪", "loops wages")


class Photo(Verb):
    """The pictures of an incident."""

    id = "photo"
    names = Names("看图", "photo", "kantu", "图片, 照片, 看照片, pictures, show the photos")
    params = (Param(Kind.INCIDENT, required=False),)
    key = "ctrl+o"
    roles = EVERYBODY
    example = ("看图 42", "photo 42")


FOLLOWED_VERBS: tuple[type[Verb], ...] = (Loops, Photo)
"""In the order in which the help shows them."""
