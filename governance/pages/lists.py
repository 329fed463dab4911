"""The list of each type, as a page and as JSON."""

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from governance import data
from governance.addresses import TYPES
from governance.browse.listing import Listing
from governance.exports.answers import of_list
from governance.knowledge.sections import child_model
from governance.models.vocabulary import Type
from governance.pages.extras import level_overview

TITLES = {
    Type.INSTRUMENT: gettext_lazy("Instruments"), Type.ACTOR: gettext_lazy("Actors"),
    Type.PRINCIPLE: gettext_lazy("Principles"), Type.LEVEL: gettext_lazy("Levels of cooperation"),
    Type.TOPIC: gettext_lazy("Topics"), Type.EVENT: gettext_lazy("Events"), Type.PRACTICE: gettext_lazy("Practices"),
    Type.COUNTRY: gettext_lazy("Countries"), Type.SOURCE: gettext_lazy("Sources"),
}  # fmt: skip
LEADS = {
    Type.INSTRUMENT: gettext_lazy("What States have agreed: treaties, compacts, declarations, agreements, strategies."),
    Type.ACTOR: gettext_lazy("Who acts: UN bodies, consultative processes, organisations, networks, States in a role."),
    Type.PRINCIPLE: gettext_lazy("What runs through the instruments, and in which provisions."),
    Type.LEVEL: gettext_lazy("From the global level to the local one, and what stands on each."),
    Type.TOPIC: gettext_lazy("Challenges, opportunities, approaches, solutions, definitions and questions."),
    Type.EVENT: gettext_lazy("What was held, adopted, launched or reviewed, in order of time."),
    Type.PRACTICE: gettext_lazy("Case studies that the sources present."),
    Type.COUNTRY: gettext_lazy("What each country takes part in, and since when."),
    Type.SOURCE: gettext_lazy("The texts and pages on which every value here rests."),
}


@require_safe
def list_page(request: HttpRequest, plural: str) -> HttpResponse:
    """`/instruments/` and its like, narrowed by the query string."""
    type_ = Type(TYPES[plural])
    query = request.GET.copy()
    if type_ == Type.EVENT:
        query.setdefault("ordering", "date")
    queryset = child_model(type_).objects.visible_to(request.user)
    listing = Listing(queryset, type_, query)
    if data.wants_data(request):
        return of_list(request, listing, TITLES[type_])
    page = listing.page
    context = {
        "listing": listing, "type": type_, "plural": plural, "title": TITLES[type_], "lead": LEADS[type_],
        "total": queryset.count(), "numbers": list(page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)),
        "kept": _kept(query, "q", "year_min", "year_max", "in_force_on"), "ordering_kept": _kept(query, "ordering"),
        "with_force": type_ in (Type.INSTRUMENT, Type.ACTOR),
    }  # fmt: skip
    if type_ == Type.LEVEL:
        context["levels"] = level_overview(request.user)
    return render(request, [f"{plural}/list.html", "governance/list.html"], context)


def _kept(query: QueryDict, *fields: str) -> list[tuple[str, list[str]]]:
    """What a form that has `fields` of its own must carry along; the page number is not."""
    return [(name, values) for name, values in query.lists() if name not in (*fields, "page")]
