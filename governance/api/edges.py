"""`/api/v1/relations/` and `/api/v1/participation/`: what leads from record to record."""

from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from governance.api import parameters as p
from governance.api.base import ReadView, among, day, named, paged, record_named
from governance.models import Date, Participation, Record, Relation
from governance.models.vocabulary import END_EVENTS, PREDICATES, START_EVENTS, TEXT_START_EVENTS, Act, Type


def _public() -> QuerySet:
    return Record.objects.visible_to(None).values("pk")


class RelationList(ReadView):
    """Typed relations between public records, each once, from its subject."""

    parameters = ("subject", "object", "record", "page", "page_size")
    repeatable = ("predicate",)

    @extend_schema(
        operation_id="list_relations", tags=["Relations"],
        parameters=[p.SUBJECT, p.OBJECT, p.EITHER_END, p.PREDICATE, *p.PAGING],
        responses=p.answers("RelationPage", 400, 404, 410, 429),
    )  # fmt: skip
    def get(self, request) -> Response:
        rows = Relation.objects.filter(record__in=_public(), target__in=_public())
        if predicates := among(request, "predicate", tuple(PREDICATES)):
            rows = rows.filter(predicate__in=predicates)
        if subject := record_named(request, "subject"):
            rows = rows.filter(record_id=subject.pk)
        if target := record_named(request, "object"):
            rows = rows.filter(target_id=target.pk)
        if either := record_named(request, "record"):
            rows = rows.filter(Q(record_id=either.pk) | Q(target_id=either.pk))
        return Response(paged(request, rows.select_related("record", "target").order_by("pk"), _relation))


def _relation(row: Relation) -> dict:
    return {
        "subject": named(row.record), "predicate": row.predicate, "object": named(row.target),
        "label": str(row.wording.label), "inverse": row.wording.inverse, "date": row.date, "note": row.note,
        "basis": row.basis,
    }  # fmt: skip


class ParticipationList(ReadView):
    """Who takes part in what, at any time or on a day."""

    parameters = ("on", "party", "record", "page", "page_size")
    repeatable = ("act",)

    @extend_schema(
        operation_id="list_participation", tags=["Relations"],
        parameters=[p.ON, p.PARTY, p.TAKES_PART_IN, p.ACT, *p.PAGING],
        responses=p.answers("ParticipationPage", 400, 404, 410, 429),
    )  # fmt: skip
    def get(self, request) -> Response:
        rows = Participation.objects.filter(record__in=_public(), party__in=_public())
        if acts := among(request, "act", tuple(Act.values)):
            rows = rows.filter(act__in=acts)
        if party := record_named(request, "party"):
            rows = rows.filter(party_id=party.pk)
        if record := record_named(request, "record"):
            rows = rows.filter(record_id=record.pk)
        if (when := day(request, "on")) is not None:
            rows = on_day(rows, when)
        return Response(paged(request, rows.select_related("record", "party").order_by("pk"), _participation))


def on_day(rows: QuerySet, when: date) -> QuerySet:
    """Rows whose dates allow `when`: begun by then or of unknown beginning, and not over.

    A row without dates follows its record: not before it began, not after it ended; an event, only while it was held.
    """
    dates = Date.objects.filter(record=OuterRef("record"))
    starts = dates.filter(event__in=(*START_EVENTS, *TEXT_START_EVENTS), first__isnull=False)
    begun = ~Exists(starts) | Exists(starts.filter(first__lte=when))
    held = Exists(dates.filter(event="held", first__lte=when, last__gte=when))
    is_event = Q(record__type=Type.EVENT)
    undated = Q(since_first=None, until_last=None) & ((is_event & held) | (~is_event & begun))
    dated = ~Q(since_first=None, until_last=None) & (Q(since_first=None) | Q(since_first__lte=when))
    over = Exists(dates.filter(event__in=END_EVENTS, last__lt=when))
    return rows.filter(undated | dated).filter(Q(until_last=None) | Q(until_last__gte=when)).exclude(over)


def _participation(row: Participation) -> dict:
    return {
        "party": named(row.party), "record": named(row.record), "act": row.act, "role": row.role, "from": row.since,
        "until": row.until, "effect": row.effect, "note": row.note, "basis": row.basis,
        "dated": bool(row.since or row.effect),
    }  # fmt: skip
