"""The history of a record: every revision, the difference between any two, and the way back."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from governance import publishing
from governance.curation import compare, references, roles, wording
from governance.knowledge import DocumentError
from governance.locales import isolated
from governance.models import Decision, Record, Revision
from governance.models.vocabulary import State

SHOWN = 50


def answer(admin, request: HttpRequest, record: Record) -> HttpResponse:
    """List the revisions and compare two of them (`?from=3&to=5`); a POST with `restore` brings one back."""
    revisions = Revision.objects.filter(record_id=record.pk).select_related("author", "reviewer").order_by("-number")
    if request.method == "POST":
        return _restore(request, record, revisions)
    page = Paginator(revisions, SHOWN).get_page(request.GET.get("p"))
    newest = list(revisions[:2])
    after = _chosen(revisions, request.GET.get("to")) or (newest[0] if newest else None)
    before = _chosen(revisions, request.GET.get("from"))
    if before is None and after is not None:
        earlier = revisions.filter(number__lt=after.number)
        before = earlier.filter(decision=Decision.APPROVED, state=State.PUBLISHED).first() or earlier.first()
    context = {
        **admin.admin_site.each_context(request), "opts": admin.opts, "title": _("History of “%s”") % isolated(record),
        "record": record, "page": page, "before": before, "after": after,
        "lines": _lines(before, after),
        "may_restore": request.user.has_perm(roles.ADMINISTER) and record.state != State.WITHDRAWN,
    }  # fmt: skip
    return TemplateResponse(request, "admin/history.html", context)


def _lines(before: Revision | None, after: Revision | None) -> list[wording.Line]:
    if after is None:
        return []
    start = before.document if before else {}
    return wording.lines(compare.differences(start, after.document), references.labels(start, after.document))


def _chosen(revisions, number: str | None) -> Revision | None:
    return revisions.filter(number=int(number)).first() if number and number.isdecimal() and len(number) < 9 else None


def _restore(request: HttpRequest, record: Record, revisions) -> HttpResponse:
    chosen = _chosen(revisions, request.POST.get("restore"))
    try:
        if chosen is None:
            raise publishing.WrongState(_("There is no such revision."))
        made = publishing.restore(record, chosen, request.user)
    except DocumentError as error:
        messages.error(request, " ".join(problem.message for problem in error.problems))
    except publishing.PublishingError as error:
        messages.error(request, str(error))
    else:
        at_once = made.state == State.PUBLISHED
        words = (
            _("Revision %d is what readers see again.") if at_once else _("Revision %d was brought back as a draft.")
        )
        messages.success(request, words % chosen.number)
    return HttpResponseRedirect(request.path)
