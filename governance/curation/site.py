"""The admin site of the knowledge base: Django's own, with the review queue, the preview and the look-up beside it."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.apps import AdminConfig
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST


class CurationConfig(AdminConfig):
    default_site = "governance.curation.site.CurationSite"


class CurationSite(admin.AdminSite):
    site_header = _("Global Migration Governance")
    site_title = _("Curation")
    index_title = _("Curation")
    index_template = "admin/curation_index.html"

    def get_urls(self) -> list:
        own = [
            path("review/", self.admin_view(self.review_list), name="review"),
            path("review/<int:pk>/", self.admin_view(self.review), name="review_one"),
            path("preview/", self.admin_view(self.preview), name="preview"),
            path("reference/", self.admin_view(self.reference), name="reference"),
        ]
        return own + super().get_urls()

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        from governance.curation import roles
        from governance.curation.heads import waiting_for_review

        context = super().each_context(request)
        if request.user.has_perm(roles.READ):
            context["waiting_count"] = waiting_for_review().count()
        return context

    def index(self, request: HttpRequest, extra_context: dict | None = None) -> TemplateResponse:
        from governance.curation.desk import desk

        return super().index(request, {**(extra_context or {}), **desk(request.user)})

    def review_list(self, request: HttpRequest) -> HttpResponse:
        from governance.curation import review

        return review.queue(self, request)

    def review(self, request: HttpRequest, pk: int) -> HttpResponse:
        from governance.curation import review

        return review.decide(self, request, pk)

    @staticmethod
    @require_POST
    def preview(request: HttpRequest) -> JsonResponse:
        """Markdown as it will be shown."""
        from governance import markdown
        from governance.curation import roles

        _require(request, roles.READ)
        return JsonResponse({"html": markdown.to_html(request.POST.get("text", ""))})

    @staticmethod
    @require_GET
    def reference(request: HttpRequest) -> JsonResponse:
        """Records that may be meant by what is being typed: `?q=mor&types=country,actor`."""
        from governance.curation import references, roles
        from governance.models.vocabulary import Type

        _require(request, roles.READ)
        types = [type_ for type_ in request.GET.get("types", "").split(",") if type_ in Type.values] or Type.values
        text = request.GET.get("q", "")[:100].replace("\0", "")
        found = references.propose(text, types)[: references.SHOWN]
        return JsonResponse({"results": [
            {"reference": r.reference, "slug": r.slug, "title": r.title, "type": str(Type(r.type).label), "state": r.state}
            for r in found
        ]})  # fmt: skip


def _require(request: HttpRequest, permission: str) -> None:
    if not request.user.has_perm(permission):
        raise PermissionDenied
