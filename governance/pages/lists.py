"""The list of each type, as a page and as JSON."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _

from governance import data
from governance.addresses import TYPES
from governance.browse.filters import PAGE_SIZE
from governance.browse.listing import WITH_DATES, Listing
from governance.knowledge import dump_many
from governance.knowledge.sections import child_model
from governance.models import Record
from governance.models.vocabulary import Type
from governance.pages import overviews
from governance.pages.http import reading
from governance.pages.titles import LEADS, TITLES

FORM_FIELDS = ("q", "year_min", "year_max", "in_force_on")
# A page of these is a table of contents: it shows more at once than a list of cards would.
PAGE_SIZES = {Type.COUNTRY: 300, Type.EVENT: 100, Type.SOURCE: 50}
DECORATIONS: dict[str, Callable] = {
    Type.LEVEL: lambda listing, user: {"levels": overviews.levels(user)},
    Type.COUNTRY: lambda listing, user: {"regions": overviews.regions(listing.page, user)},
    Type.EVENT: lambda listing, user: {"years": overviews.years(listing.page)},
    Type.SOURCE: lambda listing, user: {"resting": overviews.resting_counts(listing.page, user)},
}


@reading("json")
def list_page(request: HttpRequest, plural: str) -> HttpResponse:
    """`/instruments/` and its like, narrowed by the query string."""
    type_ = Type(TYPES[plural])
    queryset = child_model(type_).objects.visible_to(request.user)
    if data.wants_data(request):
        return _as_data(request, Listing(queryset, type_, request.GET))
    listing = Listing(queryset, type_, request.GET, PAGE_SIZES.get(type_, PAGE_SIZE))
    page = listing.page
    context = {
        "listing": listing, "type": type_, "plural": plural, "title": TITLES[type_], "lead": LEADS[type_],
        "total": queryset.count(), "numbers": list(page.paginator.get_elided_page_range(page.number, on_ends=1)),
        "kept": _kept(request.GET, *FORM_FIELDS), "ordering_kept": _kept(request.GET, "ordering"),
        "with_years": type_ in WITH_DATES, "with_force": type_ in (Type.INSTRUMENT, Type.ACTOR),
    }  # fmt: skip
    if type_ in DECORATIONS:
        context |= DECORATIONS[type_](listing, request.user)
    return render(request, [f"{plural}/list.html", "governance/list.html"], context)


def _kept(query: QueryDict, *fields: str) -> list[tuple[str, list[str]]]:
    """What a form that has `fields` of its own must carry along; the page number is not."""
    return [(name, values) for name, values in query.lists() if name not in (*fields, "page")]


def _as_data(request: HttpRequest, listing: Listing) -> HttpResponse:
    if listing.faults:
        return data.error("invalid", _("The query cannot be used as it is."), 400, listing.faults)
    try:
        page = listing.page
    except Http404 as error:
        return data.error("not-found", str(error), 404)
    records = Record.objects.in_bulk([record.pk for record in page])
    documents = list(dump_many(records[record.pk] for record in page))
    return data.answer({
        "count": page.paginator.count,
        "next": _address(request, page.next_page_number()) if page.has_next() else None,
        "previous": _address(request, page.previous_page_number()) if page.has_previous() else None,
        "results": documents,
    })  # fmt: skip


def _address(request: HttpRequest, number: int) -> str:
    query = request.GET.copy()
    query["page"] = str(number)
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")
