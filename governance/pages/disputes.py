"""Everything in dispute, on one page."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from governance.curation import wording
from governance.models import Caveat, Citation, Record
from governance.models.vocabulary import DISPUTED, Stance, Type
from governance.pages.http import reading
from governance.pages.titles import TITLES


@dataclass(frozen=True)
class Dispute:
    """One thing that is in dispute, and all the records it is said of in the same words."""

    caveat: Caveat
    records: list[Record]


def disputes(user) -> QuerySet:
    """Caveats of visible records where sources disagree or a statement is doubtful, by record."""
    visible = Record.objects.visible_to(user).values("pk")
    found = Caveat.objects.filter(kind__in=DISPUTED, record__in=visible).select_related("record")
    return found.order_by("record__type", "record__title", "record", "position")


def by_type(user) -> list[tuple[str, list[Dispute]]]:
    """What is in dispute by type of record; what is said of many records in the same words stands once."""
    cited = _citations(user)
    groups: dict[str, dict[tuple, Dispute]] = {}
    for caveat in disputes(user):
        caveat.evidence = cited.get((caveat.record_id, f"/caveats/{caveat.position}"), [])
        said = groups.setdefault(caveat.record.type, {})
        dispute = said.setdefault((caveat.kind, caveat.text), Dispute(caveat, []))
        if caveat.record not in dispute.records:
            dispute.records.append(caveat.record)
    return [(str(TITLES[type_]), list(groups[type_].values())) for type_ in Type if type_ in groups]


def _citations(user) -> dict[tuple[int, str], list[Citation]]:
    visible = Record.objects.visible_to(user).values("pk")
    found: dict[tuple[int, str], list[Citation]] = {}
    rows = Citation.objects.filter(field__startswith="/caveats/", record__in=visible, source__in=visible)
    for citation in rows.select_related("source"):
        found.setdefault((citation.record_id, citation.field), []).append(citation)
    return found


def contradicted(user) -> list[tuple[Record, str, list[Citation]]]:
    """Values that a source contradicts in so many words: the record, what the value is called, who says otherwise."""
    visible = Record.objects.visible_to(user).values("pk")
    rows = Citation.objects.filter(stance=Stance.CONTRADICTS, record__in=visible, source__in=visible)
    found: dict[tuple[int, str], tuple[Record, str, list[Citation]]] = {}
    for citation in rows.exclude(field__startswith="/caveats/").select_related("record", "source"):
        key = citation.field.split("/")[1]
        entry = found.setdefault((citation.record_id, citation.field), (citation.record, wording.label(key), []))
        entry[2].append(citation)
    return sorted(found.values(), key=lambda entry: (entry[0].title, entry[0].pk, entry[1]))


@reading()
def disputed(request: HttpRequest) -> HttpResponse:
    """`/disputed/`"""
    context = {"groups": by_type(request.user), "contradicted": contradicted(request.user)}
    return render(request, "governance/disputed.html", context)
