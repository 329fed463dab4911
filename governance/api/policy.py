"""How the API answers and how often: named in the settings, so that every view of it, in whichever app, has them."""

from rest_framework.negotiation import BaseContentNegotiation

from governance.throttling import AddressThrottle


class AlwaysJSON(BaseContentNegotiation):
    """The API speaks JSON, whatever `Accept` says: a browser that opens an address sees the data."""

    def select_parser(self, request, parsers):
        return parsers[0]

    def select_renderer(self, request, renderers, format_suffix=None):
        return renderers[0], renderers[0].media_type


class APIThrottle(AddressThrottle):
    """As the setting API_RATE says."""

    scope = "api"
