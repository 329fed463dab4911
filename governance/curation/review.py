"""What waits for a reviewer, and the page on which one revision is decided."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from governance import citations, publishing
from governance.curation import compare, references, roles, wording
from governance.curation.heads import current, head, waiting_for_review
from governance.knowledge import DocumentError
from governance.locales import isolated
from governance.models import Revision
from governance.models.vocabulary import State

SHOWN = 50


def queue(site, request: HttpRequest) -> HttpResponse:
    """Everything that waits for review, oldest first."""
    _require_reader(request)
    page = Paginator(waiting_for_review(), SHOWN).get_page(request.GET.get("p"))
    context = {**site.each_context(request), "title": _("Waiting for review"), "page": page}
    return TemplateResponse(request, "admin/review_list.html", context)


def decide(site, request: HttpRequest, pk: int) -> HttpResponse:
    """One revision with all that it changes; approve it, or send it back with a comment."""
    _require_reader(request)
    revision = get_object_or_404(Revision.objects.select_related("record", "author", "reviewer", "base"), pk=pk)
    problems: list[str] = []
    comment = request.POST.get("comment", "").strip()
    if request.method == "POST":
        try:
            return _decided(request, revision, comment)
        except DocumentError as error:
            problems = [problem.message for problem in error.problems]
        except publishing.PublishingError as error:
            problems = [str(error)]
    record = revision.record
    before = {} if record.state in (State.DRAFT, State.IN_REVIEW) else _readers_see(revision)
    alone = settings.REVIEW == "one" and request.user.has_perm(roles.CURATE)
    context = {
        **site.each_context(request), "title": _("Review of “%s”") % isolated(record),
        "revision": revision, "record": record,
        "lines": wording.lines(
            compare.differences(before, revision.document), references.labels(before, revision.document)
        ),
        "problems": problems,
        "unsupported": citations.faults(revision.document) if revision.waits else [],
        "comment": comment,
        "may_review": request.user.has_perm(roles.REVIEW) or alone, "is_new": not before,
        "is_outdated": revision.waits and head(record).is_outdated,
        "is_own": revision.was_written_by(request.user) and not alone,
    }  # fmt: skip
    return TemplateResponse(request, "admin/review.html", context, status=400 if problems else 200)


def _readers_see(revision: Revision) -> dict:
    """What the revision is compared with: while it waits, the record as it is now; later, what it started from."""
    if revision.waits or revision.base is None:
        return current(revision.record)
    return revision.base.document


def _decided(request: HttpRequest, revision: Revision, comment: str) -> HttpResponse:
    if "_send_back" in request.POST:
        publishing.send_back(revision, request.user, comment)
        words = _("“%s” was sent back to its author.")
    else:
        publishing.approve(revision, request.user, comment)
        words = _("“%s” was published.")
    messages.success(request, words % revision.record)
    return HttpResponseRedirect(reverse("admin:review"))


def _require_reader(request: HttpRequest) -> None:
    if not request.user.has_perm(roles.READ):
        raise PermissionDenied
