"""What every template may use."""

from django.conf import settings
from django.http import HttpRequest

from governance.models.vocabulary import PLURALS
from governance.pages.titles import TITLES

MAIN = ("level", "instrument", "actor", "principle", "topic", "event", "country", "source")


def site(request: HttpRequest) -> dict:
    """The main navigation, and the public address of this page."""
    return {
        "navigation": [(TITLES[type_], PLURALS[type_]) for type_ in MAIN],
        "site_url": settings.SITE_URL,
        "canonical": settings.SITE_URL + request.path,
        "languages": settings.LANGUAGES,
    }
