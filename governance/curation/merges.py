"""The pages on which a record is merged into another, told apart from it, or a merge is taken back."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from governance import merging, publishing
from governance.curation import compare, references, roles, wording
from governance.curation.fields import ReferenceField
from governance.knowledge import DocumentError, Problem
from governance.models import Merge, Record

NAMED = 100  # records that are listed by name before a merge


def answer(admin, request: HttpRequest, record: Record) -> HttpResponse:
    """Choose the other (`?into=topic/asylum`), see what would change, and merge; of a merged record, take it back."""
    if not request.user.has_perm(roles.READ):
        raise PermissionDenied
    made = Merge.objects.filter(loser=record).select_related("winner", "author").first()
    problems: list[str] = []
    winner, planned = None, None
    try:
        if request.method == "POST":
            return _taken(request, record, made)
        if made is None and request.GET.get("into"):
            winner = references.resolve(request.GET["into"], [record.type])
            planned = merging.plan(record, winner)
            problems = _said(winner.reference, planned.problems)
    except DocumentError as error:
        problems = _said(error.reference, error.problems)
    except (publishing.PublishingError, references.Unknown) as error:
        problems = [str(error)]
    field = ReferenceField(record.type, label=_("The record that stays"))
    context = {
        **admin.admin_site.each_context(request), "opts": admin.opts, "title": _("Merge into another record"),
        "record": record, "made": made, "winner": winner, "planned": planned, "problems": problems,
        "lines": _lines(planned) if planned else [],
        "others": planned.others[:NAMED] if planned else [],
        "more": max(len(planned.others) - NAMED, 0) if planned else 0,
        "box": field.widget.render("into", request.GET.get("into") or None, {"id": "id_into"}),
        "may_merge": request.user.has_perm(roles.ADMINISTER), "may_tell": request.user.has_perm(roles.CURATE),
    }  # fmt: skip
    return TemplateResponse(request, "admin/merge.html", context, status=400 if problems else 200)


def _said(reference: str, problems: list[Problem]) -> list[str]:
    return [f"{reference}{problem.place}: {problem.message}" for problem in problems]


def _lines(planned: merging.Plan) -> list[wording.Line]:
    names = references.labels(planned.before, planned.after)
    return wording.lines(compare.differences(planned.before, planned.after), names)


def _taken(request: HttpRequest, record: Record, made: Merge | None) -> HttpResponse:
    if "undo" in request.POST:
        if made is None:
            raise publishing.WrongState(_("There is no merge to take back."))
        kept = merging.undo(made, request.user)
        messages.success(request, _("“%s” is a record of its own again.") % record)
        for other in kept:
            messages.warning(request, _("“%s” was changed since and stays as it is.") % other)
        return HttpResponseRedirect(reverse("admin:edit", args=(record.pk,)))
    winner = references.resolve(request.POST.get("into", ""), [record.type])
    if "distinct" in request.POST:
        merging.tell_apart(record, winner, request.user)
        names = {"one": record, "other": winner}
        messages.success(request, _("“%(one)s” and “%(other)s” are kept apart from now on.") % names)
        return HttpResponseRedirect(reverse("admin:care_one", args=("duplicates",)))
    merging.merge(record, winner, request.user)
    names = {"one": record, "other": winner}
    messages.success(request, _("“%(one)s” was merged into “%(other)s”; its address leads there.") % names)
    return HttpResponseRedirect(reverse("admin:edit", args=(winner.pk,)))
