"""What every template may use."""

from django.conf import settings
from django.http import HttpRequest

from governance.models.vocabulary import PLURALS, Type
from governance.pages.titles import TITLES

MAIN = (
    Type.LEVEL, Type.INSTRUMENT, Type.ACTOR, Type.PRINCIPLE, Type.TOPIC, Type.EVENT, Type.COUNTRY, Type.SOURCE,
)  # fmt: skip


def site(request: HttpRequest) -> dict:
    """The main navigation, and the public address of this page."""
    return {
        "navigation": [(TITLES[type_], PLURALS[type_]) for type_ in MAIN],
        "site_url": settings.SITE_URL,
        "canonical": settings.SITE_URL + request.path,
        "languages": settings.LANGUAGES,
    }
