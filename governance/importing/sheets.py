"""What every reader gives: a sheet of numbered lines, and the limits that hold for all of them."""

from dataclasses import dataclass, field

from governance.importing.cells import Cell, text

MAX_BYTES = 20 * 1024 * 1024
MAX_ROWS = 20_000
MAX_COLUMNS = 200
MAX_CELL = 20_000  # characters; the longest body in the knowledge base has a quarter of that


class ReadError(ValueError):
    """The file cannot be imported as it is; the message says what is wrong with it and what to do."""


@dataclass
class Line:
    """One line of a sheet: its number as a spreadsheet shows it, its cells, and what is wrong with it."""

    number: int
    cells: tuple[Cell, ...]
    faults: list[str] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not any(map(text, self.cells))


@dataclass
class Sheet:
    """A table as it stands in the file. `notices` tell how it was read; `serials`: may a number mean a day?"""

    name: str
    lines: list[Line]
    notices: list[str] = field(default_factory=list)
    serials: bool = True
    ragged: bool = False  # may a separator too many have shifted the cells of a line?


def column_letter(index: int) -> str:
    """The name a spreadsheet gives to a column: A for 0, Z for 25, AA for 26."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
