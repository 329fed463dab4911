"""What all addresses of the API have in common: reading, strict parameters, pages, a limit on how often."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from rest_framework.views import APIView

from governance import addresses
from governance.addresses import TYPES
from governance.api.errors import Refused
from governance.browse.filters import LARGEST_PAGE, PAGE_SIZE, how_many_pages
from governance.knowledge.sections import child_model
from governance.locales import permanent
from governance.models import Record
from governance.models.vocabulary import PLURALS, Type

MOST_VALUES = 20  # of one parameter: a longer address is refused on its way


class ReadView(APIView):
    """A view of the API. `parameters` are the names it knows, `repeatable` those that may be given more than once."""

    http_method_names = ["get", "head", "options"]
    parameters: tuple[str, ...] = ()
    repeatable: tuple[str, ...] = ()

    def initial(self, request, *args, **kwargs) -> None:
        super().initial(request, *args, **kwargs)
        faults = {}
        for name, values in request.GET.lists():
            if name not in (*self.parameters, *self.repeatable, "format"):
                faults[name[:60]] = _("There is no parameter with this name.")
            elif len(values) > 1 and name not in self.repeatable:
                faults[name] = _("Give this only once.")
            elif len(values) > MOST_VALUES:
                faults[name] = _("Give at most %d values.") % MOST_VALUES
        if request.GET.get("format", "json") != "json":
            faults["format"] = _("The API speaks JSON only; the pages have the other formats.")
        if faults:
            raise Refused(faults)


def whole(request: HttpRequest, name: str, default: int, most: int | None = None) -> int:
    """A whole number from 1 on; raises Refused."""
    text = request.GET.get(name)
    if text is None:
        return default
    number = int(text[:18]) if text.isascii() and text.isdecimal() else 0
    if number < 1 or (most and number > most):
        raise Refused(
            {name: _("This is a whole number from 1 to %d.") % most if most else _("This is a whole number from 1 on.")}
        )
    return number


def day(request: HttpRequest, name: str) -> date | None:
    """A day as YYYY-MM-DD, None when it is not given; raises Refused."""
    text = request.GET.get(name)
    if text is None:
        return None
    try:
        if len(text) == 10:
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise Refused({name: _("This is a day, written 2026-05-03.")})


def among(request: HttpRequest, name: str, known: tuple[str, ...]) -> list[str]:
    """Values of a closed list; raises Refused with the ones that are not in it."""
    values = request.GET.getlist(name)
    wrong = [value for value in values if value not in known]
    if wrong:
        raise Refused({name: _("There is no “%s” to choose here.") % "”, “".join(value[:60] for value in wrong)})
    return values


def record_named(request: HttpRequest, name: str) -> Model | None:
    """The public record that a parameter names as `type/slug`, also by a former slug; None when it is not given.

    Raises Refused for another spelling, Http404 when there is none, Gone when it was withdrawn.
    """
    text = request.GET.get(name)
    if text is None:
        return None
    type_, _slash, slug = text.partition("/")
    if type_ not in TYPES.values() or not slug:
        raise Refused({name: _("Name a record by its type and slug: instrument/refugee-convention-1951.")})
    if "\0" in slug:
        raise Http404(_("There is no such record."))
    try:
        return addresses.find(type_, slug, None, child_model(type_).objects)
    except addresses.Moved as moved:
        return moved.record


def paged(request: HttpRequest, rows: QuerySet, write: Callable[[Any], dict]) -> dict:
    """The page of `rows` that is asked for, in the envelope of all lists; Http404 beyond the end."""
    number, size = whole(request, "page", 1), whole(request, "page_size", PAGE_SIZE, LARGEST_PAGE)
    paginator = Paginator(rows, size)
    if number > paginator.num_pages:
        raise Http404(how_many_pages(paginator.num_pages))
    page = paginator.page(number)
    return {
        "count": paginator.count,
        "next": with_query(request, page=number + 1) if page.has_next() else None,
        "previous": with_query(request, page=number - 1) if page.has_previous() else None,
        "results": [write(row) for row in page],
    }


def with_query(request: HttpRequest, **changed: object) -> str:
    """The address of this request with some parameters changed."""
    query = request.GET.copy()
    for name, value in changed.items():
        query[name] = str(value)
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")


def named(record: Record) -> dict:
    """How the API names a record."""
    return {"type": record.type, "slug": record.slug, "title": record.title, "url": permanent(record)}


REFERENCE = "(" + "|".join(Type.values) + ")/[A-Za-z0-9_-]{1,120}"
ALL_PLURALS = tuple(PLURALS.values())
