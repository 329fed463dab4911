"""The timeline: one lane for each level of cooperation, one mark for each dated instrument or event."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _

from governance.pictures.svg import Picture, shortened, width_of

WIDTH, LEFT, TOP, ROW, LABEL = 1180, 130, 34, 20, 34


@dataclass(frozen=True)
class Mark:
    """One record on the line: `first` to `last` are the days its leading date covers."""

    title: str
    address: str
    type: str
    level: str
    first: date
    last: date
    wording: str


def years(marks: list[Mark], first: int | None, last: int | None) -> tuple[int, int]:
    """The years to draw: those asked for, else from the first mark's to the last one's, at least ten."""
    start = first or min(mark.first.year for mark in marks)
    end = last or max(mark.last.year for mark in marks)
    return (start, end) if end - start >= 10 else (start - (10 - (end - start)) // 2, start + 10)


def draw(
    marks: list[Mark], levels: list[str], first: int | None = None, last: int | None = None,
    zoom: Callable[[int, int], str] | None = None,
) -> Picture:  # fmt: skip
    """Draw the marks, levels from top to bottom in the order given; marks that would overlap go to further rows.

    `zoom` gives the address of the picture of a period; each year on the axis then leads to the years from it on.
    """
    start, end = years(marks, first, last)
    scale = (WIDTH - LEFT - 20) / (end + 1 - start)
    lanes = [(level, _rows([m for m in marks if m.level == level], start, scale)) for level in levels]
    lanes = [(level, rows) for level, rows in lanes if rows]
    height = TOP + sum(len(rows) * ROW + 14 for _level, rows in lanes) + 10
    description = _("Instruments and events from %(a)d to %(b)d, by level of cooperation.") % {"a": start, "b": end}
    picture = Picture("timeline", WIDTH, height, _("Timeline"), description, mirrored=get_language_bidi())
    _axis(picture, (start, end), scale, height, zoom)
    y = TOP
    for level, rows in lanes:
        picture.add("rect", x=0, y=y, width=WIDTH, height=len(rows) * ROW + 10, class_="lane")
        picture.add("text", x=8, y=y + 19, class_="lane-name", text=level)
        for n, row in enumerate(rows):
            for x, mark in row:
                _mark(picture, mark, x, y + 5 + n * ROW)
        y += len(rows) * ROW + 14
    return picture


def _rows(marks: list[Mark], start: int, scale: float) -> list[list[tuple[float, Mark]]]:
    """Put marks into rows so that none covers another or its label: the first row with room takes the next mark."""
    rows: list[list[tuple[float, Mark]]] = []
    taken: list[list[tuple[float, float]]] = []
    for mark in sorted(marks, key=lambda m: (m.first, m.title)):
        x = LEFT + (_fraction(mark.first) - start) * scale
        here = _extent(mark, x)
        row = next((n for n, others in enumerate(taken) if all(here[1] < a or here[0] > b for a, b in others)), None)
        if row is None:
            row = len(rows)
            rows.append([])
            taken.append([])
        rows[row].append((x, mark))
        taken[row].append(here)
    return rows


def _extent(mark: Mark, x: float) -> tuple[float, float]:
    """From where to where a mark and its label reach; a label that has no room to the right stands to the left."""
    label = width_of(shortened(mark.title, LABEL)) + 18
    return (x, x + label) if x + label < WIDTH else (x - label, x + 14)


def _fraction(day: date) -> float:
    return day.year + (day.timetuple().tm_yday - 1) / 366


def _axis(picture: Picture, years: tuple[int, int], scale: float, height: float, zoom) -> None:
    start, end = years
    step = next(n for n in (1, 2, 5, 10, 20, 50, 100, 1000) if (end + 1 - start) / n <= 16)
    for year in range(start + -start % step, end + 1, step):
        x = LEFT + (year - start) * scale
        picture.add("line", x1=x, x2=x, y1=22, y2=height, class_="grid")
        parent = None
        if zoom and step > 1:
            period = {"a": year, "b": year + max(step, 10) - 1}
            parent = picture.link(zoom(period["a"], period["b"]), _("Zoom in on %(a)d to %(b)d") % period)
        picture.add("text", parent, x=x, y=15, class_="axis", text_anchor="middle", text=str(year))


def _mark(picture: Picture, mark: Mark, x: float, y: float) -> None:
    """Instruments are squares, events circles: told apart without colour."""
    anchor = picture.link(mark.address, f"{mark.title}, {mark.wording}")
    if mark.type == "event":
        picture.add("circle", anchor, cx=x + 5, cy=y + 8, r=4.5, class_="point point--event")
    else:
        picture.add("rect", anchor, x=x + 1, y=y + 4, width=8, height=8, class_="point")
    label_x, side = (x + 14, "start") if _extent(mark, x)[0] == x else (x - 4, "end")
    picture.add("text", anchor, x=label_x, y=y + 12, text_anchor=side, text=shortened(mark.title, LABEL))
