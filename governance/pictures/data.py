"""What the pictures show, read from the records: every function returns plain values, which the tables show too."""

from collections import defaultdict
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet, prefetch_related_objects
from django.urls import reverse

from governance import edtf
from governance.locales import listed, local_name
from governance.models import Country, Level, Participation, Principle, Record, Relation
from governance.models.queries import RecordQuerySet
from governance.models.vocabulary import KIND_LABELS, LINEAGE, PREDICATES, Act, Strength, Type
from governance.pictures.grids import Cell, sign
from governance.pictures.lineage import Link, Node
from governance.pictures.lineage import columns as columns_of
from governance.pictures.timeline import Mark
from governance.pictures.world import Place
from governance.short_names import short_name

TAKING_PART = (
    Act.MEMBER, Act.PARTICIPANT, Act.PARTNER, Act.PARTY, Act.RATIFIED, Act.ACCEDED, Act.STEERING_GROUP, Act.CO_CHAIR,
    Act.CHAIR,
)  # fmt: skip
PROCESSES = ("regional-consultative-process", "interregional-forum", "global-process")
STRENGTHS = tuple(Strength.values)  # explicit, implied, interpreted
FURTHEST, MOST = 2, 40  # steps of lineage, and boxes in it


def on_day(rows: QuerySet, day: date) -> QuerySet:
    """Participation that, as far as its dates say, holds on `day`; without a date it counts as holding."""
    begun = Q(since_first=None) | Q(since_first__lte=day)
    return rows.filter(begun).filter(Q(until_last=None) | Q(until_last__gte=day))


def timeline(records: RecordQuerySet) -> tuple[list[Mark], list[str]]:
    """Dated instruments and events as marks, and the names of the levels in order."""
    marks = []
    dated = records.of_types(Type.INSTRUMENT, Type.EVENT).with_start().filter(starts__isnull=False)
    for record in dated.select_related("level").order_by("starts", "title"):
        span = edtf.span(record.starts_as)
        assert span.first  # the list has only records with one
        level = _named(record.level) if record.level else "–"
        marks.append(Mark(
            _named(record), record.get_absolute_url(), record.type, level, span.first, span.last or span.first,
            edtf.briefly(record.starts_as),
        ))  # fmt: skip
    return marks, [*map(_named, Level.objects.published().order_by("position")), "–"]


def _named(record: Record) -> str:
    """A record's name in the reader's language, or its English title."""
    return local_name(record)[0]


def lineage(record: Record, visible: RecordQuerySet) -> tuple[list[Node], list[Link]]:
    """The instruments up to two steps before and after, and the relations among them."""
    seen = visible.of_type(Type.INSTRUMENT).values("pk")
    rows = Relation.objects.filter(predicate__in=LINEAGE, record__in=seen, target__in=seen)
    near = {record.pk}
    for _step in range(FURTHEST):
        pairs = rows.filter(Q(record__in=near) | Q(target__in=near)).values_list("record", "target")
        near |= set(sorted({pk for pair in pairs for pk in pair} - near)[: MOST - len(near)])
    links = [
        Link(row.record_id, row.target_id, str(PREDICATES[row.predicate].label))
        for row in rows.filter(record__in=near, target__in=near).order_by("pk")
    ]
    columns = columns_of(((link.later, link.earlier) for link in links), record.pk)
    nodes = []
    found: Any  # a record with its start
    for found in Record.objects.filter(pk__in=near).with_start().order_by("title"):
        when = edtf.wording(found.starts_as) if found.starts_as else ""
        address = found.get_absolute_url()
        nodes.append(Node(found.pk, _named(found), address, when, columns[found.pk], found.pk == record.pk))
    return nodes, links


def members(day: date, visible: RecordQuerySet, **which) -> dict[Record, set[str]]:
    """Countries (their codes) that take part on `day` in each visible record that meets `which`."""
    rows = Participation.objects.filter(
        act__in=TAKING_PART, party__type=Type.COUNTRY, party__in=visible.values("pk"),
        record__in=visible.filter(**which).values("pk"),
    )  # fmt: skip
    found: dict[Record, set[str]] = defaultdict(set)
    for row in on_day(rows, day).select_related("record", "party").order_by("record__title"):
        found[row.record].add(row.party.slug)
    return dict(found)


def overlap(day: date, visible: RecordQuerySet) -> tuple[list[Record], dict[tuple[int, int], list[str]]]:
    """Consultative processes, and for each pair the codes of the countries in both."""
    by_process = members(day, visible, kind__in=PROCESSES)
    processes = list(by_process)
    prefetch_related_objects(processes, "names")
    shared = {
        (a, b): sorted(by_process[processes[a]] & by_process[processes[b]])
        for a in range(len(processes))
        for b in range(len(processes))
    }
    return processes, shared


def acting(visible: RecordQuerySet) -> tuple[list[str], list[str], dict[tuple[int, int], Cell]]:
    """Levels by kinds of actor, with the number of actors in each cell and the list it leads to."""
    levels = list(Level.objects.published().order_by("position"))
    counted = visible.of_type(Type.ACTOR).order_by().values_list("level", "kind").annotate(n=Count("pk"))
    counts = {(level, kind): n for level, kind, n in counted if level}
    kinds = sorted({kind for _level, kind in counts}, key=lambda kind: str(KIND_LABELS[Type.ACTOR, kind]))
    highest = max(counts.values(), default=1)
    cells = {}
    for r, kind in enumerate(kinds):
        for c, level in enumerate(levels):
            if n := counts.get((level.pk, kind)):
                address = f"{reverse('list', args=('actors',))}?level={level.slug}&kind={kind}"
                label = f"{KIND_LABELS[Type.ACTOR, kind]}, {_named(level)}: {n}"
                cells[r, c] = Cell(str(n), n / (highest + 1), address, label)
    return [str(KIND_LABELS[Type.ACTOR, kind]) for kind in kinds], [_named(level) for level in levels], cells


def principles(visible: RecordQuerySet) -> tuple[list[Record], list[Record], dict[tuple[int, int], list]]:
    """Principles by instruments: the provisions of the instrument that carry the principle."""
    found: dict[tuple[int, int], list] = defaultdict(list)
    rows: dict[int, Record] = {}
    columns: dict[int, Record] = {}
    carrying = Principle.objects.filter(pk__in=visible.values("pk"))
    for principle in carrying.prefetch_related("in_provisions__provision__instrument__names"):
        for carried in principle.in_provisions.all():
            instrument = carried.provision.instrument
            if instrument.is_public:
                rows[principle.pk], columns[instrument.pk] = principle, instrument
                found[principle.pk, instrument.pk].append(carried)
    titles = lambda records: sorted(records.values(), key=lambda record: record.title)  # noqa: E731
    return titles(rows), titles(columns), dict(found)


def principle_cells(rows: list[Record], columns: list[Record], found: dict) -> dict[tuple[int, int], Cell]:
    """The cells of the grid: the strongest way a principle stands in an instrument."""
    cells = {}
    for r, principle in enumerate(rows):
        for c, instrument in enumerate(columns):
            carried = found.get((principle.pk, instrument.pk))
            if carried:
                best = min(carried, key=lambda row: STRENGTHS.index(row.strength))
                names = f"{_named(principle)} – {_named(instrument)}, {best.provision.label}"
                cells[r, c] = _strength_cell(best, f"{names}: {best.get_strength_display()}")
    return cells


def strengths(carried: list) -> tuple[list[str], dict[tuple[int, int], Cell]]:
    """One principle, provision by provision: the names of the rows, and each strength in a column of its own."""
    names, cells = [], {}
    for r, row in enumerate(carried):
        parts = [short_name(row.provision.instrument), row.provision.label]
        names.append("\n".join(parts))
        cells[r, STRENGTHS.index(row.strength)] = _strength_cell(row, f"{listed(parts)}: {row.get_strength_display()}")
    return names, cells


def _strength_cell(row, label: str) -> Cell:
    depth = (0.9, 0.5, 0.2)[STRENGTHS.index(row.strength)]
    return Cell(sign(row.strength), depth, row.provision.get_absolute_url(), label)


def places(by_record: dict[Record, set[str]]) -> list[Place]:
    """Countries with the number of records in which each takes part."""
    counts: dict[str, int] = defaultdict(int)
    for codes in by_record.values():
        for code in codes:
            counts[code] += 1
    found = Country.objects.filter(slug__in=counts).order_by("title")
    return [Place(c.m49, _named(c), c.get_absolute_url(), counts[c.slug]) for c in found]


def by_number(found: list[Place]) -> list[tuple[int, list[Place]]]:
    """Places under the number of records in which they take part, the most first."""
    numbers = sorted({place.count for place in found}, reverse=True)
    return [(number, [place for place in found if place.count == number]) for number in numbers]
