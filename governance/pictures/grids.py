"""Grids: rows by columns with a number or a sign in each cell – overlap of processes, who acts where, a principle."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from governance.pictures.svg import Picture, shortened

CELL, ROW_NAME, HEAD = 46, 280, 150
SIGNS = {"explicit": "E", "implied": "I", "interpreted": "B"}


@dataclass(frozen=True)
class Cell:
    """What stands in a cell: a number or a sign, how strong its ground is (0 to 1), where it leads, what it says."""

    text: str
    strength: float
    address: str | None
    label: str


def draw(
    name: str, title: str, description: str, rows: list[str], columns: list[str], cells: dict[tuple[int, int], Cell]
) -> Picture:
    """Draw a grid; `cells` by (row, column). The ground has five steps, so that the number stays legible on each."""
    width, height = ROW_NAME + len(columns) * CELL + 130, HEAD + len(rows) * CELL + 10
    picture = Picture(name, width, height, title, description)
    for n, column in enumerate(columns):
        x, y = ROW_NAME + n * CELL + CELL / 2, HEAD - 10
        picture.add("text", x=x, y=y, transform=f"rotate(-40 {x:g} {y})", class_="head", text=shortened(column, 26))
    for r, row in enumerate(rows):
        y = HEAD + r * CELL
        name_y = y + CELL / 2 + 4
        picture.add("text", x=ROW_NAME - 10, y=name_y, text_anchor="end", class_="head", text=shortened(row, 40))
        for c in range(len(columns)):
            _cell(picture, cells.get((r, c)), ROW_NAME + c * CELL, y)
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
    """E explicit, I implied, B by interpretation: told apart by letter, not by colour."""
    return SIGNS.get(strength, "·")


def legend() -> list[tuple[str, str]]:
    return [("E", _("explicit")), ("I", _("implied")), ("B", _("by interpretation"))]
