"""Names of records that never change: the address a record was first published at, also after it was renamed."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from django.conf import settings

from governance.models import FormerSlug, Record

STARTED = "2025"  # the year from which the tag URIs of RFC 4151 are ours


def host() -> str:
    return urlsplit(settings.SITE_URL).hostname or "localhost"


def first_slugs(records: Iterable[int]) -> dict[int, str]:
    """The first slug of each record that was renamed, by id; the others still have theirs."""
    rows = FormerSlug.objects.filter(record__in=list(records)).order_by("-pk")
    return dict(rows.values_list("record_id", "slug"))


def tag(type_: str, slug: str) -> str:
    """A tag URI (RFC 4151) for feeds; `slug` is the first one."""
    return f"tag:{host()},{STARTED}:{type_}/{slug}"


def find(type_: str, first_slug: str) -> Record | None:
    """The record whose first slug this is, whatever its state."""
    former = FormerSlug.objects.filter(type=type_, slug=first_slug).select_related("record").first()
    record = former.record if former else Record.objects.filter(type=type_, slug=first_slug).first()
    if record is None or first_slugs([record.pk]).get(record.pk, record.slug) != first_slug:
        return None
    return record
