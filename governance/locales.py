"""Addresses and names by language: what is kept says the one permanent address, what is shown is in the reader's."""

from collections.abc import Callable, Iterable
from contextvars import ContextVar
from functools import lru_cache
from typing import Any, Protocol

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import translate_url
from django.utils import translation
from django.utils.functional import SimpleLazyObject
from django.utils.translation import pgettext

from governance.models import Name, Record
from governance.models.vocabulary import NameKind

Key = int | tuple[str, str]  # a record by its id, or by its type and slug
ADMIN = "/admin/"
_names: ContextVar[dict[Key, str] | None] = ContextVar("local_names", default=None)


class Addressed(Protocol):
    def get_absolute_url(self) -> str: ...


def permanent(item: Addressed) -> str:
    """The address of a record or provision without a language in it: what documents, exports and the index hold."""
    with translation.override(settings.LANGUAGE_CODE):
        return item.get_absolute_url()


def localised(address: str) -> str:
    """A permanent address in the reader's language; an address that has no page in it stays as it is."""
    return in_language(address, translation.get_language() or settings.LANGUAGE_CODE)


def in_language(address: str, language: str) -> str:
    """The address of the same page in another language, its query included."""
    path, mark, query = address.partition("?")
    return f"{_translated(path, language, translation.get_language())}{mark}{query}"


@lru_cache(2000)
def _translated(path: str, language: str, _present: str | None) -> str:
    """Django tells the page by the present language. It tries pattern after pattern for it, and a page names itself in
    each language twice."""
    return translate_url(path, language)


def comma() -> str:
    """What stands between the items of a list in the reader's language; it is another sign in Arabic."""
    return pgettext("between the items of a list", ", ")


def listed(items: Iterable[object]) -> str:
    """Items in one line, as the reader's language lists them."""
    return comma().join(map(str, items))


def isolated(name: object) -> str:
    """A name for a line of plain text: in one that runs from right to left it keeps its own order, and a number at its
    beginning does not wander to its end (Unicode UAX #9, isolates)."""
    return f"\u2068{name}\u2069" if translation.get_language_bidi() else str(name)


class AdminLanguageMiddleware:
    """The admin has one address in all languages: it speaks the one chosen there, else the first of the browser's
    that there is here. Django's own middleware, which goes by the address, would always have it speak English."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith(ADMIN):
            language = translation.get_language_from_request(request)
            translation.activate(language)
            request.LANGUAGE_CODE = language
        return self.get_response(request)


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
