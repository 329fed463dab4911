"""The lineage of an instrument: what it follows, rests on or changes, and what follows it, in columns by distance."""

from collections import defaultdict
from dataclasses import dataclass

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


def draw(nodes: list[Node], links: list[Link]) -> Picture:
    """Draw boxes in columns, earlier texts to the left, with a worded line for each relation."""
    columns: dict[int, list[Node]] = defaultdict(list)
    for node in sorted(nodes, key=lambda n: (n.when or "9999", n.title)):
        columns[node.column].append(node)
    order = sorted(columns)
    tallest = max(len(column) for column in columns.values())
    width = len(order) * COLUMN - GAP + 20
    height = TOP * 2 + tallest * (HEIGHT + 22)
    description = _("Earlier texts stand to the left, later ones to the right.")
    picture = Picture("lineage", width, height, _("Lineage"), description)
    places = {}
    for n, column in enumerate(order):
        offset = (tallest - len(columns[column])) * (HEIGHT + 22) / 2
        for row, node in enumerate(columns[column]):
            places[node.pk] = (10 + n * COLUMN, TOP + offset + row * (HEIGHT + 22))
    for link in links:
        _line(picture, places, link)
    for node in nodes:
        _box(picture, node, *places[node.pk])
    return picture


def _line(picture: Picture, places: dict, link: Link) -> None:
    (x1, y1), (x2, y2) = places[link.earlier], places[link.later]
    start, end = (x1 + BOX, y1 + HEIGHT / 2), (x2, y2 + HEIGHT / 2)
    middle = (start[0] + end[0]) / 2
    path = f"M{start[0]:g} {start[1]:g} C{middle:g} {start[1]:g} {middle:g} {end[1]:g} {end[0]:g} {end[1]:g}"
    picture.add("path", d=path, class_="edge")
    picture.add("text", x=end[0] - 6, y=end[1] - 5, class_="edge-name", text_anchor="end", text=link.label.lower())


def _box(picture: Picture, node: Node, x: float, y: float) -> None:
    anchor = picture.link(node.address, f"{node.title}, {node.when}" if node.when else node.title)
    here = " box--here" if node.is_here else ""
    picture.add("rect", anchor, x=x, y=y, width=BOX, height=HEIGHT, rx=4, class_=f"box{here}")
    picture.add("text", anchor, x=x + 10, y=y + 19, text=shortened(node.title, 31))
    picture.add("text", anchor, x=x + 10, y=y + 36, class_="when", text=node.when)
