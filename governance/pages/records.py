"""The page of one record, and its JSON."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance import addresses, data
from governance.addresses import TYPES
from governance.exports import formats
from governance.exports.answers import of_record
from governance.knowledge.sections import child_model
from governance.models.vocabulary import Type
from governance.pages import extras
from governance.pages.http import reading
from governance.pages.record import RecordPage, prefetched
from governance.pages.titles import TITLES

EXTRAS: dict[str, Callable] = {
    Type.LEVEL: extras.standing,
    Type.PRINCIPLE: extras.carried,
    Type.TOPIC: extras.tagged,
    Type.SOURCE: extras.resting,
}
GROUPS = {
    Type.LEVEL: gettext_lazy("What stands on this level"),
    Type.PRINCIPLE: gettext_lazy("Records that carry it"),
    Type.TOPIC: gettext_lazy("Records on this topic"),
}


@reading(*formats.RECORD)
def record_page(request: HttpRequest, plural: str, slug: str) -> HttpResponse:
    """`/instruments/<slug>/` and its like; `?format=json` gives the document."""
    type_ = TYPES[plural]
    try:
        record = addresses.find(type_, slug, request.user, prefetched(child_model(type_)))
    except addresses.Moved as moved:
        query = f"?{request.GET.urlencode()}" if request.GET else ""
        return HttpResponsePermanentRedirect(moved.record.get_absolute_url() + query)
    except addresses.Gone as gone:
        return withdrawn(request, gone.record)
    if data.wants_data(request):
        return of_record(request, record)
    context = {
        "page": RecordPage(record, request.user), "record": record, "type": type_, "plural": plural,
        "list_title": TITLES[type_], "groups_heading": GROUPS.get(type_, ""),
    }  # fmt: skip
    context |= EXTRAS[type_](record, request.user) if type_ in EXTRAS else {}
    templates = [f"{plural}/record.html", f"governance/record_{type_}.html", "governance/record.html"]
    return render(request, templates, context)


def withdrawn(request: HttpRequest, record) -> HttpResponse:
    """410 and a tombstone: what stood here, without its content."""
    if data.wants_data(request):
        return data.error("gone", _("This record was withdrawn."), 410, {"type": record.type, "slug": record.slug})
    return render(request, "410.html", {"type_label": record.get_type_display()}, status=410)
