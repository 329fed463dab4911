"""What readers reported, for curators: the list, and the page on which one report is decided."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _

from governance import publishing, reports
from governance.curation import roles
from governance.curation.editor import place
from governance.curation.heads import current
from governance.locales import isolated
from governance.models import Report, ReportState
from governance.values import values_of

SHOWN = 50


def urls(site) -> list:
    """The addresses under the admin site."""

    def bind(view):
        return site.admin_view(lambda request, **kwargs: view(site, request, **kwargs))

    return [path("reports/", bind(queue), name="reports"), path("reports/<int:pk>/", bind(one), name="report_one")]


def queue(site, request: HttpRequest) -> HttpResponse:
    """Reports in one state (`?state=`, at first the open ones), those waiting longest first."""
    _require_reader(request)
    state = request.GET.get("state", ReportState.OPEN)
    found = Report.objects.select_related("record", "decided_by")
    if state in ReportState.values:
        found = found.filter(state=state)
    if state != ReportState.OPEN:
        found = found.order_by("-created", "-id")
    page = Paginator(found, SHOWN).get_page(request.GET.get("p"))
    states = [*ReportState.choices, ("all", _("All"))]
    context = {"title": _("Reported by readers"), "page": page, "state": state, "states": states}
    return TemplateResponse(request, "admin/reports.html", {**site.each_context(request), **context})


def one(site, request: HttpRequest, pk: int) -> HttpResponse:
    """One report with the value as it was then and as it is now; handle it, decline it, or open it again."""
    _require_reader(request)
    report = get_object_or_404(Report.objects.select_related("record", "decided_by"), pk=pk)
    problems: list[str] = []
    if request.method == "POST":
        try:
            return _decided(request, report)
        except (reports.ReportError, publishing.PublishingError) as error:
            problems = [str(error)]
    now = {value.pointer: value.text for value in values_of(current(report.record))}.get(report.field, "")
    context = {
        **site.each_context(request), "title": _("Report on “%s”") % isolated(report.record), "report": report,
        "record": report.record, "now": now, "is_changed": bool(report.field) and now != report.value,
        "anchor": place(report.field), "problems": problems, "note": request.POST.get("note", report.note),
        "may_decide": request.user.has_perm(roles.CURATE), "may_erase": request.user.has_perm(roles.REVIEW),
    }  # fmt: skip
    return TemplateResponse(request, "admin/report.html", context, status=400 if problems else 200)


def _decided(request: HttpRequest, report: Report) -> HttpResponse:
    if "erase" in request.POST:
        reports.erase(report, request.user)
        messages.success(request, _("What was written was erased."))
    else:
        reports.decide(report, request.POST.get("state", ""), request.user, request.POST.get("note", ""))
        messages.success(request, _("The report is now “%s”.") % report.get_state_display())
    return HttpResponseRedirect(reverse("admin:reports"))


def _require_reader(request: HttpRequest) -> None:
    if not request.user.has_perm(roles.READ):
        raise PermissionDenied
