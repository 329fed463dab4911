"""Entity tags for anonymous readers, so that an unchanged page costs one short query and no body (RFC 9110, 8.8.3).

The key is the change log's token, the UTC day (what is in force changes at midnight without a write), the release and
the language; public pages are kept under the same key (`governance.kept`). Whoever is signed in gets no tag and no kept
page: what a curator sees depends on more.
"""

import hashlib
from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags
from django.utils.translation import get_language

from governance.kept import KeptPages, compress, keepable, kept, place_of
from governance.models import Change

PARTS = ("governance", "actors", "instruments", "search", "templates")
MADE_OF = (".py", ".html", ".css", ".js", ".mo", ".json", ".yaml", ".svg")
MESSAGES = CookieStorage.cookie_name  # for one reader alone
LEFT_OUT = ("/admin/", "/healthz", "/readyz", "/metrics", "/static/", "/report/")


@cache
def release() -> str:
    """A fingerprint of what makes the pages of this process beside the database: code, templates, words, libraries,
    settings. It is the same on all nodes that have the same of these."""
    found = hashlib.sha256(f"{settings.SITE_URL}\n{settings.REVIEW}".encode())
    files = [path for part in PARTS for path in Path(settings.BASE_DIR / part).rglob("*") if path.suffix in MADE_OF]
    for path in sorted([*files, settings.BASE_DIR / "requirements.lock"]):
        found.update(path.read_bytes())
    return found.hexdigest()[:12]


def state() -> str:
    """What all public pages depend on: the position of the change log, the UTC day, the release."""
    return f"{Change.objects.all().token()}|{timezone.now().date().isoformat()}|{release()}"


def tag_of(state: str, accept: str) -> str:
    """The entity tag of a page in a state and the reader's language; `accept`, since one address has several
    representations."""
    digest = hashlib.sha256(f"{state}|{get_language() or ''}|{accept}".encode()).hexdigest()[:32]
    return f'W/"{digest}"'


def _kept_loosely(response: HttpResponse) -> HttpResponse:
    """A browser keeps a permanent redirect for ever unless told to ask again; a merge may be taken back."""
    if response.status_code == 301 and not response.has_header("Cache-Control"):
        response["Cache-Control"] = "no-cache"
    return response


def _forgotten(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Nobody keeps what somebody signed in was shown: drafts may be among it, and the next at the same browser, or
    behind the same proxy, is another."""
    if settings.SESSION_COOKIE_NAME in request.COOKIES and not response.has_header("Cache-Control"):
        response["Cache-Control"] = "private, no-store"
    return response


class ConditionalMiddleware:
    """Answers 304 when the reader's copy is still what it was, tags the rest, and keeps public pages."""

    def __init__(self, get_response) -> None:
        self.get_response = get_response
        self.pages = KeptPages(settings.PAGE_CACHE * 2**20)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not self._applies(request):
            return _forgotten(request, self.get_response(request))
        try:
            now = state()
        except (DatabaseError, InterfaceError):  # away: what needs no database is served without a tag
            return self.get_response(request)
        tag = tag_of(now, request.headers.get("Accept", ""))
        if tag in parse_etags(request.headers.get("If-None-Match", "")):
            response: HttpResponse = HttpResponseNotModified()
        else:
            response = self._page(request, now)
            # The tag was made before the answer was begun: one that is streamed may be newer than its tag, never older.
            if response.status_code != 200:
                return _kept_loosely(response)
        if "no-store" in response.get("Cache-Control", ""):  # a form has a mark that is its reader's alone
            return response
        if not response.has_header("ETag"):
            response["ETag"] = tag
        response["Cache-Control"] = "no-cache"
        patch_vary_headers(response, ["Accept", "Accept-Encoding", "Accept-Language", "Cookie", "HX-Request"])
        return response

    def _page(self, request: HttpRequest, now: str) -> HttpResponse:
        """The page as it was kept in this state, or made anew and kept where anybody may see it."""
        place = place_of(request)
        if place is None:
            return self.get_response(request)
        page = self.pages.get(now, place)
        if page is not None:
            return page.response(request)
        response = self.get_response(request)
        if keepable(request, response):
            compress(response, place.encoding)
            self.pages.put(now, place, kept(request, response))
        return response

    @staticmethod
    def _applies(request: HttpRequest) -> bool:
        return (
            request.method in ("GET", "HEAD")
            and settings.SESSION_COOKIE_NAME not in request.COOKIES
            and MESSAGES not in request.COOKIES
            and not request.path.startswith(LEFT_OUT)
        )
