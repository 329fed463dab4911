"""`/api/v1/changes/`: what changed since a position, so that a copy can be kept up to date."""

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from governance.api import parameters as p
from governance.api.base import ReadView, named, whole, with_query
from governance.api.errors import Refused
from governance.browse.filters import LARGEST_PAGE
from governance.exports.log import Last, last_changes, outside
from governance.locales import permanent
from governance.models import Position, Record

LONGEST = 18  # digits of either number: what a database column holds


class ChangeList(ReadView):
    """Every public record that changed after a position, once, in the order of its last change.

    A withdrawn record is a tombstone: its type and slug, no title. Keep `position` and give it as `after` next time.
    """

    parameters = ("after", "page_size")

    @extend_schema(
        operation_id="list_changes", tags=["Harvesting"], parameters=[p.AFTER, p.SIZE],
        responses=p.answers("ChangePage", 400, 429),
    )  # fmt: skip
    def get(self, request) -> Response:
        size = whole(request, "page_size", LARGEST_PAGE, LARGEST_PAGE)
        after = self._after(request)
        changes = last_changes(after)
        records = outside(change.record for change in changes)
        shown = [change for change in changes if change.record in records]
        here = shown[:size]
        more = len(shown) > size
        # With nothing more to show, the position is the end of what was read: hidden records need not be read again.
        position = here[-1].place if more else max([after, *(change.place for change in changes)])
        titles = dict(Record.objects.filter(pk__in=[c.record for c in here]).values_list("pk", "title"))
        return Response({
            "position": str(position),
            "next": with_query(request, after=position) if more else None,
            "results": [_change(change, records[change.record], titles) for change in here],
        })  # fmt: skip

    @staticmethod
    def _after(request) -> Position:
        text = request.GET.get("after", "0.0")
        try:
            if "+" not in text and all(len(part) <= LONGEST and part.isascii() for part in text.split(".")):
                return Position.parse(text)
        except ValueError:
            pass
        raise Refused({"after": _("This is a position, two numbers like 812.40; start with 0.0.")})


def _change(change: Last, record: Record, titles: dict[int, str]) -> dict:
    shared = {"position": str(change.place), "at": change.at.isoformat().replace("+00:00", "Z")}
    if not record.is_public:
        return {
            **shared,
            "change": "withdrawn",
            "type": record.type,
            "slug": record.slug,
            "url": permanent(record),
        }
    record.title = titles[record.pk]
    return {**shared, "change": "updated", **named(record)}
