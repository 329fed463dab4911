"""Grids: rows by columns with a number or a sign in each cell – overlap of processes, who acts where, a principle."""

from dataclasses import dataclass

from django.utils.translation import get_language_bidi, pgettext
from django.utils.translation import gettext as _

from governance.pictures.svg import Picture, shortened, width_of

CELL = 46
BOLD, SLOPE = 1.12, 0.77  # how much wider bold text is, and how far names that lean by 40 degrees reach


@dataclass(frozen=True)
class Cell:
    """What stands in a cell: a number or a sign, how strong its ground is (0 to 1), where it leads, what it says."""

    text: str
    strength: float
    address: str | None
    label: str


def draw(
    name: str,
    title: str,
    description: str,
    rows: list[str],
    columns: list[str],
    cells: dict[tuple[int, int], Cell],
) -> Picture:
    """Draw a grid; `cells` by (row, column). The ground has five steps, so that the number stays legible on each.

    A row whose name has two parts, with a line feed between them, has them one below the other.
    """
    named = [[shortened(part, 34) for part in row.split("\n")] for row in rows]
    columns = [shortened(column, 26) for column in columns]
    left = max((width_of(part) for parts in named for part in parts), default=0) * BOLD + 20
    lean = max(map(width_of, columns), default=0) * BOLD * SLOPE
    top = lean + 24
    picture = Picture(
        name, left + len(columns) * CELL + lean, top + len(rows) * CELL + 10, title, description,
        mirrored=get_language_bidi(),
    )  # fmt: skip
    for n, column in enumerate(columns):
        picture.add("text", x=left + n * CELL + CELL / 2, y=top - 10, angle=-40, class_="head", text=column)
    for r, parts in enumerate(named):
        y = top + r * CELL
        for n, part in enumerate(parts):
            line = y + CELL / 2 + 4 + (n - (len(parts) - 1) / 2) * 15
            picture.add("text", x=left - 10, y=line, text_anchor="end", class_="when" if n else "head", text=part)
        for c in range(len(columns)):
            _cell(picture, cells.get((r, c)), left + c * CELL, y)
    return picture


def _cell(picture: Picture, cell: Cell | None, x: float, y: float) -> None:
    if cell is None:
        picture.add("rect", x=x + 1, y=y + 1, width=CELL - 2, height=CELL - 2, class_="cell cell--empty")
        return
    parent = picture.link(cell.address, cell.label) if cell.address else picture.add("g")
    step = min(4, int(cell.strength * 5))
    picture.add("rect", parent, x=x + 1, y=y + 1, width=CELL - 2, height=CELL - 2, class_=f"cell cell--{step}")
    place = {"x": x + CELL / 2, "y": y + CELL / 2 + 4, "text_anchor": "middle"}
    picture.add("text", parent, class_=f"cell-text cell-text--{step}", text=cell.text, **place)


def sign(strength: str) -> str:
    """E explicit, I implied, B by interpretation: told apart by letter, not by colour; the letters of the language."""
    letters = {
        "explicit": pgettext("a letter in a grid, for explicit", "E"),
        "implied": pgettext("a letter in a grid, for implied", "I"),
        "interpreted": pgettext("a letter in a grid, for by interpretation", "B"),
    }
    return letters.get(strength, "·")


def legend() -> list[tuple[str, str]]:
    """The letters and the words they stand for."""
    words = {"explicit": _("explicit"), "implied": _("implied"), "interpreted": _("by interpretation")}
    return [(sign(strength), word) for strength, word in words.items()]
