"""Names of records that never change: the address a record was first published at, also after it was renamed."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from django.conf import settings

from governance.models import Decision, FormerSlug, Record, Revision
from governance.models.vocabulary import State

STARTED = "2025"  # the year from which the tag URIs of RFC 4151 are ours


def host() -> str:
    return urlsplit(settings.SITE_URL).hostname or "localhost"


def first_slugs(records: Iterable[int]) -> dict[int, str]:
    """The slug under which each record that was renamed was first published, by id; the others still have theirs."""
    renamed = FormerSlug.objects.filter(record__in=list(records)).values("record")
    published = Revision.objects.filter(record__in=renamed, decision=Decision.APPROVED, state=State.PUBLISHED)
    return dict(published.order_by("-number").values_list("record_id", "document__slug"))


def tag(type_: str, slug: str) -> str:
    """A tag URI (RFC 4151) for feeds; `slug` is the first one."""
    return f"tag:{host()},{STARTED}:{type_}/{slug}"


def find(type_: str, first_slug: str) -> Record | None:
    """The record whose first slug this is, whatever its state."""
    record = Record.objects.filter(type=type_, slug=first_slug).first()
    if record is None:
        former = FormerSlug.objects.filter(type=type_, slug=first_slug).select_related("record").first()
        record = former.record if former else None
    if record is None or first_slugs([record.pk]).get(record.pk, record.slug) != first_slug:
        return None
    return record
