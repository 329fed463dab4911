"""The map of participation, in the Equal Earth projection (Šavrič, Patterson and Jenny 2018).

Geometry: Natural Earth (public domain) in the npm package world-atlas 2.0.2, simplified to 1:110m and projected into
`world.json`: by M49 code a path and a point. Countries too small for a shape at this scale are drawn as points.
Boundaries are those of the data set and imply no opinion.
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.utils.translation import gettext as _

from governance.pictures.svg import Picture

FILE = Path(__file__).with_name("world.json")


@dataclass(frozen=True)
class Place:
    """A country that takes part: M49 code, name, address, and in how many of the things asked for (1 or more)."""

    m49: str
    name: str
    address: str
    count: int


@cache
def geometry() -> dict:
    return json.loads(FILE.read_text(encoding="utf-8"))


def draw(places: list[Place], title: str) -> Picture:
    """Draw the world with the places marked; their shade has five steps by count, and each says its number."""
    world = geometry()
    description = _("%(n)d countries take part; the table below lists them.") % {"n": len(places)}
    picture = Picture("map", world["width"], world["height"], title, description)
    picture.add("path", d=world["land"], class_="land")
    marked = {place.m49: place for place in places}
    highest = max((place.count for place in places), default=1)
    for code, shape in world["countries"].items():
        if code not in marked and "d" in shape:
            picture.add("path", d=shape["d"], class_="land")
    for code, shape in world["countries"].items():
        if code in marked:
            _place(picture, marked[code], shape, highest)
    return picture


def _step(count: int, highest: int) -> int:
    return min(4, count * 5 // (highest + 1))


def legend(places: list[Place]) -> list[tuple[int, int]]:
    """Which shade stands for which number, to stand below the map, which a phone does not show whole: (step, number).
    One number needs none."""
    counts = sorted({place.count for place in places})
    return [(_step(count, counts[-1]), count) for count in counts] if 1 < len(counts) <= 12 else []


def _place(picture: Picture, place: Place, shape: dict, highest: int) -> None:
    anchor = picture.link(place.address, f"{place.name}: {place.count}")
    step = _step(place.count, highest)
    if "d" in shape:
        picture.add("path", anchor, d=shape["d"], class_=f"place cell--{step}")
    else:
        picture.add("circle", anchor, cx=shape["x"], cy=shape["y"], r=4, class_=f"place cell--{step}")
