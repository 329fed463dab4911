"""Records that may be the same as another one, found once for each state of the knowledge."""

from governance.curation.kept import once
from governance.importing.duplicates import pairs
from governance.merging import MERGEABLE
from governance.models import Distinct, Record, Relation


def duplicated() -> list[tuple[Record, Record, str]]:
    """Pairs that look alike, and why; without those that a curator told apart or that a relation joins."""
    found = once("duplicated", lambda: [pair for type_ in MERGEABLE for pair in pairs(type_)])
    by_reference = _records({reference for one, other, _reason in found for reference in (one, other)})
    apart = _apart()
    known = [(by_reference[one], by_reference[other], str(reason)) for one, other, reason in found]
    return [pair for pair in known if frozenset((pair[0].pk, pair[1].pk)) not in apart]


def _records(references: set[str]) -> dict[str, Record]:
    slugs = {reference.partition("/")[2] for reference in references}
    rows = Record.objects.filter(slug__in=slugs)
    return {record.reference: record for record in rows if record.reference in references}


def _apart() -> set[frozenset[int]]:
    told = {frozenset(pair) for pair in Distinct.objects.values_list("one_id", "other_id")}
    joined = Relation.objects.values_list("record_id", "target_id")
    return told | {frozenset(pair) for pair in joined}
