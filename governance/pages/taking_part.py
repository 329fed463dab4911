"""Who takes part in a record, and what a party takes part in, put together so that a long list stays readable."""

from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from governance.evidence import Evidence
from governance.models import Participation
from governance.models.vocabulary import PLURALS, Act, Binding, Type
from governance.pages.titles import TITLES
from governance.status import Status, status


@dataclass(frozen=True)
class Row:
    """One row of a list (a date, a name, a party …) with its evidence."""

    item: Any
    evidence: Evidence


@dataclass(frozen=True)
class Parties:
    """Those who did the same in the same role; what they all share (period, evidence) is said once."""

    act: str
    role: str
    rows: list[Row]
    period: str
    evidence: Evidence | None

    @property
    def label(self) -> str:
        return f"{self.act}: {self.role}" if self.role else self.act


def parties(rows: list[Row]) -> list[Parties]:
    """Group rows of `Participation` by act and role, in the order in which the document has them first."""
    groups: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        groups.setdefault((row.item.act, row.item.role), []).append(row)
    order = {act: n for n, (act, _role) in reversed(list(enumerate(groups)))}
    return [_parties(groups[key]) for key in sorted(groups, key=lambda key: order[key[0]])]


def _parties(rows: list[Row]) -> Parties:
    first = rows[0]
    alone = len(rows) == 1
    one_period = not alone and len({row.item.period for row in rows}) == 1
    one_evidence = not alone and len({_signature(row.evidence) for row in rows}) == 1 and not first.evidence.caveats
    return Parties(
        first.item.get_act_display(),
        first.item.role,
        rows,
        first.item.period if one_period else "",
        first.evidence if one_evidence else None,
    )


def _signature(evidence: Evidence) -> tuple:
    cited = tuple((c.source_id, c.paragraph, c.locator, c.quote, c.stance) for c in evidence.citations)
    return (evidence.basis, cited, bool(evidence.caveats))


@dataclass(frozen=True)
class Part:
    """One record in which a party takes part: as what, since when, and how the record stands today."""

    item: Participation
    status: Status | None

    @property
    def when(self) -> str:
        """The known period; for an event, the day it was held."""
        if self.item.period or self.item.record.type != Type.EVENT:
            return self.item.period
        return next((d.wording for d in self.item.record.dates.all()), "")


@dataclass(frozen=True)
class Parts:
    """Everything of one type in which a party takes part."""

    type: str
    title: str
    plural: str
    rows: list[Part]

    @property
    def is_dated(self) -> bool:
        return any(row.when for row in self.rows)

    @property
    def has_status(self) -> bool:
        return any(row.status for row in self.rows)


ORDER = (Type.INSTRUMENT, Type.ACTOR, Type.EVENT, Type.PRACTICE)


def parts(rows: list[Participation], day: date) -> list[Parts]:
    """Group what a party takes part in by type: instruments, processes and bodies, events, practices, the rest."""
    place = {type_: n for n, type_ in enumerate(ORDER)}
    key = lambda row: (place.get(row.record.type, len(place)), row.record.type)  # noqa: E731
    rows = sorted(rows, key=lambda row: (key(row), row.record.title, row.position))
    found = []
    for (_place, type_), group in groupby(rows, key):
        listed = [Part(row, status(row.record, list(row.record.dates.all()), day)) for row in group]
        found.append(Parts(type_, str(TITLES[Type(type_)]), PLURALS[Type(type_)], listed))
    return found


BOUND_BY = (Act.PARTY, Act.RATIFIED, Act.ACCEDED)


def binding(found: list[Parts]) -> list[Part]:
    """Of what a country takes part in: the binding instruments in force to which it is a party.

    A signature alone binds to nothing but not to defeat the treaty (Vienna Convention on the Law of Treaties, 18).
    """
    rows = [row for group in found if group.type == Type.INSTRUMENT for row in group.rows]
    return [
        row for row in rows
        if row.item.act in BOUND_BY and row.item.record.binding == Binding.BINDING
        and row.status and row.status.state == "in-force"
    ]  # fmt: skip
