"""What can be wrong with a document, and where."""

from dataclasses import dataclass
from typing import Any

LONGEST_SHOWN = 80


@dataclass(frozen=True)
class Problem:
    """What is wrong and where: `place` is a JSON Pointer into the document, empty for the whole."""

    place: str
    message: str

    def __str__(self) -> str:
        return f"{self.place}: {self.message}" if self.place else self.message


class DocumentError(ValueError):
    """A document cannot be applied; `problems` lists every reason."""

    def __init__(self, reference: str, problems: list[Problem]) -> None:
        self.reference, self.problems = reference, problems
        super().__init__(f"{reference}: " + "; ".join(map(str, problems)))


def shown(value: Any) -> str:
    """A value as a message may show it: short, and with nothing in it that cannot be sent on."""
    text = value if isinstance(value, str) else type(value).__name__
    text = text.encode("utf-8", "backslashreplace").decode().replace("\x00", "\\x00")
    return text if len(text) <= LONGEST_SHOWN else text[:LONGEST_SHOWN] + "…"


def reference_of(document: Any) -> str:
    """How messages name a document, whatever it is: `instrument/refugee-convention-1951`."""
    if not isinstance(document, dict):
        return "?"
    return "/".join(
        shown(part) if isinstance(part, str) else "?" for part in (document.get("type"), document.get("slug"))
    )
