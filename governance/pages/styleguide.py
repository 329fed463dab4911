"""`/styleguide/`: the tokens and every part of the pages, shown with records from the knowledge base itself."""

import re
from functools import cache
from pathlib import Path

from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _

from governance.browse.listing import Listing
from governance.knowledge.sections import child_model
from governance.models import Record
from governance.models.vocabulary import Type
from governance.pages import overviews
from governance.pages.disputes import disputes
from governance.pages.http import reading
from governance.pages.record import RecordPage, prefetched
from governance.pictures import data, grids

TOKENS = Path(__file__).resolve().parent.parent / "static" / "css" / "tokens.css"
DECLARED = re.compile(r"^\s*--(?P<name>[\w-]+):\s*(?P<value>[^;]+);", re.MULTILINE)


@cache
def tokens() -> dict[str, list[tuple[str, str]]]:
    """The tokens as the stylesheet declares them, `{"colours": [(name, value), …], "steps": …, "spaces": …}`."""
    found: dict[str, list[tuple[str, str]]] = {"colours": [], "steps": [], "spaces": [], "others": []}
    for token in DECLARED.finditer(TOKENS.read_text(encoding="utf-8")):
        name, value = token["name"], token["value"]
        kind = "colours" if value.startswith("light-dark") else f"{name.split('-')[0]}s"
        found[kind if kind in found else "others"].append((name, value))
    return found


@reading()
def styleguide(request: HttpRequest) -> HttpResponse:
    """Made from the parts themselves, so that it shows what the site shows."""
    context: dict = {"tokens": tokens(), "page": None, "levels": overviews.levels(request.user)[:2]}
    record = _richest(request.user)
    if record:
        listing = Listing(
            child_model(Type.INSTRUMENT).objects.visible_to(request.user), Type.INSTRUMENT,
            QueryDict(f"level={record.level.slug}" if record.level else ""),
        )  # fmt: skip
        context |= {"record": record, "page": RecordPage(record, request.user), "listing": listing}
    context["caveat"] = disputes(request.user).first()
    context["picture"] = _grid(request.user)
    context["numbers"] = Paginator(range(250), 25).page(4)
    context["elided"] = list(context["numbers"].paginator.get_elided_page_range(4, on_ends=1))
    return render(request, "governance/styleguide.html", context)


def _richest(user):
    """The instrument with the most citations."""
    model = child_model(Type.INSTRUMENT)
    most = Record.objects.visible_to(user).of_type(Type.INSTRUMENT).annotate(n=Count("citations")).order_by("-n", "pk")
    return prefetched(model).filter(pk__in=most.values("pk")[:1]).first()


def _grid(user) -> str:
    rows, columns, cells = data.acting(Record.objects.visible_to(user))
    few = {place: cell for place, cell in cells.items() if place[0] < 4}
    return grids.draw("sample", _("Who acts at which level"), _("The first four kinds."), rows[:4], columns, few).html()
