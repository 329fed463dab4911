"""Addresses and names by language: what is kept says the one permanent address, what is shown is in the reader's."""

from collections.abc import Callable
from contextvars import ContextVar
from typing import Any, Protocol

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import translate_url
from django.utils import translation
from django.utils.functional import SimpleLazyObject

from governance.models import Name, Record
from governance.models.vocabulary import NameKind

Key = int | tuple[str, str]  # a record by its id, or by its type and slug
_names: ContextVar[dict[Key, str] | None] = ContextVar("local_names", default=None)


class Addressed(Protocol):
    def get_absolute_url(self) -> str: ...


def permanent(item: Addressed) -> str:
    """The address of a record or provision without a language in it: what documents, exports and the index hold."""
    with translation.override(settings.LANGUAGE_CODE):
        return item.get_absolute_url()


def localised(address: str) -> str:
    """A permanent address in the reader's language; an address that has no page in it stays as it is."""
    return translate_url(address, translation.get_language() or settings.LANGUAGE_CODE)


class LocalNamesMiddleware:
    """Has the names of records in the reader's language at hand: one query in a request that needs them, else none."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = translation.get_language()
        names: Any = None if language in (None, settings.LANGUAGE_CODE) else SimpleLazyObject(lambda: _in(language))
        token = _names.set(names)
        try:
            return self.get_response(request)
        finally:
            _names.reset(token)


def _in(language: str) -> dict[Key, str]:
    """The name of each record in a language: a short one before an official one. Other kinds are no titles."""
    rows = Name.objects.filter(language=language, kind__in=(NameKind.SHORT, NameKind.OFFICIAL))
    columns = ("record_id", "record__type", "record__slug", "text")
    found: dict[Key, str] = {}
    for record, type_, slug, text in rows.order_by("-kind", "position").values_list(*columns):
        found.setdefault(record, text)
        found.setdefault((type_, slug), text)
    return found


def local_name(record: Record) -> tuple[str, str]:
    """A record's name in the reader's language and that language, or its English title and `en`."""
    return local_title(record.pk, record.title)


def local_title(key: Key, title: str) -> tuple[str, str]:
    """The same for a record of which only the title is at hand, and its id or its type and slug."""
    names = _names.get()
    if names is not None and key in names:
        return names[key], translation.get_language() or settings.LANGUAGE_CODE
    return title, settings.LANGUAGE_CODE
