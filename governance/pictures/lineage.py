"""The lineage of an instrument: what it follows, rests on or changes, and what follows it, in columns by distance."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _

from governance.pictures.svg import Picture, shortened

BOX, GAP, COLUMN, HEIGHT, TOP = 210, 110, 320, 44, 16


@dataclass(frozen=True)
class Node:
    """A record in the picture; `column` counts from the record itself: negative before it, positive after it."""

    pk: int
    title: str
    address: str
    when: str
    column: int
    is_here: bool = False


@dataclass(frozen=True)
class Link:
    """From the later text to the earlier one, with the wording of the relation."""

    later: int
    earlier: int
    label: str


def columns(links: Iterable[tuple[int, int]], here: int) -> dict[int, int]:
    """Columns by relations `(later, earlier)`: every later text stands after all that it follows, `here` at 0.

    Relations that run in a circle (two texts that recall each other) stop pushing after as many rounds as there are
    texts.
    """
    links = list(links)
    found = dict.fromkeys((here, *(pk for link in links for pk in link)), 0)
    for _round in found:
        for later, earlier in links:
            found[later] = min(max(found[later], found[earlier] + 1), len(found))
    return {pk: column - found[here] for pk, column in found.items()}


def draw(nodes: list[Node], links: list[Link]) -> Picture:
    """Draw boxes in columns, earlier texts first, with a worded line for each relation."""
    by_column: dict[int, list[Node]] = defaultdict(list)
    for node in sorted(nodes, key=lambda n: n.title):
        by_column[node.column].append(node)
    order = sorted(by_column)
    tallest = max(len(column) for column in by_column.values())
    width = len(order) * COLUMN - GAP + 20
    height = TOP * 2 + tallest * (HEIGHT + 22)
    description = _("Earlier texts stand first in the direction of reading, later ones after them.")
    picture = Picture("lineage", width, height, _("Lineage"), description, mirrored=get_language_bidi())
    places = {}
    for n, column in enumerate(order):
        offset = (tallest - len(by_column[column])) * (HEIGHT + 22) / 2
        for row, node in enumerate(by_column[column]):
            places[node.pk] = (10 + n * COLUMN, TOP + offset + row * (HEIGHT + 22))
    worded: dict[int, list[str]] = defaultdict(list)
    for link in links:
        _line(picture, places[link.earlier], places[link.later])
        if link.label not in worded[link.later]:
            worded[link.later].append(link.label)
    for pk, labels in worded.items():
        _wording(picture, labels, *places[pk])
    for node in nodes:
        _box(picture, node, *places[node.pk])
    return picture


def _line(picture: Picture, earlier: tuple[float, float], later: tuple[float, float]) -> None:
    start, end = (earlier[0] + BOX, earlier[1] + HEIGHT / 2), (later[0], later[1] + HEIGHT / 2)
    picture.curve(start, end, class_="edge")


def _wording(picture: Picture, labels: list[str], x: float, y: float) -> None:
    """How a text stands to those before it: beside its box, one relation below the other."""
    for n, label in enumerate(labels):
        baseline = y + HEIGHT / 2 - 5 + n * 13
        picture.add("text", x=x - 6, y=baseline, class_="edge-name", text_anchor="end", text=label.lower())


def _box(picture: Picture, node: Node, x: float, y: float) -> None:
    anchor = picture.link(node.address, f"{node.title}, {node.when}" if node.when else node.title)
    here = " box--here" if node.is_here else ""
    picture.add("rect", anchor, x=x, y=y, width=BOX, height=HEIGHT, rx=4, class_=f"box{here}")
    picture.add("text", anchor, x=x + 10, y=y + 19, text=shortened(node.title, 31))
    picture.add("text", anchor, x=x + 10, y=y + 36, class_="when", text=node.when)
