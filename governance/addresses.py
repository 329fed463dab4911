"""From an address to its record: present, former or withdrawn."""

from django.http import Http404
from django.utils.translation import gettext as _

from governance.models import FormerSlug, Merge, Record
from governance.models.vocabulary import PLURALS, State, Type

TYPES = {plural: type_ for type_, plural in PLURALS.items()}


class PluralConverter:
    """The first part of a record's address: instruments, actors, principles …"""

    regex = "|".join(TYPES)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class Moved(Exception):
    """The record answers at another address, for ever."""

    def __init__(self, record: Record) -> None:
        self.record = record


class Gone(Exception):
    """The record was withdrawn; its address keeps a tombstone."""

    def __init__(self, record: Record) -> None:
        self.record = record


def find(type_: str, slug: str, user, queryset) -> Record:
    """Return the record that `user` may see at an address, from `queryset` (of the type's model).

    Raises Moved for a former slug, other case of letters and a record merged into another, Gone for a withdrawn one,
    Http404 otherwise.
    """
    nothing = Http404(_("There is no %(type)s at this address.") % {"type": Type(type_).label.lower()})
    if "\0" in slug:  # PostgreSQL refuses to be asked
        raise nothing
    record = queryset.visible_to(user).filter(slug=slug).first()
    if record is not None:
        return record
    known = Record.objects.of_type(type_).filter(slug__iexact=slug).first()
    if known is None:
        former = FormerSlug.objects.filter(type=type_, slug__iexact=slug).select_related("record").first()
        known = former.record if former else None
    merge = Merge.objects.filter(loser=known).select_related("winner").first() if known else None
    if merge is not None:
        known = merge.winner
    if known is not None and known.state == State.WITHDRAWN:
        raise Gone(known)
    if known is not None and known.slug != slug and known.state == State.PUBLISHED:
        raise Moved(known)
    raise nothing
