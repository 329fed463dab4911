"""How the API answers and how often: named in the settings, so that every view of it, in whichever app, has them."""

from django.core.cache import caches
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.throttling import SimpleRateThrottle

from governance.proxies import client_address


class AlwaysJSON(BaseContentNegotiation):
    """The API speaks JSON, whatever `Accept` says: a browser that opens an address sees the data."""

    def select_parser(self, request, parsers):
        return parsers[0]

    def select_renderer(self, request, renderers, format_suffix=None):
        return renderers[0], renderers[0].media_type


class AddressThrottle(SimpleRateThrottle):
    """So many requests per address, as the setting API_RATE says; behind proxies, the client's own address."""

    scope = "api"
    cache = caches["throttle"]

    def get_cache_key(self, request, view) -> str:
        return self.cache_format % {"scope": self.scope, "ident": client_address(request)}
