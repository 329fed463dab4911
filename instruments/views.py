"""The page of one provision."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from governance import addresses, data
from governance.exports import formats
from governance.exports.answers import of_record
from governance.models import Record
from governance.models.vocabulary import Type
from governance.pages.http import reading
from governance.pages.record import RecordPage, prefetched
from governance.pages.records import withdrawn
from instruments.former import Removed, successor
from instruments.models import Instrument


@reading(*formats.RECORD)
def provision_page(request: HttpRequest, slug: str, provision: str) -> HttpResponse:
    """`/instruments/<slug>/<provision>/`: one article, paragraph or objective, with what it carries."""
    try:
        instrument = addresses.find(Type.INSTRUMENT, slug, request.user, prefetched(Instrument))
    except addresses.Moved as moved:
        query = f"?{request.GET.urlencode()}" if request.GET else ""
        return HttpResponsePermanentRedirect(reverse("provision", args=(moved.record.slug, provision)) + query)
    except addresses.Gone as gone:
        return withdrawn(request, gone.record)
    page = RecordPage(instrument, request.user)
    rows = page.provisions
    here = next((n for n, row in enumerate(rows) if row.item.slug == provision), None)
    if here is None:
        return _elsewhere(request, instrument, provision)
    row = rows[here]
    if data.wants_data(request):
        return of_record(request, instrument, provision)
    context = {
        "page": page, "record": instrument, "plural": "instruments",
        "provision": row.item, "evidence": row.evidence, "carried": row.carried,
        "previous": rows[here - 1].item if here else None,
        "next": rows[here + 1].item if here + 1 < len(rows) else None,
    }  # fmt: skip
    return render(request, "instruments/provision.html", context)


def _elsewhere(request: HttpRequest, instrument: Record, slug: str) -> HttpResponse:
    """301 to where a provision is now, 410 when it was taken out; raises Http404 for one that never was there."""
    try:
        now = successor(instrument, slug)
    except Removed:
        return removed(request, instrument, slug)
    if now is None or now == slug:
        raise Http404(_("This instrument has no such provision here."))
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    return HttpResponsePermanentRedirect(reverse("provision", args=(instrument.slug, now)) + query)


def removed(request: HttpRequest, instrument: Record, slug: str) -> HttpResponse:
    """The tombstone of a provision, which leads to its instrument."""
    if data.wants_data(request):
        details = {"type": "provision", "slug": slug, "parent": instrument.reference}
        return data.error("gone", _("This provision was taken out of its instrument."), 410, details)
    return render(request, "instruments/removed.html", {"record": instrument}, status=410)
