"""The page of one record, as a value that templates read: everything a reader sees at a glance, with its evidence."""

from collections import Counter
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby

from django.db.models import Prefetch, Q
from django.utils import timezone

from governance.evidence import Evidence, EvidenceBook
from governance.knowledge.sections import child_model
from governance.models import Citation, Record, Relation
from governance.models.vocabulary import LINEAGE, PREDICATES, NameKind, State, Type
from governance.pages.competing import Competition, competitions
from governance.pages.taking_part import Part, Parties, Parts, Row, binding, parties, parts
from governance.status import Status, status


@dataclass(frozen=True)
class ProvisionRow(Row):
    """A provision, its evidence, and rows of the principles it carries."""

    carried: list[Row]


@dataclass(frozen=True)
class Edge:
    """A relation seen from this record: how it is worded, the other record, the row, its evidence."""

    label: str
    other: Record
    item: Relation
    evidence: Evidence
    is_lineage: bool


class RecordPage:
    """What the page of a record shows. `user` decides which neighbours may appear."""

    def __init__(self, record: Record, user=None) -> None:
        self.record, self.user = record, user
        self.today = timezone.now().date()

    @cached_property
    def book(self) -> EvidenceBook:
        citations = self.record.citations.filter(source__in=self._visible()).select_related("source")
        return EvidenceBook(self.record, citations, self.record.caveats.all())

    def _visible(self):
        return Record.objects.visible_to(self.user).values("pk")

    def _rows(self, key: str, rows) -> list[Row]:
        return [Row(row, self.book.of_row(key, row)) for row in rows]

    @cached_property
    def dates(self) -> list[Row]:
        return self._rows("dates", self.record.dates.all())

    @cached_property
    def names(self) -> list[Row]:
        """Names to show; everyday words are for searching and stand apart."""
        return self._rows("names", [n for n in self._all_names if n.kind != NameKind.PLAIN])

    @cached_property
    def plain_names(self) -> list:
        return [n for n in self._all_names if n.kind == NameKind.PLAIN]

    @cached_property
    def _all_names(self) -> list:
        return list(self.record.names.all())

    @property
    def abbreviation(self) -> str:
        return next((n.text for n in self._all_names if n.kind == NameKind.ABBREVIATION and n.language == "en"), "")

    @cached_property
    def identifiers(self) -> list[Row]:
        return self._rows("identifiers", self.record.identifiers.all())

    @cached_property
    def status(self) -> Status | None:
        return status(self.record, [row.item for row in self.dates], self.today)

    @cached_property
    def participation(self) -> list[Parties]:
        """Who takes part, grouped by what they did or are, and in which role."""
        rows = self.record.participation.filter(party__in=self._visible()).select_related("party")
        return parties(self._rows("participation", rows))

    @cached_property
    def acts(self) -> list[tuple[str, int]]:
        """How many take part as what: `[("Member", 22), ("Secretariat", 1)]`."""
        counts: Counter[str] = Counter()
        for group in self.participation:
            counts[group.act] += len(group.rows)
        return list(counts.items())

    @cached_property
    def takes_part(self) -> list[Parts]:
        """What this country or actor takes part in, by type."""
        rows = self.record.takes_part.filter(record__in=self._visible()).select_related("record")
        return parts(list(rows.prefetch_related("record__dates")), self.today)

    @cached_property
    def binding(self) -> list[Part]:
        """The binding instruments in force to which this country is a party, with what is known of when."""
        return [row for row in binding(self.takes_part) if not row.item.until_last or row.item.until_last >= self.today]

    @cached_property
    def edges(self) -> list[tuple[str, list[Edge]]]:
        """Relations in both directions, grouped by their wording from here."""
        forward = self.record.relations.filter(target__in=self._visible()).select_related("target")
        found = [
            Edge(str(row.wording.label), row.target, row, self.book.of_row("relations", row), row.predicate in LINEAGE)
            for row in forward
        ]
        backward = list(self.record.inverse_relations.filter(record__in=self._visible()).select_related("record"))
        cited = self._citations_of(backward)
        for row in backward:
            pointer = f"/relations/{row.position}"
            place = f"about={row.record.reference}&at={pointer}"
            evidence = Evidence(row.basis, cited.get((row.record_id, pointer), []), place=place)
            label = str(row.wording.inverse_label)
            found.append(Edge(label, row.record, row, evidence, row.predicate in LINEAGE))
        order = {str(p.label): n for n, p in enumerate(PREDICATES.values())}
        found.sort(key=lambda edge: (order.get(edge.label, len(order)), edge.label))
        return _grouped(found, lambda edge: edge.label)

    def _citations_of(self, rows: list[Relation]) -> dict[tuple[int, str], list[Citation]]:
        wanted = Q(pk__in=[])
        for row in rows:
            wanted |= Q(record_id=row.record_id, field=f"/relations/{row.position}")
        found: dict[tuple[int, str], list[Citation]] = {}
        for citation in Citation.objects.filter(wanted, source__in=self._visible()).select_related("source"):
            found.setdefault((citation.record_id, citation.field), []).append(citation)
        return found

    @cached_property
    def lineage(self) -> list[tuple[str, list[Edge]]]:
        return [(label, edges) for label, edges in self.edges if edges[0].is_lineage]

    @cached_property
    def neighbours(self) -> list[tuple[str, Edge]]:
        """Before and after at a glance: the first few edges of the lineage, each with its wording."""
        found = {edge.other.pk: (label, edge) for label, edges in reversed(self.lineage) for edge in reversed(edges)}
        return list(reversed(found.values()))[:4]

    @cached_property
    def other_edges(self) -> list[tuple[str, list[Edge]]]:
        return [(label, edges) for label, edges in self.edges if not edges[0].is_lineage]

    @cached_property
    def principles(self) -> list[Row]:
        tags = self.record.principle_tags.filter(principle__state=State.PUBLISHED).select_related("principle")
        return self._rows("principles", tags)

    @cached_property
    def topics(self) -> list[Row]:
        tags = self.record.topic_tags.filter(topic__state=State.PUBLISHED).select_related("topic")
        return self._rows("topics", tags)

    @cached_property
    def narrower(self) -> list[Record]:
        if self.record.type not in (Type.LEVEL, Type.TOPIC, Type.PRINCIPLE):
            return []
        return list(child_model(self.record.type).objects.visible_to(self.user).filter(parent=self.record.pk))

    @cached_property
    def provisions(self) -> list["ProvisionRow"]:
        """The provisions of an instrument, each with the principles it carries; other types have none."""
        if not hasattr(self.record, "provisions"):
            return []
        found = []
        for row in self.record.provisions.prefetch_related("principles__principle").all():
            carried = [
                Row(p, self._nested(f"/provisions/{row.position}/principles/{p.position}", p.basis))
                for p in row.principles.all()
                if p.principle.state == State.PUBLISHED
            ]
            row.instrument = self.record
            found.append(ProvisionRow(row, self.book.of_row("provisions", row), carried))
        return found

    def _nested(self, pointer: str, basis: str) -> Evidence:
        return replace(self.book.at(pointer), basis=basis)

    @property
    def carrying_provisions(self) -> int:
        """How many provisions carry a principle."""
        return sum(1 for row in self.provisions if row.carried)

    @cached_property
    def disputes(self) -> list:
        return [caveat for caveat in self.book.caveats if caveat.is_dispute]

    @cached_property
    def competing(self) -> list[Competition]:
        """Values on which the sources differ, side by side."""
        return competitions(self)

    @cached_property
    def only_weak(self) -> bool:
        """Every source that this record rests on is of low reliability."""
        sources = self.book.sources()
        return bool(sources) and all(source.weak for source, _citations in sources)

    @cached_property
    def missing_languages(self) -> list[str]:
        """Interface languages in which no name of this record is known."""
        have = {name.language for name in self._all_names} | {"en"}
        return [code for code in ("fr", "es", "ar") if code not in have]


def _grouped(rows: list, label) -> list[tuple[str, list]]:
    """Group rows by label; groups stand where their first row stood."""
    groups: dict[str, list] = {}
    for name, members in groupby(rows, label):
        groups.setdefault(name, []).extend(members)
    return list(groups.items())


def prefetched(model):
    """The queryset from which a record page is made, its one-to-many rows fetched along."""
    queryset = model.objects.select_related("level")
    if hasattr(model, "parent"):
        queryset = queryset.select_related("parent")
    return queryset.prefetch_related("names", "dates", "identifiers", Prefetch("caveats"))
