"""The sitemap: every published record, in every interface language (https://www.sitemaps.org/protocol.html)."""

from django.contrib.sitemaps import Sitemap

from governance.models import Record


class RecordSitemap(Sitemap):
    limit = 5000

    def items(self):
        return Record.objects.visible_to(None).order_by("pk").only("type", "slug", "updated")

    def lastmod(self, record: Record):
        return record.updated


SITEMAPS = {"records": RecordSitemap}
