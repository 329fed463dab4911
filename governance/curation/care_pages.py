"""The pages on what needs care: all checks with their counts, and the rows of one."""

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _

from governance.curation import roles
from governance.curation.care import BY_NAME, CHECKS

SHOWN = 50


def urls(site) -> list:
    """The addresses under the admin site."""

    def bind(view):
        return site.admin_view(lambda request, **kwargs: view(site, request, **kwargs))

    return [path("care/", bind(overview), name="care"), path("care/<slug:name>/", bind(one), name="care_one")]


def overview(site, request: HttpRequest) -> HttpResponse:
    """Every check, and how much it finds."""
    _require_reader(request)
    checks = [(check, check.count()) for check in CHECKS]
    context = {**site.each_context(request), "title": _("What to take care of"), "checks": checks}
    return TemplateResponse(request, "admin/care.html", context)


def one(site, request: HttpRequest, name: str) -> HttpResponse:
    """What one check finds, a page at a time; each row leads to where it is mended."""
    _require_reader(request)
    if name not in BY_NAME:
        raise Http404(_("There is no such check."))
    check = BY_NAME[name]
    page = Paginator(check.found(), SHOWN).get_page(request.GET.get("p"))
    rows = check.rows(list(page))
    context = {**site.each_context(request), "title": check.title, "check": check, "page": page, "rows": rows}
    return TemplateResponse(request, "admin/care_one.html", context)


def _require_reader(request: HttpRequest) -> None:
    if not request.user.has_perm(roles.READ):
        raise PermissionDenied
