"""What a plan is made of: an account of each row, and each record as it will be."""

from collections import Counter
from dataclasses import dataclass, field

Key = tuple[str, str]


@dataclass
class PlannedRow:
    """What is done with one row. `duplicates` are references of what it may be the same as; `key` its record."""

    number: int
    title: str
    outcome: str
    messages: list[str] = field(default_factory=list)
    duplicates: list[str] = field(default_factory=list)
    key: Key | None = None


@dataclass
class Target:
    """One record as it will be. `before` is empty for a new one; both are documents in their own form."""

    type: str
    slug: str
    after: dict
    before: dict | None = None
    state: str = ""
    token: str = ""
    pk: int | None = None
    unit: int = 0


@dataclass
class Plan:
    """The account of a file: `faults` concern the whole file and keep it from being imported."""

    rows: list[PlannedRow] = field(default_factory=list)
    targets: dict[Key, Target] = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def counts(self) -> Counter:
        """How many rows have each outcome."""
        return Counter(row.outcome for row in self.rows)
