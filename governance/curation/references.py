"""From what a curator types to the record that is meant: `country/MA`, `MA`, Morocco, `actor/iom`, IOM."""

from collections.abc import Iterable

from django.db.models import Case, IntegerField, Min, Q, QuerySet, Value, When
from django.utils.translation import gettext as _

from governance.models import FormerSlug, Merge, Name, Record
from governance.models.vocabulary import State, Type

SHOWN = 12


class Unknown(ValueError):
    """Nothing, or more than one record, answers to the text; the message proposes what may be meant."""


def resolve(text: str, types: Iterable[str]) -> Record:
    """Return the one record of `types` that is named by reference, address, title or name; raises Unknown.

    A withdrawn record answers to its address alone, so that what refers to it already can be saved.
    """
    text, types = text.strip(), tuple(types)
    type_, slash, slug = text.partition("/")
    if slash and type_ in types:
        exact = Record.objects.filter(type=type_, slug__iexact=slug).first() or _formerly(type_, slug)
        if exact is not None:
            return _merged(exact)
        raise Unknown(_("There is no record %s.") % text + _proposals(slug.replace("-", " "), types))
    among = Record.objects.filter(type__in=types)
    found = list(among.filter(slug__iexact=text)[:2])
    if not found:
        among = among.exclude(state=State.WITHDRAWN)
        found = list(among.filter(title__iexact=text)[:5])
    if not found:
        named = Name.objects.filter(text__iexact=text).values("record")
        found = list(among.filter(pk__in=named)[:5])
    if len(found) == 1:
        return _merged(found[0])
    if found:
        listed = ", ".join(record.reference for record in found)
        raise Unknown(_("“%(text)s” may be several records: %(list)s.") % {"text": text, "list": listed})
    raise Unknown(_("There is no record “%s”.") % text + _proposals(text, types))


def _merged(record: Record) -> Record:
    """The record itself, or the one that it was merged into."""
    merge = Merge.objects.filter(loser=record).select_related("winner").first()
    return merge.winner if merge else record


def _formerly(type_: str, slug: str) -> Record | None:
    former = FormerSlug.objects.filter(type=type_, slug__iexact=slug).select_related("record").first()
    return former.record if former else None


def _proposals(text: str, types: tuple[str, ...]) -> str:
    near = [record.reference for record in propose(text, types)[:3]]
    return " " + _("Did you mean %s?") % _(" or ").join(near) if near else ""


def propose(text: str, types: Iterable[str] = Type.values) -> QuerySet[Record]:
    """Records of `types` that have every word of `text`, those first whose title or address begins with it."""
    types = tuple(types)
    among = Record.objects.filter(type__in=types).exclude(state=State.WITHDRAWN)
    kind, slash, slug = text.partition("/")
    if slash and kind in types:
        among, text = among.filter(type=kind), slug
    text = text.strip()
    rank = Case(
        When(Q(slug__iexact=text) | Q(names__text__iexact=text), then=Value(0)),
        When(title__istartswith=text, then=Value(1)),
        When(Q(title__icontains=text) | Q(slug__istartswith=text), then=Value(2)),
        default=Value(3),
        output_field=IntegerField(),
    )
    wanted = among.filter(slug__iexact=text) | among.matching(text) if text else among
    ids = wanted.order_by().values("pk").distinct()
    return Record.objects.filter(pk__in=ids).annotate(rank=Min(rank)).order_by("rank", "title", "pk")


def titles(references: Iterable[str]) -> dict[str, str]:
    """The titles of records named by reference, for showing beside what is written: `{"country/MA": "Morocco"}`."""
    wanted = {tuple(reference.split("/", 1)) for reference in references if "/" in reference}
    slugs = {slug for _type, slug in wanted}
    rows = Record.objects.filter(slug__in=slugs).values_list("type", "slug", "title")
    return {f"{type_}/{slug}": title for type_, slug, title in rows if (type_, slug) in wanted}


def labels(*documents: dict) -> dict[str, str]:
    """What the records that documents name are called for curators, title and reference: `Morocco (country/MA)`."""
    found = titles({reference for document in documents if document for reference in named_in(document)})
    return {reference: f"{title} ({reference})" for reference, title in found.items()}


def named_in(document: dict) -> set[str]:
    """Every record that a full document names as `type/slug`, its sources left out."""
    found = {
        f"{row['type']}/{row['slug']}" for key in ("relations", "participation") for row in document.get(key) or []
    }
    found |= {f"{key[:-1]}/{slug}" for key in ("principles", "topics") for slug in document.get(key) or []}
    found |= {f"principle/{c['slug']}" for row in document.get("provisions") or [] for c in row["principles"]}
    if document.get("level"):
        found.add(f"level/{document['level']}")
    return {*found, f"{document['type']}/{document['parent']}"} if document.get("parent") else found
