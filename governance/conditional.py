"""Entity tags for anonymous readers, so that an unchanged page costs one short query and no body (RFC 9110, 8.8.3).

The key is the change log's token, the UTC day (what is in force changes at midnight without a write), the release and
the language. Whoever is signed in gets no tag: what a curator sees depends on more.
"""

import hashlib
from functools import cache
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags
from django.utils.translation import get_language

from governance.models import Change

LEFT_OUT = ("/admin/", "/healthz", "/readyz", "/metrics", "/static/", "/report/")


@cache
def release() -> str:
    """A fingerprint of the code and templates this process started with."""
    parts = ("governance", "actors", "instruments", "search", "templates")
    stamps = sorted(
        f"{path.relative_to(settings.BASE_DIR)}:{path.stat().st_mtime_ns}"
        for part in parts
        for path in Path(settings.BASE_DIR / part).rglob("*")
        if path.suffix in (".py", ".html", ".css", ".js", ".mo")
    )
    return hashlib.sha256("\n".join(stamps).encode()).hexdigest()[:12]


def key(accept: str = "") -> str:
    """What a public page depends on beside its address; `accept`, since one address has several representations."""
    parts = (Change.objects.all().token(), timezone.now().date().isoformat(), release(), get_language() or "", accept)
    return hashlib.sha256("|".join(parts).encode()).hexdigest()[:32]


def _kept_loosely(response: HttpResponse) -> HttpResponse:
    """A browser keeps a permanent redirect for ever unless told to ask again; a merge may be taken back."""
    if response.status_code == 301 and not response.has_header("Cache-Control"):
        response["Cache-Control"] = "no-cache"
    return response


class ConditionalMiddleware:
    """Answers 304 when the reader's copy is still what it was, and tags the rest."""

    def __init__(self, get_response) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not self._applies(request):
            return self.get_response(request)
        try:
            tag = f'W/"{key(request.headers.get("Accept", ""))}"'
        except (DatabaseError, InterfaceError):  # away: what needs no database is served without a tag
            return self.get_response(request)
        if tag in parse_etags(request.headers.get("If-None-Match", "")):
            response: HttpResponse = HttpResponseNotModified()
        else:
            response = self.get_response(request)
            # The tag was made before the answer was begun: one that is streamed may be newer than its tag, never older.
            if response.status_code != 200:
                return _kept_loosely(response)
        if "no-store" in response.get("Cache-Control", ""):  # a form has a mark that is its reader's alone
            return response
        if not response.has_header("ETag"):
            response["ETag"] = tag
        response["Cache-Control"] = "no-cache"
        patch_vary_headers(response, ["Accept", "Accept-Language", "Cookie", "HX-Request"])
        return response

    @staticmethod
    def _applies(request: HttpRequest) -> bool:
        return (
            request.method in ("GET", "HEAD")
            and settings.SESSION_COOKIE_NAME not in request.COOKIES
            and not request.path.startswith(LEFT_OUT)
        )
