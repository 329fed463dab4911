"""The list of each type, as a page and as JSON."""

from collections.abc import Callable

from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render

from governance import data
from governance.addresses import TYPES
from governance.browse.filters import PAGE_SIZE
from governance.browse.listing import WITH_DATES, Listing
from governance.exports import formats
from governance.exports.answers import of_list
from governance.knowledge.sections import child_model
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


@reading(*formats.LIST)
def list_page(request: HttpRequest, plural: str) -> HttpResponseBase:
    """`/instruments/` and its like, narrowed by the query string."""
    type_ = Type(TYPES[plural])
    queryset = child_model(type_).objects.visible_to(request.user)
    if data.wants_data(request):
        return of_list(request, Listing(queryset, type_, request.GET), TITLES[type_])
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
