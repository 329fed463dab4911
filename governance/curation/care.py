"""What needs care: one check for each kind of gap, with the records that have it and the way to mend each.

A check's records are a queryset, so that they can be counted and paged; what a row says beside its title is fetched
for a page of rows at once, in a number of queries that does not grow with them.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance import citations, reports
from governance.curation.duplicated import duplicated
from governance.curation.editor import place
from governance.curation.kept import once
from governance.knowledge.sections import child_model
from governance.models import Citation, Decision, Name, Principle, PrincipleTag, Record, Report, Revision
from governance.models.vocabulary import CITATION_EXEMPT, NameKind, Reliability, Stance, State, Type

LANGUAGES = ("fr", "es", "ar")  # of the pages; a record without a name in one is shown with its English title there
FIRST_YEAR = 1950


@dataclass(frozen=True)
class Row:
    """One thing that needs care: what it is, what is known of it, and where it is mended."""

    title: str
    kind: str
    address: str
    note: str = ""
    links: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Check:
    """One kind of gap. `found` gives all that have it, `rows` makes rows of some of them."""

    name: str
    title: Any
    help: Any
    found: Callable[[], Any]
    rows: Callable[[list], list[Row]]

    def count(self) -> int:
        found = self.found()
        return found.count() if isinstance(found, QuerySet) else len(found)


def _shown() -> QuerySet[Record]:
    return Record.objects.exclude(state=State.WITHDRAWN)


def _cited(**conditions: Any) -> Exists:
    return Exists(Citation.objects.filter(record=OuterRef("pk"), stance=Stance.SUPPORTS, **conditions))


def unsourced() -> QuerySet[Record]:
    """Records that name no source at all, where one is needed."""
    any_citation = Exists(Citation.objects.filter(record=OuterRef("pk")))
    return _shown().exclude(type__in=CITATION_EXEMPT).filter(~any_citation).order_by("type", "title", "pk")


def weak() -> QuerySet[Record]:
    """Records all of whose sources are of low reliability."""
    better = Q(source__reliability__in=(Reliability.HIGH, Reliability.MEDIUM, ""))
    good = Exists(Citation.objects.filter(better, record=OuterRef("pk"), stance=Stance.SUPPORTS))
    return _shown().filter(_cited(source__reliability=Reliability.LOW), ~good).order_by("type", "title", "pk")


def dated_counts() -> QuerySet[Record]:
    """Records whose text gives a state of things (“124 parties as of 2008”) that is more than a year old."""
    years = "|".join(map(str, range(FIRST_YEAR, timezone.now().year - 1)))
    phrase = rf"(as of|as at|at the end of|by the end of|by mid|in mid)[^.;]{{0,24}}({years})"
    old = Q(summary__iregex=phrase) | Q(body__iregex=phrase)
    return _shown().exclude(type=Type.SOURCE).filter(old).order_by("updated", "pk")


def waiting() -> QuerySet[Record]:
    """Drafts, and changes of what readers see, that nobody has touched for the longest time."""
    revisions = Revision.objects.filter(record=OuterRef("pk"))
    pending = Exists(revisions.filter(decision=Decision.PENDING))
    since = Subquery(revisions.order_by("-number").values("created")[:1])
    unseen = Q(state__in=(State.DRAFT, State.IN_REVIEW))
    return Record.objects.filter(unseen | pending).annotate(since=since).order_by("since", "pk")


def unplaced_principles() -> QuerySet[Principle]:
    """Principles that no provision carries."""
    return Principle.objects.published().filter(in_provisions=None).order_by("title", "pk")


def untranslated() -> QuerySet[Record]:
    """Records that lack a name in one of the languages of the site."""
    titles = Name.objects.filter(record=OuterRef("pk"), kind__in=(NameKind.SHORT, NameKind.OFFICIAL))
    missing = Q(pk__in=[])
    for language in LANGUAGES:
        missing |= Q(~Exists(titles.filter(language=language)))
    return Record.objects.published().exclude(type=Type.SOURCE).filter(missing).order_by("type", "title", "pk")


def _edit(record: Any, anchor: str = "") -> str:
    """Its editor, at an element or at the value of a pointer."""
    anchor = place(anchor) if anchor.startswith("/") else anchor
    return reverse("admin:edit", args=(record.pk,)) + (f"#{anchor}" if anchor else "")


def _plain(record: Any, note: str = "", anchor: str = "", links: list | None = None) -> Row:
    return Row(str(record), str(record.get_type_display()), _edit(record, anchor), note, links or [])


def _unsourced_rows(records: list[Record]) -> list[Row]:
    return [_plain(record, str(record.get_state_display()), "id_summary") for record in records]


def _weak_rows(records: list[Record]) -> list[Row]:
    codes: dict[int, list[str]] = {}
    rows = Citation.objects.filter(record__in=records).order_by("source__slug")
    for pk, code in rows.values_list("record_id", "source__slug").distinct():
        codes.setdefault(pk, []).append(code)
    return [_plain(record, _("rests on: %s") % ", ".join(codes.get(record.pk, []))) for record in records]


def _dated_rows(records: list[Record]) -> list[Row]:
    note = _("last changed %s")
    return [_plain(record, note % record.updated.date().isoformat(), "id_body") for record in records]


def _waiting_rows(records: list[Any]) -> list[Row]:
    return [
        _plain(record, f"{record.get_state_display()} · {record.since.date().isoformat() if record.since else '–'}")
        for record in records
    ]


def _principle_rows(principles: list[Principle]) -> list[Row]:
    carriers: dict[int, list[Record]] = {}
    tags = PrincipleTag.objects.filter(principle__in=principles, record__type=Type.INSTRUMENT)
    for tag in tags.select_related("record").order_by("record__title"):
        carriers.setdefault(tag.principle_id, []).append(tag.record)
    rows = []
    for principle in principles:
        named = carriers.get(principle.pk, [])
        note = _("carried as a whole by:") if named else _("no instrument carries it")
        links = [(str(record), _edit(record, "section-provisions")) for record in named[:3]]
        rows.append(_plain(principle, note, links=links))
    return rows


def _untranslated_rows(records: list[Record]) -> list[Row]:
    have: dict[int, set[str]] = {}
    names = Name.objects.filter(record__in=records, kind__in=(NameKind.SHORT, NameKind.OFFICIAL))
    for pk, language in names.values_list("record_id", "language"):
        have.setdefault(pk, set()).add(language)
    return [
        _plain(
            record,
            _("missing: %s") % ", ".join(code for code in LANGUAGES if code not in have.get(record.pk, ())),
            "section-names",
        )
        for record in records
    ]


def _report_rows(found: list[Report]) -> list[Row]:
    address = "admin:report_one"
    return [
        Row(str(report.record), str(report.record.get_type_display()), reverse(address, args=(report.pk,)), report.text)
        for report in found
    ]


def _duplicate_rows(pairs: list[tuple[Record, Record, str]]) -> list[Row]:
    rows = []
    for one, other, reason in pairs:
        loser, winner = (other, one) if one.is_public else (one, other)
        address = _edit(loser)
        if winner.is_public:
            address = reverse(f"admin:{_label(one.type)}_merge", args=(loser.pk,)) + f"?into={winner.reference}"
        rows.append(Row(f"{one} – {other}", str(one.get_type_display()), address, reason))
    return rows


def unsound() -> list[tuple[int, str]]:
    """Citations that do not stand in the texts that were brought in: their ids, and what is wrong."""
    return once("unsound", lambda: [(finding.citation.pk, finding.problem) for finding in citations.check().findings])


def _unsound_rows(found: list[tuple[int, str]]) -> list[Row]:
    cited = Citation.objects.select_related("record", "source").in_bulk([pk for pk, _problem in found])
    return [
        _plain(cited[pk].record, f"{cited[pk].field or '/'} {citations.written(cited[pk])}: {problem}", cited[pk].field)
        for pk, problem in found
        if pk in cited
    ]


def _label(type_: str) -> str:
    opts = child_model(type_)._meta
    return f"{opts.app_label}_{opts.model_name}"


CHECKS = (
    Check(
        "reported", gettext_lazy("Reported by readers"),
        gettext_lazy("Errors that readers see and nobody has decided."),
        lambda: reports.waiting().select_related("record"), _report_rows,
    ),
    Check(
        "waiting", gettext_lazy("Drafts waiting longest"),
        gettext_lazy("Drafts and changes that readers do not see yet, those untouched for longest first."),
        waiting, _waiting_rows,
    ),
    Check(
        "unsourced", gettext_lazy("Without a source"),
        gettext_lazy("Nothing is published without one: cite a source for at least one value."),
        unsourced, _unsourced_rows,
    ),
    Check(
        "weak", gettext_lazy("Resting on weak sources only"),
        gettext_lazy("All their sources are of low reliability. Look for a better one, or say whose claim it is."),
        weak, _weak_rows,
    ),
    Check(
        "citations", gettext_lazy("Citations that do not stand"),
        gettext_lazy("The paragraph is not there, or the quote does not stand in it, in the texts brought in."),
        unsound, _unsound_rows,
    ),
    Check(
        "counts", gettext_lazy("Counts older than a year"),
        gettext_lazy("Texts that give a state of things as of a year long past. Look whether there is a newer one."),
        dated_counts, _dated_rows,
    ),
    Check(
        "duplicates", gettext_lazy("Near-duplicates"),
        gettext_lazy("The same name, identifier, or parties and date. Merge them, or say that they are not the same."),
        duplicated, _duplicate_rows,
    ),
    Check(
        "principles", gettext_lazy("Principles without provisions"),
        gettext_lazy("No provision is said to carry them. Add them where they stand."),
        unplaced_principles, _principle_rows,
    ),
    Check(
        "untranslated", gettext_lazy("Untranslated names"),
        gettext_lazy("No short or official name in French, Spanish or Arabic."),
        untranslated, _untranslated_rows,
    ),
)  # fmt: skip
BY_NAME = {check.name: check for check in CHECKS}
