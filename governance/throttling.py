"""How often one address may ask for pages: beyond that a 429 that says when to go on (RFC 6585, 4).

The API has its own limit (`governance.api.policy`), made of the same parts. Static files, kept and unchanged pages and
what a monitor asks are free: the limit is on work. Each serving process counts for itself, so a client may get as many
times more, unless CACHE_URL names what all of them count in. While that is away, each counts for itself again.
"""

import ipaddress
import logging
import math
from collections.abc import Callable

from django.conf import settings
from django.core.cache import caches
from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from rest_framework.throttling import SimpleRateThrottle

from governance import data
from governance.proxies import client_address
from governance.replicas import on_primary

log = logging.getLogger(__name__)
FREE = ("/api/", "/static/", "/healthz", "/readyz", "/metrics")


class AddressThrottle(SimpleRateThrottle):
    """So many requests per address, as the rate of `scope` in the settings says; a rate of None is no limit.

    Behind proxies it is the client's own address; of IPv6 the /64, since one client has all of that.
    """

    cache = caches["throttle"]

    def allow_request(self, request: HttpRequest, view: object) -> bool:
        """Is this one among those allowed?"""
        try:
            with on_primary():  # a replica may not know of the last ones
                return super().allow_request(request, view)  # type: ignore[arg-type]
        except _uncountable() as error:
            if not settings.IN_REDIS:  # which tells of itself, once
                log.warning("Each process counts requests for itself: %s", " ".join(str(error).split()))
        self.cache = caches["alone"]
        return super().allow_request(request, view)  # type: ignore[arg-type]

    def get_cache_key(self, request: HttpRequest, view: object) -> str:
        return self.cache_format % {"scope": self.scope, "ident": neighbourhood(client_address(request))}


def _uncountable() -> tuple[type[Exception], ...]:
    """What is raised where requests are counted when that place is away."""
    if not settings.IN_REDIS:
        return DatabaseError, InterfaceError
    from redis.exceptions import RedisError  # a large package, and most sites count elsewhere

    return (RedisError,)


def neighbourhood(address: str | None) -> str:
    try:
        found = ipaddress.ip_address(address or "")
    except ValueError:
        return "unknown"
    if found.version == 6 and found.ipv4_mapped is None:
        return str(ipaddress.ip_network(f"{found}/64", strict=False).network_address)
    return str(found)


class PageThrottle(AddressThrottle):
    scope = "pages"


class PageThrottleMiddleware:
    """Turns away whoever asks for more than PAGE_RATE, before anything is looked up or rendered."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(FREE):
            return self.get_response(request)
        throttle = PageThrottle()
        if throttle.allow_request(request, None):  # type: ignore[arg-type]
            return self.get_response(request)
        return throttled(request, throttle.wait())


def throttled(request: HttpRequest, wait: float | None) -> HttpResponse:
    """The 429, as a page or as data; needs no database."""
    seconds = max(1, math.ceil(wait or 1))
    if data.wants_data(request):
        message = _("Too many requests from your address; go on in %(n)d s.") % {"n": seconds}
        response = data.error("throttled", message, 429, {"seconds": seconds})
    else:
        response = render(None, "429.html", {"seconds": seconds}, status=429)
    response["Retry-After"] = str(seconds)
    response["Cache-Control"] = "no-store"
    return response
