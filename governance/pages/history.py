"""The public history of a record: every state that readers saw, what each changed, and any of them whole.

Nobody is named: whoever wrote or reviewed is a letter, the same one throughout the history of one record. What was said
between curators is not shown, and of an earlier state nothing that may not be read now (`governance.exports.states`).
"""

from dataclasses import dataclass, field

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from governance import addresses, data
from governance.addresses import TYPES
from governance.curation import compare, references, wording
from governance.exports import states
from governance.models import Decision, Record, Revision
from governance.models.vocabulary import Stance, State, Type
from governance.pages.http import reading
from governance.pages.records import withdrawn
from governance.pages.titles import TITLES
from governance.values import Value, values_of

SHOWN = 20
_MADE = ("state_of", "revision")  # what an earlier state says beside the document


@dataclass(frozen=True)
class Step:
    """One public state: its revision, who made it, its document (None when withdrawn) and what it changed."""

    revision: Revision
    editor: str
    reviewer: str
    document: dict | None
    differences: list[compare.Difference] = field(default_factory=list)

    @property
    def fields(self) -> list[str]:
        """What changed, in the words of the page."""
        return list(dict.fromkeys(wording.label(item.field) for item in self.differences))

    @property
    def moment(self):
        return self.revision.decided or self.revision.created

    @property
    def is_alone(self) -> bool:
        return bool(self.editor) and self.editor == self.reviewer

    def as_data(self, record: Record) -> dict:
        return {
            "revision": self.revision.number, "date": self.moment.isoformat(), "state": self.revision.state,
            "editor": self.editor or None, "reviewer": self.reviewer or None,
            "changed": [item.place for item in self.differences],
            "url": reverse("history-state", args=(record.plural, record.slug, self.revision.number)),
        }  # fmt: skip


def _public(record: Record) -> QuerySet[Revision]:
    """Revisions that readers saw or that took the record from them, the newest first."""
    revisions = Revision.objects.filter(
        record_id=record.pk, decision=Decision.APPROVED, state__in=(State.PUBLISHED, State.WITHDRAWN)
    )
    return revisions.annotate(effective=Coalesce("decided", "created")).order_by("-effective", "-number")


def _letters(revisions: QuerySet[Revision]) -> dict[int, str]:
    """A letter for each who wrote or reviewed, in order of appearance: A … Z, A2 …"""
    found: dict[int, str] = {}
    for pair in revisions.reverse().values_list("author", "reviewer"):
        for pk in filter(None, pair):
            number = len(found)
            found.setdefault(pk, chr(65 + number % 26) + (str(number // 26 + 1) if number > 25 else ""))
    return found


def _steps(record: Record, shown: list[Revision], letters: dict[int, str]) -> list[Step]:
    """Steps of revisions, each compared with the one after it in the list; of the last, all is new."""
    documents = [_document(record, revision) for revision in shown]
    steps = []
    for revision, document, before in zip(shown, documents, [*documents[1:], None], strict=True):
        changed = compare.differences(before or {}, document) if document else []
        editor = letters.get(revision.author_id or 0, "")
        reviewer = letters.get(revision.reviewer_id or 0, "")
        steps.append(Step(revision, editor, reviewer, document, changed))
    return steps


def _document(record: Record, revision: Revision) -> dict | None:
    if revision.state != State.PUBLISHED:
        return None
    document = states.document_of(record, revision)
    return {key: value for key, value in document.items() if key not in _MADE}


@reading("json")
def history_page(request: HttpRequest, plural: str, slug: str) -> HttpResponse:
    """`/history/instruments/<slug>/`: every public state, the newest first, with what changed."""
    record = _record(request, plural, slug)
    if isinstance(record, HttpResponse):
        return record
    revisions = _public(record)
    page = Paginator(revisions, SHOWN).get_page(request.GET.get("page"))
    older = list(revisions[page.end_index() : page.end_index() + 1])
    steps = _steps(record, [*page, *older], _letters(revisions))[: len(page)]
    if data.wants_data(request):
        answer = {"type": record.type, "slug": record.slug, "count": page.paginator.count}
        return data.answer(answer | {"results": [step.as_data(record) for step in steps]})
    context = {
        "record": record, "page": page, "numbers": page.paginator.get_elided_page_range(page.number), "steps": steps,
        "list_title": TITLES[Type(record.type)], "plural": plural,
    }  # fmt: skip
    return render(request, "governance/history.html", context)


@reading("json")
def state_page(request: HttpRequest, plural: str, slug: str, number: int) -> HttpResponse:
    """`/history/instruments/<slug>/3/`: one state as readers saw it, and what it changed."""
    record = _record(request, plural, slug, number)
    if isinstance(record, HttpResponse):
        return record
    revisions = _public(record)
    chosen = revisions.filter(number=number).first() if number < 2**31 else None
    if chosen is None:
        raise Http404(_("This record has no such public state."))
    position = list(revisions.values_list("number", flat=True)).index(number)
    step = _steps(record, list(revisions[position : position + 2]), _letters(revisions))[0]
    if data.wants_data(request):
        if step.document is None:
            return data.error("gone", _("This record was withdrawn."), 410)
        return data.answer(states.document_of(record, chosen))
    titles = references.titles(references.named_in(step.document)) if step.document else {}
    context = {
        "record": record, "step": step, "is_newest": position == 0, "plural": plural,
        "values": _with_marks(step.document, titles) if step.document else [],
        "lines": wording.lines(step.differences, titles), "list_title": TITLES[Type(record.type)],
        "is_first": position == revisions.count() - 1,
    }  # fmt: skip
    return render(request, "governance/history_state.html", context)


def _with_marks(document: dict, titles: dict[str, str]) -> list[tuple[Value, list[str]]]:
    """Each value with the places it rested on."""
    marks: dict[str, list[str]] = {}
    for citation in document["citations"]:
        place = f" ¶{citation['paragraph']}" if citation["paragraph"] else ""
        against = _("against: %s") if citation["stance"] == Stance.CONTRADICTS else "%s"
        marks.setdefault(citation["field"], []).append(against % f"{citation['source']}{place}")
    return [(value, list(dict.fromkeys(marks.get(value.pointer, [])))) for value in values_of(document, titles)]


def _record(request: HttpRequest, plural: str, slug: str, number: int | None = None) -> Record | HttpResponse:
    """The record at an address, or the answer that stands in its place."""
    try:
        return addresses.find(TYPES[plural], slug, request.user, Record.objects.all())
    except addresses.Moved as moved:
        parts = (plural, moved.record.slug) if number is None else (plural, moved.record.slug, number)
        return HttpResponsePermanentRedirect(reverse("history" if number is None else "history-state", args=parts))
    except addresses.Gone as gone:
        return withdrawn(request, gone.record)
