"""The address of the client, where proxies stand in front."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str | None:
    """Go back from the nearest peer past as many proxies as are trusted; what came before them is hearsay."""
    nearest = request.META.get("REMOTE_ADDR") or None
    if not settings.TRUSTED_PROXIES:
        return nearest
    passed = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    claimed = passed[-min(settings.TRUSTED_PROXIES, len(passed))]
    try:
        return str(ipaddress.ip_address(claimed))
    except ValueError:
        return nearest
