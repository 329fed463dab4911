"""Home, about, health, and what machines read first."""

from django.db.models import Count
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.utils import timezone

from governance import data, readiness
from governance.availability import RETRY_AFTER
from governance.knowledge import dump_many
from governance.knowledge.files import line
from governance.models import Principle, Record
from governance.models.queries import RecordQuerySet
from governance.models.vocabulary import PLURALS, Type
from governance.pages import overviews
from governance.pages.disputes import disputes
from governance.pages.http import reading
from governance.pages.titles import TITLES


@reading()
def home(request: HttpRequest) -> HttpResponse:
    """The three jobs at once: levels with what stands on them, search, what is new and what is disputed."""
    visible = Record.objects.visible_to(request.user)
    counts = dict(visible.order_by().values_list("type").annotate(n=Count("pk")))
    context = {
        "levels": overviews.levels(request.user),
        "counts": [(TITLES[type_], PLURALS[type_], counts.get(type_, 0)) for type_ in Type],
        "principles": most_carried(request.user)[:14],
        "newest": newest(visible),
        "recent": visible.exclude(type__in=(Type.COUNTRY, Type.SOURCE)).order_by("-updated", "title")[:4],
        "disputes": disputes(request.user)[:4],
        "disputed": disputes(request.user).count(),
    }
    return render(request, "governance/home.html", context)


def newest(visible: RecordQuerySet) -> RecordQuerySet:
    """The last texts adopted and events held, up to today."""
    dated = visible.of_types(Type.INSTRUMENT, Type.EVENT).with_start().filter(starts__lte=timezone.now().date())
    return dated.order_by("-starts", "title")[:5]


def most_carried(user):
    """Principles by the number of records and provisions that carry them, the most carried first.

    Those that only one compact numbers as its own stand under it.
    """
    carried = Count("tags", distinct=True) + Count("in_provisions", distinct=True)
    principles = Principle.objects.visible_to(user).exclude(kind="guiding-principle")
    return principles.annotate(n=carried).order_by("-n", "title")


@reading()
def about(request: HttpRequest) -> HttpResponse:
    return render(request, "governance/about.html")


@reading()
def healthz(request: HttpRequest) -> HttpResponse:
    """The process is up."""
    return data.answer({"status": "up"})


@reading()
def readyz(request: HttpRequest) -> HttpResponse:
    """Can the site do its work: the database answers, the index can be searched, and how far each has come."""
    report = readiness.report()
    database = report.parts.get("database", {})
    answer = {
        "status": "ready" if report.ready else "not ready",
        "database": database.get("vendor"),
        "position": database.get("position"),
        **({"read_only": True} if database.get("read_only") else {}),
        **{name: part for name, part in report.parts.items() if name != "database"},
        "problems": report.problems,
    }
    response = data.answer(answer, 200 if report.ready else 503)
    response["Cache-Control"] = "no-store"
    if not report.ready:
        response["Retry-After"] = str(RETRY_AFTER)
    return response


@reading()
def knowledge(request: HttpRequest) -> StreamingHttpResponse:
    """`/data/knowledge.jsonl`: every published record, one document a line."""
    records = Record.objects.visible_to(None).by_address()
    return StreamingHttpResponse(map(line, dump_many(records)), content_type="application/x-ndjson; charset=utf-8")


@reading()
def favicon(request: HttpRequest) -> HttpResponse:
    """Where browsers look for the icon of what is no page of HTML."""
    response = redirect(static("img/icon.svg"))
    response["Cache-Control"] = "max-age=86400"
    return response


@reading()
def robots(request: HttpRequest) -> HttpResponse:
    lines = (
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /report/",
        f"Sitemap: {request.build_absolute_uri('/sitemap.xml')}",
        "",
    )
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
