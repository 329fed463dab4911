"""Where sources differ on a value: what each says, side by side, and why one is preferred.

The first of several values stands first in the document because curators prefer it; the reason is a caveat that points
at one of them or at their list. Several dates of one event are no dispute by themselves (a meeting may be held twice, a
day is more precise than its year): values compete where a source contradicts one, or where a caveat says so.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from governance.curation import wording
from governance.evidence import Evidence
from governance.models import Caveat, Citation
from governance.models.vocabulary import CaveatKind

if TYPE_CHECKING:
    from governance.pages.record import RecordPage

WEIGHED = (CaveatKind.CONTRADICTION, CaveatKind.DOUBTFUL, CaveatKind.DATING)


@dataclass(frozen=True)
class Claim:
    """One value and the sources for it; where all that is known is that sources say otherwise, it has no words."""

    words: str
    citations: list[Citation]
    is_preferred: bool

    @property
    def is_weak(self) -> bool:
        return bool(self.citations) and all(citation.source.weak for citation in self.citations)


@dataclass(frozen=True)
class Competition:
    """What is claimed of one thing, and the notes that say why one claim is preferred."""

    label: str
    claims: list[Claim]
    reasons: list[Caveat]


def competitions(page: "RecordPage") -> list[Competition]:
    """All that competes on the page of a record, in the order of the page."""
    record, found = page.record, []
    for name, words in (("kind", record.kind_label), ("level", record.level), ("binding", _binding(record))):
        if words:
            found.append(_of_one(wording.label(name), str(words), page.book.at(f"/{name}")))
    for name in ("title", "summary", "body"):
        evidence = page.book.at(f"/{name}")
        if any(citation.contradicts for citation in evidence.citations):
            found.append(_of_one(wording.label(name), _first_words(record, name), evidence))
    general = page.book.at("/dates").caveats
    found += _of_rows(page.dates, lambda row: row.get_event_display(), lambda row: row.wording, general)
    found += _of_rows(page.identifiers, lambda row: row.get_scheme_display(), lambda row: row.value, [])
    competing = [competition for competition in found if competition is not None]
    told = {caveat.pk for competition in competing for caveat in competition.reasons}
    return competing + [_of_caveat(page, caveat) for caveat in page.book.caveats if _weighs(caveat, told)]


def _weighs(caveat: Caveat, told: set[int]) -> bool:
    """A note of its own that names who says otherwise."""
    return caveat.pk not in told and any(citation.contradicts for citation in caveat.evidence)


def _of_caveat(page: "RecordPage", caveat: Caveat) -> Competition:
    key, number = (*caveat.field.split("/")[1:], "", "")[:2]
    rows = {"dates": page.dates, "names": page.names, "identifiers": page.identifiers}.get(key, [])
    named = [row.item for row in rows if not number or number == str(row.item.position)]
    words = "; ".join(map(str, named)) if key != "names" or number else ""
    supporting = [citation for citation in caveat.evidence if not citation.contradicts]
    against = [citation for citation in caveat.evidence if citation.contradicts]
    label = wording.label(key) if key else caveat.get_kind_display()
    return Competition(label, [Claim(words, supporting, True), Claim("", against, False)], [caveat])


def _binding(record: Any) -> str:
    return record.get_binding_display() if record.binding else ""


def _first_words(record: Any, name: str) -> str:
    words = getattr(record, name).split()
    return " ".join(words[:24]) + (" …" if len(words) > 24 else "")


def _of_one(label: str, words: str, evidence: Evidence) -> Competition | None:
    """A value that stands once: sources contradict it, or it does not compete."""
    against = [citation for citation in evidence.citations if citation.contradicts]
    if not against:
        return None
    supporting = [citation for citation in evidence.citations if not citation.contradicts]
    return Competition(label, [Claim(words, supporting, True), Claim("", against, False)], evidence.caveats)


def _differ(items: list) -> bool:
    """Do two values exclude each other? A day within a year only says more than the year."""
    given = [(getattr(item, "first", None), getattr(item, "last", None)) for item in items]
    spans = [(first, last) for first, last in given if first and last]
    if len(spans) < len(given):
        return len({str(item) for item in items}) > 1
    return any(a[1] < b[0] or b[1] < a[0] for n, a in enumerate(spans) for b in spans[:n])


def _of_rows(rows: list, label_of, words_of, general: list[Caveat]) -> Iterable[Competition | None]:
    groups: dict[str, list] = {}
    for row in rows:
        groups.setdefault(str(label_of(row.item)), []).append(row)
    for label, group in groups.items():
        reasons = [caveat for row in group for caveat in row.evidence.caveats]
        weighed = [caveat for caveat in (*reasons, *general) if caveat.kind in WEIGHED]
        against = [citation for row in group for citation in row.evidence.citations if citation.contradicts]
        if len(group) == 1:
            yield _of_one(label, words_of(group[0].item), group[0].evidence)
        elif against or (weighed and _differ([row.item for row in group])):
            claims = [
                Claim(words_of(row.item), [c for c in row.evidence.citations if not c.contradicts], n == 0)
                for n, row in enumerate(group)
            ]
            claims += [Claim("", against, False)] if against else []
            yield Competition(label, claims, list(dict.fromkeys([*reasons, *weighed])))
