"""The addresses of the site. Rooms above this one are reached by name only, never by import."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.contrib.sitemaps import views as sitemaps
from django.urls import include, path, register_converter
from django.views.i18n import set_language

from governance.addresses import PluralConverter
from governance.exports import views as exports
from governance.metrics import metrics
from governance.pages import compare, disputes, history, lists, participation, records, report, site, styleguide
from governance.pages.sitemap import SITEMAPS

register_converter(PluralConverter, "plural")

handler400 = "governance.pages.errors.bad_request"
handler403 = "governance.pages.errors.forbidden"
handler404 = "governance.pages.errors.not_found"
handler500 = "governance.pages.errors.server_error"

urlpatterns = [
    path("healthz", site.healthz, name="healthz"),
    path("readyz", site.readyz, name="readyz"),
    path("metrics", metrics, name="metrics"),
    path("favicon.ico", site.favicon, name="favicon"),
    path("robots.txt", site.robots, name="robots"),
    path("sitemap.xml", sitemaps.index, {"sitemaps": SITEMAPS, "sitemap_url_name": "sitemap"}, name="sitemaps"),
    path("sitemap-<section>.xml", sitemaps.sitemap, {"sitemaps": SITEMAPS}, name="sitemap"),
    path("data/knowledge.jsonl", site.knowledge, name="knowledge"),
    path("data/knowledge.zip", exports.knowledge_package, name="knowledge-package"),
    path("data/concepts.ttl", exports.concepts, name="concepts"),
    path("oai", exports.harvest, name="oai"),
    path("api/v1/", include("search.api_urls")),
    path("api/v1/", include("governance.api.urls")),
    path("admin/language/", set_language, name="set-language"),
    path("admin/", include("governance.curation.urls")),
    path("admin/", admin.site.urls),
    *i18n_patterns(
        path("", site.home, name="home"),
        path("about/", site.about, name="about"),
        path("styleguide/", styleguide.styleguide, name="styleguide"),
        path("disputed/", disputes.disputed, name="disputed"),
        path("report/", report.report, name="report"),
        path("report/sent/", report.sent, name="report-sent"),
        path("history/<plural:plural>/<str:slug>/", history.history_page, name="history"),
        path("history/<plural:plural>/<str:slug>/<int:number>/", history.state_page, name="history-state"),
        path("compare/", compare.compare_page, name="compare"),
        path("participation/", participation.participation_page, name="participation"),
        path("pictures/", include("governance.pictures.urls")),
        path("", include("instruments.urls")),
        path("", include("search.urls")),
        path("<plural:plural>/", lists.list_page, name="list"),
        path("<plural:plural>/<str:slug>/", records.record_page, name="record"),
        prefix_default_language=False,
    ),
]
