"""The sitemap: every public page in every interface language, each naming the others.

https://www.sitemaps.org/protocol.html, https://developers.google.com/search/docs/specialty/international/localized-versions
"""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.urls import reverse

from governance.models import Record
from governance.models.vocabulary import PLURALS


class LocalisedSitemap(Sitemap):
    """At the public address of the site, whatever host was asked."""

    i18n = True
    alternates = True
    x_default = True
    limit = 5000  # addresses in one file; the index names the files

    def get_domain(self, site=None) -> str:
        return urlsplit(settings.SITE_URL).netloc

    def get_protocol(self, protocol=None) -> str:
        return urlsplit(settings.SITE_URL).scheme


class RecordSitemap(LocalisedSitemap):
    def items(self):
        return Record.objects.visible_to(None).order_by("pk").only("type", "slug", "updated")

    def lastmod(self, record: Record):
        return record.updated


class PageSitemap(LocalisedSitemap):
    """The start page and the lists."""

    def items(self) -> list[tuple[str, tuple]]:
        return [("home", ()), ("about", ()), *(("list", (plural,)) for plural in PLURALS.values())]

    def location(self, item: tuple[str, tuple]) -> str:
        name, arguments = item
        return reverse(name, args=arguments)


SITEMAPS = {"pages": PageSitemap, "records": RecordSitemap}
