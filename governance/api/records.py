"""`/api/v1/<plural>/` and `/api/v1/<plural>/<slug>/`: the records."""

from django.http import HttpResponse, HttpResponsePermanentRedirect, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from governance import addresses
from governance.addresses import TYPES
from governance.api import parameters as p
from governance.api.base import ReadView, with_query
from governance.api.errors import Refused
from governance.browse.filters import PAGE_SIZE, RecordFilterSet, ValuesFilter
from governance.browse.listing import Listing
from governance.exports.answers import of_record, page_of
from governance.knowledge import dump_many
from governance.knowledge.sections import child_model
from governance.models import Change, Record
from governance.models.vocabulary import Type

LONGEST_CURSOR = 18
MULTIPLE = tuple(name for name, one in RecordFilterSet.base_filters.items() if isinstance(one, ValuesFilter))
SINGLE = tuple(name for name in RecordFilterSet.base_filters if name not in MULTIPLE)


class RecordList(ReadView):
    """The records of a type, narrowed by the filters of the pages."""

    parameters = (*SINGLE, "ordering", "page", "page_size", "cursor")
    repeatable = MULTIPLE

    @extend_schema(
        operation_id="list_records", tags=["Records"], parameters=[p.PLURAL, *p.FILTERS, *p.PAGING, p.CURSOR],
        responses=p.answers("RecordPage", 400, 404, 429),
    )  # fmt: skip
    def get(self, request, plural: str) -> Response:
        query = request.GET.copy()
        query.pop("cursor", None)
        query.pop("format", None)
        type_ = Type(TYPES[plural])
        listing = Listing(child_model(type_).objects.visible_to(None), type_, query)
        notices = self._notices(listing, query)
        if notices:
            listing = Listing(child_model(type_).objects.none(), type_, query)
        if "cursor" in request.GET:
            found = self._after(request, listing)
        else:
            found = page_of(listing, lambda number: with_query(request, page=number))
        return Response({**found, "notices": notices})

    @staticmethod
    def _notices(listing: Listing, query: QueryDict) -> list[str]:
        """What the caller should know of a query that is well formed; raises Refused for one that is not."""
        faults = dict(listing.faults)
        notices = []
        if "year_min" in faults and "year_min" not in listing.filterset.form.errors:
            notices.append(faults.pop("year_min"))  # both years are right, but nothing lies between them
        for name, values in query.lists():
            if name != "q" and "" in values:
                faults.setdefault(name, _("This has no value; leave the name out."))
        if faults:
            raise Refused(faults)
        return notices

    @staticmethod
    def _after(request, listing: Listing) -> dict:
        """A page for harvesters: in the order in which the records were made, which nothing changes on the way."""
        text = request.GET["cursor"]
        if not (text.isascii() and text.isdecimal() and len(text) <= LONGEST_CURSOR) and text:
            raise Refused({"cursor": _("Start with an empty one, then follow “next”.")})
        size = int(request.GET.get("page_size", PAGE_SIZE))
        matching = listing.filterset.narrowed()
        position = Change.objects.head()
        primary = matching.order_by("pk").filter(pk__gt=int(text or 0)).values_list("pk", flat=True)[: size + 1]
        keys = list(primary)
        records = Record.objects.filter(pk__in=keys[:size]).order_by("pk")
        return {
            "count": matching.count(),
            "next": with_query(request, cursor=keys[size - 1]) if len(keys) > size else None,
            "previous": None,
            "position": str(position),
            "results": list(dump_many(list(records))),
        }


class RecordDetail(ReadView):
    """One record, as it is or as it was on a day."""

    parameters = ("at",)

    @extend_schema(
        operation_id="get_record", tags=["Records"], parameters=[p.PLURAL, p.SLUG, p.AT],
        responses=p.answers("Record", 301, 400, 404, 410, 429),
    )  # fmt: skip
    def get(self, request, plural: str, slug: str) -> HttpResponse:
        type_ = Type(TYPES[plural])
        try:
            record = addresses.find(type_, slug, None, child_model(type_).objects)
        except addresses.Moved as moved:
            query = f"?{request.GET.urlencode()}" if request.GET else ""
            return HttpResponsePermanentRedirect(reverse("api:record", args=(plural, moved.record.slug)) + query)
        return of_record(request, record)
