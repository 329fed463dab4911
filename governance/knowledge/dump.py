"""Records to documents: the JSON that the interface promises."""

from collections.abc import Iterable, Iterator
from datetime import UTC
from typing import Any

from django.db.models import Prefetch, QuerySet

from governance.knowledge.form import pointer_order
from governance.knowledge.sections import child_model, sections_of
from governance.models import Record
from governance.models.vocabulary import Type

BATCH = 200
RELATED = (
    "names", "identifiers", "dates", "participation__party", "relations__target", "inverse_relations__record",
    "principle_tags__principle", "topic_tags__topic", "caveats", "citations__source",
)  # fmt: skip


def dump(record: Record, public: bool = True) -> dict:
    """Return the full document of one record; see `dump_many`."""
    return next(dump_many([record], public))


def dump_many(records: Iterable[Record], public: bool = True) -> Iterator[dict]:
    """Yield the full document of each record, in the order given, in batches of a constant number of queries.

    With `public`, rows that lead to an unpublished record are left out; without, everything is there and the document
    also says its `state`.
    """
    batch: list[Record] = []
    for record in records.iterator(BATCH) if isinstance(records, QuerySet) else records:
        batch.append(record)
        if len(batch) == BATCH:
            yield from _dump_batch(batch, public)
            batch = []
    yield from _dump_batch(batch, public)


def _dump_batch(batch: list[Record], public: bool) -> Iterator[dict]:
    children: dict[int, Record] = {}
    for type_ in {record.type for record in batch}:
        model = child_model(type_)
        lookups = [*RELATED, *(lookup for section in sections_of(type_) for lookup in section.prefetch)]
        if hasattr(model, "parent"):
            lookups.append(Prefetch("parent"))
        found = model.objects.filter(pk__in=[r.pk for r in batch if r.type == type_]).select_related("level")
        children |= {child.pk: child for child in found.prefetch_related(*lookups)}
    for record in batch:
        if record.pk in children:
            yield _Dumper(children[record.pk], public).document()


class _Dumper:
    """Builds one document; remembers at which index each row stands, so that pointers can be made from positions."""

    def __init__(self, record: Record, public: bool) -> None:
        self.record = record
        self.public = public
        self.index: dict[tuple[str, int], int] = {}
        self.nested: dict[tuple[str, int, str, int], int] = {}

    def document(self) -> dict:
        record = self.record
        document: dict[str, Any] = {
            "type": record.type,
            "slug": record.slug,
            "url": record.get_absolute_url(),
            "title": record.title,
            "kind": record.kind or None,
            "level": record.level.slug if record.level and self._shows(record.level) else None,
            "binding": record.binding or None,
            "summary": record.summary,
            "body": record.body,
            "updated": record.updated.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z"),
        }
        if not self.public:
            document["state"] = record.state
        document |= {field: self._field(field) for field in record.document_fields}
        lists = self._lists()
        document["bases"] = self._bases()
        document["strengths"] = {
            tag.principle.slug: tag.strength
            for tag in record.principle_tags.all()
            if tag.strength and self._shows(tag.principle)
        }
        document |= lists
        document["countries"] = self._countries()
        document["caveats"] = self._caveats()
        document["citations"] = self._citations()
        return document

    def _shows(self, other: Record) -> bool:
        return not self.public or other.is_public

    def _field(self, name: str) -> Any:
        value = getattr(self.record, name)
        return value.slug if isinstance(value, Record) else value

    def _keep(self, key: str, row, item: Any, items: list) -> None:
        self.index[key, row.position] = len(items)
        items.append(item)

    def _lists(self) -> dict[str, list]:
        record = self.record
        lists: dict[str, list] = {
            "names": [], "identifiers": [], "dates": [], "relations": [], "participation": [], "provisions": [],
            "principles": [], "topics": [],
        }  # fmt: skip
        for row in record.names.all():
            item = {"text": row.text, "language": row.language, "kind": row.kind, "basis": row.basis}
            self._keep("names", row, item, lists["names"])
        for row in record.identifiers.all():
            item = {"scheme": row.scheme, "value": row.value, "basis": row.basis}
            self._keep("identifiers", row, item, lists["identifiers"])
        for row in record.dates.all():
            item = {"event": row.event, "value": row.value, "note": row.note, "basis": row.basis}
            self._keep("dates", row, item, lists["dates"])
        self._relations(lists["relations"])
        for row in record.participation.all():
            if self._shows(row.party):
                self._keep("participation", row, _participation(row), lists["participation"])
        for section in sections_of(record.type):
            for position, item, nested in section.dump(record, self.public):
                self.index[section.key, position] = len(lists[section.key])
                for key, positions in nested.items():
                    self.nested |= {(section.key, position, key, p): n for n, p in enumerate(positions)}
                lists[section.key].append(item)
        for row in record.principle_tags.all():
            if self._shows(row.principle):
                self._keep("principles", row, row.principle.slug, lists["principles"])
        for row in record.topic_tags.all():
            if self._shows(row.topic):
                self._keep("topics", row, row.topic.slug, lists["topics"])
        return lists

    def _relations(self, items: list) -> None:
        for row in self.record.relations.all():
            if self._shows(row.target):
                self._keep("relations", row, _relation(row, row.target, row.wording.name, "forward"), items)
        others = [row for row in self.record.inverse_relations.all() if self._shows(row.record)]
        for row in sorted(others, key=lambda row: (row.predicate, row.record.type, row.record.slug, row.position)):
            items.append(_relation(row, row.record, row.wording.inverse, "inverse"))

    def _bases(self) -> dict[str, str]:
        bases = dict(self.record.bases)
        for key, rows in (("principles", self.record.principle_tags.all()), ("topics", self.record.topic_tags.all())):
            for row in rows:
                if (key, row.position) in self.index:
                    bases[f"{key}/{self.index[key, row.position]}"] = row.basis
        return dict(sorted(bases.items()))

    def _countries(self) -> list[dict]:
        found = [
            {"iso2": row.party.slug, "role": row.role or row.act}
            for row in self.record.participation.all()
            if row.party.type == Type.COUNTRY and self._shows(row.party)
        ]
        found += [
            {"iso2": row.target.slug, "role": "location"}
            for row in self.record.relations.all()
            if row.predicate == "located-in" and row.target.type == Type.COUNTRY and self._shows(row.target)
        ]
        return [item for n, item in enumerate(found) if item not in found[:n]]

    def _caveats(self) -> list[dict]:
        items: list[dict] = []
        for row in self.record.caveats.all():
            field = self._pointer(row.field)
            if field is not None:
                self._keep("caveats", row, {"kind": row.kind, "field": field, "text": row.text, "citations": []}, items)
        for row in self.record.citations.all():
            if row.field.startswith("/caveats/") and self._shows(row.source):
                index = self.index.get(("caveats", int(row.field.split("/")[2])))
                if index is not None:
                    items[index]["citations"].append(_citation(row))
        return items

    def _citations(self) -> list[dict]:
        items = []
        for row in self.record.citations.all():
            field = self._pointer(row.field)
            if field is not None and not field.startswith("/caveats/") and self._shows(row.source):
                items.append({"field": field, **_citation(row)})
        return sorted(items, key=lambda item: pointer_order(item["field"]))

    def _pointer(self, field: str) -> str | None:
        """Turn positions into indices; None for a pointer whose row is gone or not shown."""
        parts = field.split("/")
        if len(parts) < 3 or not parts[2].isdecimal():
            return field
        if parts[1] == "caveats":
            return field
        index = self.index.get((parts[1], int(parts[2])))
        if index is not None and len(parts) > 4 and parts[4].isdecimal():
            inner = self.nested.get((parts[1], int(parts[2]), parts[3], int(parts[4])))
            return None if inner is None else "/".join([*parts[:2], str(index), parts[3], str(inner), *parts[5:]])
        return None if index is None else "/".join([*parts[:2], str(index), *parts[3:]])


def _relation(row, other: Record, predicate: str, direction: str) -> dict:
    return {
        "predicate": predicate, "type": other.type, "slug": other.slug, "title": other.title, "date": row.date,
        "note": row.note, "basis": row.basis, "direction": direction,
    }  # fmt: skip


def _participation(row) -> dict:
    return {
        "type": row.party.type, "slug": row.party.slug, "title": row.party.title, "act": row.act, "role": row.role,
        "from": row.since, "until": row.until, "effect": row.effect, "note": row.note, "basis": row.basis,
    }  # fmt: skip


def _citation(row) -> dict:
    return {
        "source": row.source.slug, "paragraph": row.paragraph, "locator": row.locator, "quote": row.quote,
        "stance": row.stance,
    }  # fmt: skip
