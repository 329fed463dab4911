"""Earlier states of a record: the document as it was public at the end of a day, from the approved revisions.

Nothing comes back by this way that may not be read now: rows that lead to a record which is not public today are left
out, and a withdrawn record has no earlier states.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import Q
from django.db.models.functions import Coalesce
from django.urls import reverse

from governance.knowledge import own
from governance.locales import permanent
from governance.models import Decision, FormerSlug, Merge, Record, Revision
from governance.models.vocabulary import State, Type

Reference = tuple[str, str]


def state_on(record: Record, day: date) -> Revision | None:
    """The revision that was public when `day` ended (UTC); None when the record was not public then."""
    end = datetime.combine(day, time(), UTC) + timedelta(days=1) if day < date.max else datetime.max.replace(tzinfo=UTC)
    approved = Revision.objects.filter(record_id=record.pk, decision=Decision.APPROVED)
    dated = approved.annotate(effective=Coalesce("decided", "created")).filter(effective__lt=end)
    last = dated.order_by("-effective", "-number").first()
    return last if last and last.state == State.PUBLISHED else None


def first_day(record: Record) -> date | None:
    """The first day whose end found the record public."""
    approved = Revision.objects.filter(record_id=record.pk, decision=Decision.APPROVED, state=State.PUBLISHED)
    moment = approved.annotate(effective=Coalesce("decided", "created")).order_by("effective").first()
    return moment.effective.date() if moment else None


def document_of(record: Record, revision: Revision) -> dict:
    """The document of an earlier state, in the shape of today's, without what was derived from other records then.

    `slug`, addresses and other records' titles are today's; `relations` has only those written on the record itself.
    """
    document = own(revision.document)
    _follow_renames(document)
    names = _public(_references(document))
    document |= {"slug": record.slug, "url": permanent(record), "updated": _moment(revision)}
    for key in ("kind", "level", "binding"):
        document[key] = document[key] or None
    moved: dict[str, str | None] = {}
    for key, type_ in (("level", Type.LEVEL.value), ("parent", record.type)):
        if document.get(key) and (type_, document[key]) not in names:
            document[key] = moved[key] = None
    _keep_public(document, names, moved)
    for item in document["names"]:
        item["language"] = item["language"] or "en"
    for item in document["relations"]:
        item |= {"title": names[item["type"], item["slug"]], "direction": "forward"}
    for item in document["participation"]:
        item["title"] = names[item["type"], item["slug"]]
    for item in document["provisions"]:
        item["url"] = reverse("provision", args=(record.slug, item["slug"]))
    document["countries"] = _countries(document)
    return {"state_of": _moment(revision), "revision": revision.number, **document}


def _moment(revision: Revision) -> str:
    moment = revision.decided or revision.created
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _references(document: dict) -> set[Reference]:
    found = {(item["type"], item["slug"]) for key in ("relations", "participation") for item in document[key]}
    found |= {(key[:-1], slug) for key in ("principles", "topics") for slug in document[key]}
    found |= {(Type.PRINCIPLE.value, c["slug"]) for p in document["provisions"] for c in p["principles"]}
    cited = [*document["citations"], *(c for caveat in document["caveats"] for c in caveat["citations"])]
    found |= {(Type.SOURCE.value, item["source"]) for item in cited}
    found |= {
        (type_, document.get(key) or "") for type_, key in ((Type.LEVEL.value, "level"), (document["type"], "parent"))
    }
    return {(type_, slug) for type_, slug in found if slug}


def _follow_renames(document: dict) -> None:
    """Name other records by the slugs they have today, and those that were merged by what they were merged into."""
    wanted = Q(pk__in=[])
    for type_, slug in _references(document):
        wanted |= Q(type=type_, slug=slug)
    rows = FormerSlug.objects.filter(wanted).values_list("type", "slug", "record__slug")
    new = {(type_, old): slug for type_, old, slug in rows}
    merged = Merge.objects.filter(loser__in=Record.objects.filter(wanted).values("pk"))
    new |= {(type_, old): slug for type_, old, slug in merged.values_list("loser__type", "loser__slug", "winner__slug")}
    if not new:
        return
    for item in (*document["relations"], *document["participation"]):
        item["slug"] = new.get((item["type"], item["slug"]), item["slug"])
    for key in ("principles", "topics"):
        document[key] = [new.get((key[:-1], slug), slug) for slug in document[key]]
    for item in (c for provision in document["provisions"] for c in provision["principles"]):
        item["slug"] = new.get((Type.PRINCIPLE.value, item["slug"]), item["slug"])
    document["strengths"] = {new.get((Type.PRINCIPLE.value, s), s): v for s, v in document["strengths"].items()}
    for item in (*document["citations"], *(c for caveat in document["caveats"] for c in caveat["citations"])):
        item["source"] = new.get((Type.SOURCE.value, item["source"]), item["source"])
    for type_, key in ((Type.LEVEL.value, "level"), (document["type"], "parent")):
        if document.get(key):
            document[key] = new.get((type_, document[key]), document[key])


def _public(references: Iterable[Reference]) -> dict[Reference, str]:
    """Title by reference of those that are public now."""
    by_type: dict[str, list[str]] = {}
    for type_, slug in references:
        by_type.setdefault(type_, []).append(slug)
    wanted = Q(pk__in=[])
    for type_, slugs in by_type.items():
        wanted |= Q(type=type_, slug__in=slugs)
    rows = Record.objects.visible_to(None).filter(wanted).values_list("type", "slug", "title")
    return {(type_, slug): title for type_, slug, title in rows}


def _keep_public(document: dict, names: dict[Reference, str], moved: dict[str, str | None]) -> None:
    """Drop rows that lead to hidden records, and let pointers name the places of those that stay.

    `moved` says where each place went, None for one that is hidden.
    """
    for key in ("relations", "participation", "principles", "topics"):
        kept: list = []
        for n, item in enumerate(document[key]):
            reference = (item["type"], item["slug"]) if isinstance(item, dict) else (key[:-1], item)
            moved[f"{key}/{n}"] = f"{key}/{len(kept)}" if reference in names else None
            if reference in names:
                kept.append(item)
        document[key] = kept
    for n, provision in enumerate(document["provisions"]):
        stays = [(Type.PRINCIPLE.value, c["slug"]) in names for c in provision["principles"]]
        for m, here in enumerate(stays):
            new = f"provisions/{n}/principles/{sum(stays[:m])}"
            moved[f"provisions/{n}/principles/{m}"] = new if here else None
        provision["principles"] = [c for c, here in zip(provision["principles"], stays, strict=True) if here]
    document["strengths"] = {s: v for s, v in document["strengths"].items() if (Type.PRINCIPLE.value, s) in names}
    document["bases"] = {kept_as: basis for old, basis in document["bases"].items() if (kept_as := moved.get(old, old))}
    document["citations"] = _moved(document["citations"], moved, names)
    document["caveats"] = _moved(document["caveats"], moved, names)
    for caveat in document["caveats"]:
        caveat["citations"] = [c for c in caveat["citations"] if (Type.SOURCE.value, c["source"]) in names]


def _moved(items: list[dict], moved: dict[str, str | None], names: dict[Reference, str]) -> list[dict]:
    """Citations or caveats of what stays, their pointers set right."""
    kept: list[dict] = []
    for item in items:
        field = _pointer(item["field"], moved)
        if field is not None and ("source" not in item or (Type.SOURCE.value, item["source"]) in names):
            kept.append({**item, "field": field})
    return kept


def _pointer(field: str, moved: dict[str, str | None]) -> str | None:
    """Where a pointer leads now; None when what it led to was dropped."""
    parts = field.split("/")[1:]
    for length in (4, 2):
        place = "/".join(parts[:length])
        if place in moved:
            new = moved[place]
            return None if new is None else "/" + "/".join([new, *parts[length:]])
    return field


def _countries(document: dict) -> list[dict]:
    found = [
        {"iso2": p["slug"], "role": p["role"] or p["act"]}
        for p in document["participation"]
        if p["type"] == Type.COUNTRY
    ]
    located = [r for r in document["relations"] if r["predicate"] == "located-in" and r["type"] == Type.COUNTRY]
    found += [{"iso2": r["slug"], "role": "location"} for r in located]
    return [item for n, item in enumerate(found) if item not in found[:n]]
