"""The lineage of an instrument: what it follows, rests on or changes, and what follows it, in columns by distance."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from statistics import mean
from typing import Any

from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _

from governance.pictures.svg import Picture, shortened

BOX, GAP, COLUMN, HEIGHT, TOP = 210, 110, 320, 44, 16
CROSSING = 28  # the room of a line that crosses a column

Key = Any  # a text by its id, or a line that crosses a column: (later, earlier, column)


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
    """Draw boxes in columns, earlier texts first, with a worded line for each relation.

    A line that has columns to cross is given a place of its own in each of them, so that no box hides it.
    """
    standing = _columns(nodes, links)
    tallest = max(sum(map(_height, column)) for column in standing)
    width = len(standing) * COLUMN - GAP + 20
    description = _("Earlier texts stand first in the direction of reading, later ones after them.")
    picture = Picture("lineage", width, TOP * 2 + tallest, _("Lineage"), description, mirrored=get_language_bidi())
    places: dict[Key, tuple[float, float]] = {}
    for n, column in enumerate(standing):
        y = TOP + (tallest - sum(map(_height, column))) / 2
        for key in column:
            places[key] = (10 + n * COLUMN, y)
            y += _height(key)
    worded: dict[int, list[str]] = defaultdict(list)
    column_of = {node.pk: node.column for node in nodes}
    for link in links:
        _line(picture, [places[key] for key in _way(link, column_of)])
        if link.label not in worded[link.later]:
            worded[link.later].append(link.label)
    for pk, labels in worded.items():
        _wording(picture, labels, *places[pk])
    for node in nodes:
        _box(picture, node, *places[node.pk])
    return picture


def _way(link: Link, column_of: dict[int, int]) -> list[Key]:
    """Where a line goes: from the earlier text past the columns between to the later one."""
    between = range(column_of[link.earlier] + 1, column_of[link.later])
    return [link.earlier, *((link.later, link.earlier, column) for column in between), link.later]


def _columns(nodes: list[Node], links: list[Link]) -> list[list[Key]]:
    """What stands in each column from top to bottom: texts, and lines that cross; each near what it comes from."""
    column_of = {node.pk: node.column for node in nodes}
    titles: dict[Key, str] = {node.pk: node.title for node in nodes}
    found: dict[int, set[Key]] = defaultdict(set)
    comes_from: dict[Key, set[Key]] = defaultdict(set)
    for node in nodes:
        found[node.column].add(node.pk)
    for link in links:
        way = _way(link, column_of)
        for before, after in pairwise(way):
            comes_from[after].add(before)
        for key in way[1:-1]:
            found[key[2]].add(key)
            titles[key] = titles[link.later]
    row: dict[Key, int] = {}
    standing = []
    for _number, keys in sorted(found.items()):
        height = {key: mean([row[b] for b in comes_from[key] if b in row] or [len(keys)]) for key in keys}
        column = sorted(keys, key=lambda key: (height[key], titles[key], str(key)))
        row |= {key: n for n, key in enumerate(column)}
        standing.append(column)
    return standing


def _height(key: Key) -> int:
    return CROSSING if isinstance(key, tuple) else HEIGHT + 22


def _line(picture: Picture, places: list[tuple[float, float]]) -> None:
    """Bend from column to column, and run straight past a column that is crossed."""
    for n, (before, after) in enumerate(pairwise(places)):
        last = n == len(places) - 2
        start = (before[0] + BOX, before[1] + (CROSSING if n else HEIGHT) / 2)
        end = (after[0], after[1] + (HEIGHT if last else CROSSING) / 2)
        picture.curve(start, end, class_="edge")
        if not last:
            picture.curve(end, (end[0] + BOX, end[1]), class_="edge")


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
