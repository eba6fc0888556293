"""Reading a place out of words: town, road, number, and how sure one can be.

Chinese addresses against the gazetteer (towns, villages and communities, roads);
English ones ("100 Block of MASONIC AVE", "FULTON ST/BAKER ST") as road and number.
"""

from __future__ import annotations

import csv
import math
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

from console.domain.message import msg
from console.domain.tables import Fault
from console.domain.writing import even

EARTH_KM = 6371.0088
"""Mean radius of the earth (IUGG)."""


@dataclass(frozen=True, slots=True)
class Town:
    """A town or sub-district. The centre is an estimate, good to a kilometre or two."""

    code: str
    name: str
    kind: str
    lat: float | None
    lon: float | None
    pinyin: str

    @property
    def short(self) -> str:
        """The name as people say it: without the word for its kind."""
        return self.name.removesuffix("街道").removesuffix("镇").removeprefix("萧山")

    @property
    def latin(self) -> str:
        """The name in Latin letters, as on signs: ``Xintang``; the Chinese one without pinyin."""
        return self.pinyin.replace(" ", "").capitalize() or self.name


@dataclass(frozen=True, slots=True)
class Place:
    """What could be read out of an address. Empty where nothing could.

    `road` of a crossing is both names in order, with a stroke between. `number` is the
    house number (``88``, ``88-2``, ``12弄5``), `flat` building, unit and
    room (``12-3-401``), `rest` what is left. `confidence` runs from 0 to 1.
    """

    town: str = ""
    road: str = ""
    number: str = ""
    rest: str = ""
    confidence: float = 0.0
    village: str = ""
    flat: str = ""


@dataclass(frozen=True)
class Gazetteer:
    """The names of the district. Roads and villages name the towns in which they lie."""

    towns: Mapping[str, Town]
    roads: Mapping[str, tuple[str, ...]]
    villages: Mapping[str, tuple[str, ...]]

    @cached_property
    def _town_names(self) -> dict[str, str]:
        return {n: t.code for t in self.towns.values() for n in (t.name, t.short) if len(n) > 1}

    @cached_property
    def _town_pattern(self) -> re.Pattern[str]:
        full = _either(t.name for t in self.towns.values())
        short = _either(t.short for t in self.towns.values() if len(t.short) > 1)
        # A short name is also part of other names: 进化村 lies in 瓜沥, 南阳路 anywhere.
        return re.compile(f"{full}|(?:{short})(?!村|社区|路|街(?!道)|大道|弄|桥|公园|新村|小区)")

    @cached_property
    def _road_pattern(self) -> re.Pattern[str]:
        return re.compile(_either(self.roads))

    @cached_property
    def _crossing_pattern(self) -> re.Pattern[str]:
        known = _either(self.roads)
        return re.compile(
            rf"[ ]*(?:与|和|跟|、|/|,|到)[ ]*(?P<road>{known})(?![ ]*\d)(?:的?交叉)?路?口?"
        )

    @cached_property
    def _village_pattern(self) -> re.Pattern[str]:
        return re.compile(_either(self.villages))

    def without_names(self, text: str) -> str:
        """`text` with the district's own names blanked: 蜀山 is a place, not a hill on fire."""
        for pattern in (self._town_pattern, self._road_pattern, self._village_pattern):
            text = pattern.sub(" ", text)
        return text

    @cached_property
    def read(self) -> Callable[[str], Place]:
        """`parse` with these names; it remembers the texts that it has read last.

        A report is compared with incidents that were read when they came in, again and
        again with the same ones.
        """
        return lru_cache(maxsize=4_096)(lambda text: parse(text, self))

    @cached_property
    def _names_pattern(self) -> re.Pattern[str]:
        names = _either(
            (
                *self.roads,
                *self.villages,
                *(n for t in self.towns.values() for n in (t.name, t.short) if len(n) > 1),
            )
        )
        house = r"(?:[0-9]{1,5}(?:[-之][0-9]{1,4}){0,2}(?:号楼|号|弄|幢|栋|座|单元|室)?)*"
        return re.compile(
            rf"(?:(?:浙江省?|杭州市?|萧山区?)*(?:{names})(?:交叉口|路口|附近|口)?[与和/]?{house})+"
        )

    def names_end(self, word: str) -> int:
        """Where the names with which a text begins end, house numbers included: the length of
        the text when it is nothing but a place; 0 when it begins with no name.
        """
        found = self._names_pattern.match(even(word))
        if found is not None:
            return found.end()
        named = word.isascii() and len(word) >= _SHORTEST_LATIN and not word.isdigit()
        return len(word) if named and self.town_called(word) is not None else 0

    def town_called(self, word: str) -> Town | None:
        """The town that `word` names: code, name, short name, pinyin or its initials."""
        return self._called.get(word.strip().casefold())

    @cached_property
    def _called(self) -> dict[str, Town]:
        found: dict[str, Town] = {}
        for town in self.towns.values():
            initials = "".join(part[0] for part in town.pinyin.split())
            names = (town.code, town.name, town.short, town.pinyin.replace(" ", ""), initials)
            for name in names:
                if name:
                    found.setdefault(name, town)
        return found


_SHORTEST_LATIN = 4
"""Letters of a town's name that are one without doubt."""


def _either(names: Iterable[str]) -> str:
    longest_first = sorted((re.escape(n) for n in names), key=len, reverse=True)
    return "|".join(longest_first) or r"(?!)"


_HEAD = re.compile(r"(?:浙江省?|杭州市?|萧山区?)+")
_NUMBER = re.compile(
    r"[ ]*(?:(\d{1,5})号?弄[ ]*)?(\d{1,5}(?:[-之]\d{1,4})?)[ ]*号(?![楼线门])(?:之(\d{1,4}))?"
    r"|[ ]*(\d{1,5})(?=$|[ ,。;(])"
    r"|[ ]*(\d{1,5})弄"
)
_FLAT = re.compile(
    r"(?<!\d)(\d{1,3})[ ]*(?:幢|栋|号楼|座)[ ]*(?:(\d{1,2})[ ]*单元)?"
    r"[ ]*(?:(\d{2,4})[ ]*(?:室|房)?)?"
    r"|(?<![\d-])(\d{1,3})-(\d{1,2})-(\d{2,4})(?![\d-])"
    r"|(?<!\d)(?:(\d{1,2})[ ]*单元)[ ]*(?:(\d{2,4})[ ]*(?:室|房)?)?"
    r"|(?<!\d)(\d{2,4})[ ]*室"
)
_ANY_ROAD = re.compile(
    r"([\u4e00-\u9fff]{1,7}?(?:大道|大街|公路|路|街(?!道)|巷|弄))(?=[ ]*\d|号|与|和|口|$|[,。;])"
)
_LEAD = re.compile(r".*(?:在|到|去|往|从|是|于|位于|沿|的|靠近|附近|这里|那里|街道|镇|村|社区)")
_SUFFIX = (
    r"(?:AVENUE|AVE|AV|STREET|ST|ROAD|RD|BOULEVARD|BLVD|BL|DRIVE|DR|LANE|LN|COURT|CT|PLACE|PL|"
    r"TERRACE|TER|TR|HIGHWAY|HWY|WAY|WY|CIRCLE|CIR|ALLEY|AL|PARKWAY|PKWY|PLAZA|PZ|SQUARE|SQ)"
)
_EN_ROAD = rf"(?:[A-Z0-9'][A-Z0-9'.]{{0,40}}[ ]{{1,4}}){{1,4}}{_SUFFIX}"
_EN_CROSS = re.compile(rf"^\s*({_EN_ROAD})\s*(?:/|&|\bAND\b)\s*({_EN_ROAD})\b")
_EN_PLACE = re.compile(
    rf"\b(?:(\d{{1,6}})\s{{1,4}}(BLOCK\s{{1,4}}(?:OF\s{{1,4}})?)?)?({_EN_ROAD})\b"
)
"""Words and blanks are bounded: what repeats without an end would be tried from every place."""


def fold(text: str) -> str:
    """Full-width letters and digits as narrow ones, and a dash that is one."""
    return re.sub("[‐‑‒–—―−~～]", "-", unicodedata.normalize("NFKC", text))


def parse(text: str, gazetteer: Gazetteer) -> Place:
    """Read the place out of `text`: an address, or a caller's sentence with one in it."""
    words = fold(text).strip()
    if not words:
        return Place()
    if words.isascii():
        return _english(words)
    road_at = gazetteer._road_pattern.search(words)
    road = road_at[0] if road_at else ""
    # What the road's own name takes up cannot name a town as well.
    head = words[: road_at.start()] if road_at else words
    town_at = gazetteer._town_pattern.search(head) or (
        gazetteer._town_pattern.search(words, road_at.end()) if road_at else None
    )
    town = gazetteer._town_names[town_at[0]] if town_at else ""
    village_at = gazetteer._village_pattern.search(words)
    village = village_at[0] if village_at else ""
    generic = False
    if not road and (any_road := _ANY_ROAD.search(_HEAD.sub(" ", words))):
        name = _LEAD.sub("", any_road[1])
        if len(name) > 1:
            road, generic = name, True
    number, rest = "", words
    if road:
        before, _, after = words.partition(road)
        number, after = _number(after)
        if not number and (other := gazetteer._crossing_pattern.match(after)):
            road = "/".join(sorted((road, other["road"])))
            after = after[other.end() :]
        rest = f"{before} {after}"
    for name in (town_at[0] if town_at else "", village):
        rest = rest.replace(name, " ", 1) if name else rest
    flat = _flat(rest)
    rest = " ".join(_HEAD.sub(" ", rest).replace(",", " ").split())
    from_names = ""
    if not town:
        from_names = _only_town(gazetteer, road, village)
    sure = _confidence(bool(town), bool(road), generic, bool(number), bool(village))
    return Place(town or from_names, road, number, rest, sure, village, flat)


def _english(words: str) -> Place:
    upper = words.upper()
    if cross := _EN_CROSS.match(upper):
        both = sorted(" ".join(part.split()) for part in cross.groups())
        return Place(road="/".join(both), rest=words[cross.end() :].strip(" ,"), confidence=0.6)
    if found := _EN_PLACE.search(upper):
        number = found[1] or ""
        if number and found[2]:
            number = f"{number} BLOCK"
        rest = f"{words[: found.start()]} {words[found.end() :]}".strip(" ,")
        road = " ".join(found[3].split())
        return Place(road=road, number=number, rest=rest, confidence=0.7 if number else 0.4)
    return Place(rest=words)


def road_parts(road: str) -> tuple[str, ...]:
    """The roads of a crossing ("A/B"), or the one road; none for ""."""
    return tuple(road.split("/")) if road else ()


def _number(after: str) -> tuple[str, str]:
    found = _NUMBER.match(after)
    if found is None:
        return "", after
    lane, house, sub, bare, lane_only = found.groups()
    if lane_only:
        number = f"{lane_only}弄"
    else:
        number = (house or bare).replace("之", "-") + (f"-{sub}" if sub else "")
        number = f"{lane}弄{number}" if lane else number
    return number, after[found.end() :]


def _flat(rest: str) -> str:
    found = _FLAT.search(rest)
    return "-".join(str(int(part)) for part in found.groups() if part) if found else ""


def _only_town(gazetteer: Gazetteer, road: str, village: str) -> str:
    """The one town in which road and village can lie; "" where there are several, or none.

    A crossing lies on each of its roads. One that the gazetteer does not know says nothing;
    and where two are not known to meet, the one that lies in a single town says where.
    """
    by_village = set(gazetteer.villages.get(village, ()))
    known = [set(towns) for part in road_parts(road) if (towns := gazetteer.roads.get(part))]
    by_road = set.intersection(*known) if known else set()
    if not by_road:
        single = set[str]().union(*(towns for towns in known if len(towns) == 1))
        by_road = single if len(single) == 1 else set()
    both = by_village & by_road if by_village and by_road else by_village or by_road
    return both.pop() if len(both) == 1 else ""


def _confidence(town: bool, road: bool, generic: bool, number: bool, village: bool) -> float:
    if road and not generic:
        sure = 0.85 if number else 0.65
    elif road:
        sure = 0.6 if number else 0.35
    elif village:
        sure = 0.7
    else:
        return 0.4 if town else 0.0
    return round(min(1.0, sure + (0.1 if town else 0.0) + (0.05 if road and village else 0.0)), 2)


def distance_km(a: tuple[float, float], b: tuple[float, float]) -> float:
    """The great-circle distance of two (latitude, longitude) pairs in degrees, in kilometres."""
    lat_a, lon_a, lat_b, lon_b = map(math.radians, (*a, *b))
    inner = (
        math.sin((lat_b - lat_a) / 2) ** 2
        + math.cos(lat_a) * math.cos(lat_b) * math.sin((lon_b - lon_a) / 2) ** 2
    )
    return 2 * EARTH_KM * math.asin(min(1.0, math.sqrt(inner)))


def distance_between(
    a: tuple[float | None, float | None], b: tuple[float | None, float | None]
) -> float | None:
    """The distance in kilometres, or None when one of the two positions is not known."""
    (lat_a, lon_a), (lat_b, lon_b) = a, b
    if lat_a is None or lon_a is None or lat_b is None or lon_b is None:
        return None
    return distance_km((lat_a, lon_a), (lat_b, lon_b))


def parse_gazetteer(
    towns: tuple[str, str],
    centres: tuple[str, str],
    villages: tuple[str, str],
    roads: tuple[str, str],
) -> tuple[Gazetteer, list[Fault]]:
    """Read the four CSV files, each given as (text, file name).

    Towns are ``code,name,kind``; centres ``code,lat,lon,pinyin``; villages
    ``town,village`` and roads ``road,town`` by the town's name, one line a pair.
    """
    faults: list[Fault] = []
    middle: dict[str, tuple[float, float, str]] = {}
    for line, row in _rows(centres, ("code", "lat", "lon", "pinyin"), faults):
        try:
            middle[row[0]] = (float(row[1]), float(row[2]), row[3])
        except ValueError:
            faults.append(Fault(centres[1], line, msg("rules.bad_number", value=",".join(row))))
    found: dict[str, Town] = {}
    for _, (code, name, kind) in _rows(towns, ("code", "name", "kind"), faults):
        lat, lon, pinyin = middle.get(code, (None, None, ""))
        found[code] = Town(code, name, kind, lat, lon, pinyin)
    codes = {town.name: town.code for town in found.values()}
    roads_in = _by_name(roads, ("road", "town"), 0, codes, faults)
    villages_in = _by_name(villages, ("town", "village"), 1, codes, faults)
    return Gazetteer(found, roads_in, villages_in), faults


def _rows(
    source: tuple[str, str], columns: tuple[str, ...], faults: list[Fault]
) -> Iterable[tuple[int, list[str]]]:
    text, file = source
    reader = csv.reader(text.lstrip("\ufeff").splitlines())
    head = next(reader, [])
    if tuple(head) != columns:
        faults.append(Fault(file, 1, msg("rules.columns", wanted=", ".join(columns))))
        return
    for row in reader:
        if len(row) == len(columns):
            yield reader.line_num, row
        elif row:
            faults.append(
                Fault(file, reader.line_num, msg("rules.columns", wanted=", ".join(columns)))
            )


def _by_name(
    source: tuple[str, str],
    columns: tuple[str, str],
    name: int,
    codes: Mapping[str, str],
    faults: list[Fault],
) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for line, row in _rows(source, columns, faults):
        town = row[1 - name]
        if town not in codes:
            faults.append(Fault(source[1], line, msg("rules.unknown_town", town=town)))
            continue
        found[row[name]] = (*found.get(row[name], ()), codes[town])
    return found
