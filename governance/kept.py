"""Rendered public pages, kept in the memory of each process for as long as nothing has changed.

A page is kept under the state of the knowledge that it was asked in (`governance.conditional`): with the next write, by
whatever way, none of the earlier ones is found any more. Only what anybody may see gets in: see `keepable`.
"""

import zlib
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock
from typing import NamedTuple

import brotli
from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import ResolverMatch
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language

from governance import data

ENCODINGS = ("br", "gzip")  # the better first
SMALLEST = 1000  # bytes that are worth compressing
LARGEST_SHARE = 16  # a page of more than this part of the shelf is not kept
OVERHEAD = 1000  # bytes, about, of what is kept with a page
HTMX = (
    "HX-Request", "HX-Boosted", "HX-History-Restore-Request", "HX-Target", "HX-Trigger", "HX-Trigger-Name", "HX-Prompt",
)  # fmt: skip
COOKIES = frozenset((settings.CSRF_COOKIE_NAME, settings.LANGUAGE_COOKIE_NAME))  # which no public page depends on


class Place(NamedTuple):
    """What tells one kept page from another in the same state."""

    host: str
    path: str
    query: str
    language: str | None
    encoding: str
    part: str = ""  # what htmx says that it wants the page for

    @property
    def is_plain(self) -> bool:
        """Is it one of the addresses that there are only so many of? A host may be asked for by any port."""
        return not (self.query or self.part) and self.host == settings.SITE_URL


@dataclass(frozen=True)
class KeptPage:
    body: bytes
    headers: tuple[tuple[str, str], ...]
    match: ResolverMatch | None

    def response(self, request: HttpRequest) -> HttpResponse:
        request.resolver_match = self.match
        response = HttpResponse(self.body)
        for name, value in self.headers:
            response[name] = value
        return response


class Shelf:
    """At most so many bytes of pages; those not asked for the longest go first."""

    def __init__(self, limit: int) -> None:
        self.limit, self.size = limit, 0
        self._pages: OrderedDict[Place, KeptPage] = OrderedDict()

    def get(self, place: Place) -> KeptPage | None:
        page = self._pages.get(place)
        if page is not None:
            self._pages.move_to_end(place)
        return page

    def put(self, place: Place, page: KeptPage) -> None:
        weight = self._weight(place, page)
        if weight > self.limit // LARGEST_SHARE:
            return
        if place in self._pages:
            self.size -= self._weight(place, self._pages.pop(place))
        self._pages[place] = page
        self.size += weight
        while self.size > self.limit:
            self.size -= self._weight(*self._pages.popitem(last=False))

    @staticmethod
    def _weight(place: Place, page: KeptPage) -> int:
        return len(page.body) + 4 * (len(place.path) + len(place.query) + len(place.part)) + OVERHEAD

    def clear(self) -> None:
        self._pages.clear()
        self.size = 0


class KeptPages:
    """Pages of one state of the knowledge, up to `limit` bytes. Safe for threads.

    Addresses without a query have a shelf of their own: there are only so many of them, and whoever asks for one
    made-up query after the other drives nothing out but the like.
    """

    def __init__(self, limit: int) -> None:
        self._state = ""
        self._plain, self._asked = Shelf(limit // 2), Shelf(limit // 2)
        self._lock = Lock()

    @property
    def size(self) -> int:
        return self._plain.size + self._asked.size

    def get(self, state: str, place: Place) -> KeptPage | None:
        with self._lock:
            if state != self._state:
                self._plain.clear()
                self._asked.clear()
                self._state = state
                return None
            return self._shelf(place).get(place)

    def put(self, state: str, place: Place, page: KeptPage) -> None:
        with self._lock:
            if state == self._state:  # else something was written while the page was being made
                self._shelf(place).put(place, page)

    def _shelf(self, place: Place) -> Shelf:
        return self._plain if place.is_plain else self._asked


def place_of(request: HttpRequest) -> Place | None:
    """Where the page that a request asks for is kept; None for what must be made for this request alone.

    That is everything but a plain GET of a page by somebody without a session, without messages waiting and without
    credentials.
    """
    headers: Mapping[str, str] = request.headers
    personal = not COOKIES.issuperset(request.COOKIES) or "Authorization" in headers
    if request.method != "GET" or personal or "Range" in headers or data.wants_data(request):
        return None
    try:
        host = f"{request.scheme}://{request.get_host()}"
    except DisallowedHost:
        return None
    query = request.META.get("QUERY_STRING", "")
    part = "\n".join(f"{name}: {headers[name]}" for name in HTMX if name in headers)
    return Place(host, request.path_info, query, get_language(), encoding_of(request), part)


def keepable(request: HttpRequest, response: HttpResponseBase) -> bool:
    """Is this a whole page that anybody may be shown: no cookie set, no form token in it, no tag of its own?"""
    return (
        response.status_code == 200
        and not response.streaming
        and response.get("Content-Type", "").startswith("text/html")
        and not response.cookies
        and not response.has_header("ETag")
        and "no-store" not in response.get("Cache-Control", "")
        and not request.META.get("CSRF_COOKIE_NEEDS_UPDATE")
    )


def kept(request: HttpRequest, response: HttpResponse) -> KeptPage:
    return KeptPage(response.content, tuple(response.items()), request.resolver_match)


def encoding_of(request: HttpRequest) -> str:
    """The best encoding that the reader takes, or nothing (RFC 9110, 12.5.3)."""
    taken = {}
    for part in request.headers.get("Accept-Encoding", "").lower().split(","):
        name, _semicolon, weight = part.strip().partition(";")
        taken[name.strip()] = weight.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return next((name for name in ENCODINGS if taken.get(name)), "")


def compress(response: HttpResponse, encoding: str) -> None:
    """Compress a page that is `keepable`: there is nothing secret in one, so its length tells nobody anything
    (https://www.breachattack.com/)."""
    if not encoding or len(response.content) < SMALLEST or response.has_header("Content-Encoding"):
        return
    if encoding == "br":
        response.content = brotli.compress(response.content, mode=brotli.MODE_TEXT, quality=5)
    else:
        packer = zlib.compressobj(6, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
        response.content = packer.compress(response.content) + packer.flush()
    response["Content-Encoding"] = encoding
    response["Content-Length"] = str(len(response.content))
    patch_vary_headers(response, ["Accept-Encoding"])
