"""Documents to records: make the stored rows say what a document says, and keep the document as a revision."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from governance.knowledge.check import check
from governance.knowledge.form import own
from governance.knowledge.lookup import Lookup
from governance.knowledge.problems import DocumentError, reference_of
from governance.knowledge.sections import child_model, sections_of
from governance.models import (
    Caveat,
    Citation,
    Date,
    Decision,
    Identifier,
    Name,
    Participation,
    PrincipleTag,
    Record,
    Relation,
    Revision,
    TopicTag,
)
from governance.models.vocabulary import State, Type


def apply(
    document: dict,
    *,
    author=None,
    reviewer=None,
    comment: str = "",
    state: str | None = None,
    lookup: Lookup | None = None,
    base: Revision | None = None,
) -> Revision:
    """Make the record so, creating it where it does not exist, and return the approved revision that says so.

    `document` has either form; what it leaves out becomes empty. `state` defaults to the document's own, then to the
    record's, then to published. Raises DocumentError with every problem; then nothing was written.
    """
    with transaction.atomic():
        record, full = make_so(document, state=state, lookup=lookup)
        return keep(record, full, author=author, reviewer=reviewer, comment=comment, base=base)


def make_so(document: dict, *, state: str | None = None, lookup: Lookup | None = None) -> tuple[Record, dict]:
    """Write a document's rows without a revision; return the record and what the document says of it.

    For callers that keep the revision themselves. Raises DocumentError as `apply` does.
    """
    lookup = lookup or Lookup()
    problems = check(document, lookup)
    if problems:
        raise DocumentError(reference_of(document), problems)
    full = own(document)
    with transaction.atomic():
        record = _row(full, document, state, lookup)
        full["slug"] = record.slug  # the document may name it by a former one
        if not lookup.was_bare(record.pk):
            _clear(record)
        _details(record, full, lookup)
    return record, full


def keep(
    record: Record,
    full: dict,
    *,
    author=None,
    reviewer=None,
    comment: str = "",
    base: Revision | None = None,
    decision: str = Decision.APPROVED,
) -> Revision:
    """Write a revision of the record with the next number."""
    last = Revision.objects.filter(record_id=record.pk).order_by("-number").values_list("number", flat=True).first()
    return Revision.objects.create(
        record_id=record.pk,
        number=(last or 0) + 1,
        document=full,
        state=record.state,
        author=author,
        reviewer=reviewer,
        comment=comment,
        base=base,
        decision=decision,
        decided=timezone.now() if decision == Decision.APPROVED else None,
    )


def _row(full: dict, given: dict, state: str | None, lookup: Lookup) -> Record:
    model = child_model(full["type"])
    pk = lookup.find(full["type"], full["slug"])
    found = model.objects.filter(pk=pk).first() if pk else None
    record = found
    if record is None:
        record = model(type=full["type"], slug=full["slug"], state=State.PUBLISHED)
    record.state = state or given.get("state") or record.state
    for field in ("title", "kind", "binding", "summary", "body"):
        setattr(record, field, full[field])
    record.level_id = lookup.get(Type.LEVEL, full["level"]) if full["level"] else None
    record.bases = {key: basis for key, basis in full["bases"].items() if "/" not in key}
    record.updated = _moment(given.get("updated"))
    for field in model.document_fields:
        _set_field(record, field, full.get(field), lookup)
    record.save()
    lookup.learn(record, bare=found is None)
    return record


def _moment(text: Any) -> datetime:
    """A document that was dumped brings its own time, so that a dump of a loaded dump is the same."""
    given = parse_datetime(text) if isinstance(text, str) else None
    return given or timezone.now()


def _set_field(record: Record, name: str, value: Any, lookup: Lookup) -> None:
    if name == "code":
        return
    field: Any = record._meta.get_field(name)
    if field.many_to_one:
        setattr(record, field.attname, lookup.get(record.type, value) if value else None)
    else:
        setattr(record, name, field.get_default() if value is None else value)


def _clear(record: Record) -> None:
    """Delete what `_details` writes."""
    for model in (Name, Identifier, Date, Relation, Participation, PrincipleTag, TopicTag, Citation, Caveat):
        model.objects.filter(record_id=record.pk).delete()
    for section in sections_of(record.type):
        section.clear(record)


def _details(record: Record, full: dict, lookup: Lookup) -> None:
    rows: list[tuple[type, list]] = [
        (Name, [Name(text=i["text"], language=i["language"], kind=i["kind"]) for i in full["names"]]),
        (Identifier, [Identifier(scheme=i["scheme"], value=i["value"]) for i in full["identifiers"]]),
        (Date, [Date(event=i["event"], value=i["value"], note=i["note"]) for i in full["dates"]]),
        (Relation, [_relation(item, lookup) for item in full["relations"]]),
        (Participation, [_participation(item, lookup) for item in full["participation"]]),
    ]
    for (model, made), key in zip(rows, ("names", "identifiers", "dates", "relations", "participation"), strict=True):
        _write(model, record, made, [item["basis"] for item in full[key]])
    principles = [
        PrincipleTag(principle_id=lookup.get(Type.PRINCIPLE, slug), strength=full["strengths"].get(slug, ""))
        for slug in full["principles"]
    ]
    topics = [TopicTag(topic_id=lookup.get(Type.TOPIC, slug)) for slug in full["topics"]]
    for model, key, tags in ((PrincipleTag, "principles", principles), (TopicTag, "topics", topics)):
        _write(model, record, tags, [full["bases"][f"{key}/{n}"] for n in range(len(tags))])
    for section in sections_of(record.type):
        section.apply(record, full[section.key], lookup)
    _evidence(record, full, lookup)


def _write(model, record: Record, rows: list, bases: list[str]) -> None:
    for position, (row, basis) in enumerate(zip(rows, bases, strict=True)):
        row.record_id, row.position, row.basis = record.pk, position, basis
        if hasattr(row, "derive"):
            row.derive()
    model.objects.bulk_create(rows)


def _relation(item: dict, lookup: Lookup) -> Relation:
    target = lookup.get(item["type"], item["slug"])
    return Relation(predicate=item["predicate"], target_id=target, date=item["date"], note=item["note"])


def _participation(item: dict, lookup: Lookup) -> Participation:
    return Participation(
        party_id=lookup.get(item["type"], item["slug"]), act=item["act"], role=item["role"], since=item["from"],
        until=item["until"], effect=item["effect"], note=item["note"],
    )  # fmt: skip


def _evidence(record: Record, full: dict, lookup: Lookup) -> None:
    Caveat.objects.bulk_create(
        Caveat(record_id=record.pk, kind=item["kind"], field=item["field"], text=item["text"], position=n)
        for n, item in enumerate(full["caveats"])
    )
    items = full["citations"] + [
        {"field": f"/caveats/{n}", **part} for n, item in enumerate(full["caveats"]) for part in item["citations"]
    ]
    Citation.objects.bulk_create(
        Citation(
            record_id=record.pk, position=n, source_id=lookup.get(Type.SOURCE, item["source"]),
            **{key: item[key] for key in ("field", "paragraph", "locator", "quote", "stance")},
        )
        for n, item in enumerate(items)
    )  # fmt: skip
