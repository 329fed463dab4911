"""Records to documents: the JSON that the interface promises."""

from collections.abc import Iterable, Iterator
from datetime import UTC
from typing import Any

from django.db.models import QuerySet, prefetch_related_objects

from governance.knowledge.form import ITEM_KEYS, LISTS, pointer_order
from governance.knowledge.sections import child_model, sections_of
from governance.locales import permanent
from governance.models import Record
from governance.models.vocabulary import Type

BATCH = 200
REFERENCES = ("level", "parent")
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
        lookups = [lookup for section in sections_of(type_) for lookup in section.prefetch]
        if hasattr(model, "parent"):
            lookups.append("parent")
        found = model.objects.filter(pk__in=[r.pk for r in batch if r.type == type_]).select_related("level")
        children |= {child.pk: child for child in found.prefetch_related(*lookups)}
    prefetch_related_objects(list(children.values()), *RELATED)  # of records of all types at once
    for record in batch:
        if record.pk in children:
            yield _Dumper(children[record.pk], public).document()


class _Dumper:
    """Builds one document; `places` remembers where each row went, since evidence is stored by the rows' positions."""

    def __init__(self, record: Record, public: bool) -> None:
        self.record = record
        self.public = public
        self.places: dict[str, str] = {}
        self.hidden = {f"/{name}" for name in REFERENCES if not self._shows(getattr(record, name, None))}
        self.bases = {name: basis for name, basis in record.bases.items() if f"/{name}" not in self.hidden}

    def document(self) -> dict:
        record = self.record
        document: dict[str, Any] = {
            "type": record.type,
            "slug": record.slug,
            "url": permanent(record),
            "title": record.title,
            "kind": record.kind or None,
            "level": self._field("level"),
            "binding": record.binding or None,
            "summary": record.summary,
            "body": record.body,
            "updated": record.updated.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z"),
        }
        if not self.public:
            document["state"] = record.state
        document |= {field: self._field(field) for field in record.document_fields}
        lists = self._lists()
        document["bases"] = dict(sorted(self.bases.items()))
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

    def _shows(self, other: Record | None) -> bool:
        return not self.public or other is None or other.is_public

    def _field(self, name: str) -> Any:
        value = getattr(self.record, name)
        if isinstance(value, Record):
            return value.slug if self._shows(value) else None
        return value

    def _keep(self, key: str, row, item: Any, items: list) -> None:
        self.places.setdefault(f"/{key}/{row.position}", f"/{key}/{len(items)}")
        items.append(item)

    def _lists(self) -> dict[str, list]:
        record = self.record
        lists: dict[str, list] = {
            "names": [], "identifiers": [], "dates": [], "relations": [], "participation": [], "provisions": [],
            "principles": [], "topics": [],
        }  # fmt: skip
        for key, rows in (("names", record.names), ("identifiers", record.identifiers), ("dates", record.dates)):
            for row in rows.all():
                item = {name: getattr(row, name) for name in (*ITEM_KEYS[key], "basis")}
                self._keep(key, row, item, lists[key])
        self._relations(lists["relations"])
        for taken in record.participation.all():
            if self._shows(taken.party):
                self._keep("participation", taken, _participation(taken), lists["participation"])
        for section in sections_of(record.type):
            lists[section.key], places = section.dump(record, self.public)
            self.places |= places
        self._tags("principles", ((row, row.principle) for row in record.principle_tags.all()), lists["principles"])
        self._tags("topics", ((row, row.topic) for row in record.topic_tags.all()), lists["topics"])
        return lists

    def _tags(self, key: str, rows: Iterable[tuple], items: list) -> None:
        for row, tag in rows:
            if self._shows(tag):
                self.bases[f"{key}/{len(items)}"] = row.basis
                self._keep(key, row, tag.slug, items)

    def _relations(self, items: list) -> None:
        for row in self.record.relations.all():
            if self._shows(row.target):
                self._keep("relations", row, _relation(row, row.target, row.wording.name, "forward"), items)
        others = [row for row in self.record.inverse_relations.all() if self._shows(row.record)]
        for row in sorted(others, key=lambda row: (row.predicate, row.record.type, row.record.slug, row.position)):
            items.append(_relation(row, row.record, row.wording.inverse, "inverse"))

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
        for cited in self.record.citations.all():
            place = self.places.get(cited.field, "")
            if place.startswith("/caveats/") and self._shows(cited.source):
                items[int(place.rpartition("/")[2])]["citations"].append(_citation(cited))
        return items

    def _citations(self) -> list[dict]:
        items = []
        for row in self.record.citations.all():
            field = self._pointer(row.field)
            if field is not None and not field.startswith("/caveats/") and self._shows(row.source):
                items.append({"field": field, **_citation(row)})
        return sorted(items, key=lambda item: pointer_order(item["field"]))

    def _pointer(self, field: str) -> str | None:
        """Turn positions into indices; None for a pointer whose row is gone, or whose value is not shown."""
        parts = field.split("/")
        if len(parts) < 3 or parts[1] not in LISTS:
            return None if field in self.hidden else field
        is_carried = parts[1] == "provisions" and parts[3:4] == ["principles"] and len(parts) > 4
        row = "/".join(parts[: 5 if is_carried else 3])
        return self.places[row] + field[len(row) :] if row in self.places else None


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
