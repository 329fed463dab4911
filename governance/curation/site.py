"""The admin site of the knowledge base: Django's own, with the review queue, the preview and the look-up beside it."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import admin
from django.contrib.contenttypes.views import shortcut
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from governance import markdown, reports
from governance.accounts import pages as accounts
from governance.accounts.forms import SignInForm
from governance.curation import care_pages, references, reported, review, roles, texts
from governance.curation.desk import desk
from governance.curation.heads import waiting_for_review
from governance.importing import pages as imports
from governance.knowledge.sections import child_model
from governance.models import Record
from governance.models.vocabulary import Type


class CurationSite(admin.AdminSite):
    site_header = _("Global Migration Governance")
    site_title = _("Curation")
    index_title = _("Curation")
    index_template = "admin/curation_index.html"
    login_form = SignInForm

    def get_urls(self) -> list:
        own = [
            *imports.urls(self),
            *reported.urls(self),
            *care_pages.urls(self),
            *texts.urls(self),
            path("edit/<int:pk>/", self.admin_view(self.edit), name="edit"),
            path("review/", self.admin_view(self.review_list), name="review"),
            path("review/<int:pk>/", self.admin_view(self.review), name="review_one"),
            path("r/<path:content_type_id>/<path:object_id>/", self.admin_view(self.view_on_site), name="view_on_site"),
            path("preview/", self.admin_view(self.preview), name="preview"),
            path("second-factor/", self.admin_view(self.second_factor), name="second_factor"),
            path("reference/", self.admin_view(self.reference), name="reference"),
        ]
        return own + super().get_urls()

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        context = super().each_context(request)
        if request.user.has_perm(roles.READ):
            context["waiting_count"] = waiting_for_review().count()
            context["report_count"] = reports.waiting().count()
        return context

    def index(self, request: HttpRequest, extra_context: dict | None = None) -> TemplateResponse:
        return super().index(request, {**(extra_context or {}), **desk(request.user)})

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        return super().admin_view(_without_zero_bytes(view), cacheable)

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list:
        """The record types as one list, in the order of the vocabulary, whichever app they live in; then the rest."""
        apps = super().get_app_list(request, app_label)
        models = {model["object_name"].lower(): model for app in apps for model in app["models"]}
        records = [models[type_] for type_ in Type if type_ in models]
        for app in apps:
            app["models"] = [model for model in app["models"] if model not in records]
        rest = [app for app in apps if app["models"]]
        if not records or app_label:
            return super().get_app_list(request, app_label)
        url = reverse("admin:index", current_app=self.name)
        name = str(_("Records"))
        return [
            {"name": name, "app_label": "records", "app_url": url, "has_module_perms": True, "models": records},
            *rest,
        ]

    def edit(self, request: HttpRequest, pk: int) -> HttpResponse:
        """To the editor of a record, whatever its type."""
        _require(request, roles.READ)
        record = get_object_or_404(Record, pk=pk)
        opts = child_model(record.type)._meta
        return HttpResponseRedirect(reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=(pk,)))

    def view_on_site(self, request: HttpRequest, content_type_id: str, object_id: str) -> HttpResponse:
        """To the page of a record. Its address says what a draft is about, so it is for those who may read drafts."""
        _require(request, roles.READ)
        return shortcut(request, content_type_id, object_id)

    def review_list(self, request: HttpRequest) -> HttpResponse:
        return review.queue(self, request)

    def review(self, request: HttpRequest, pk: int) -> HttpResponse:
        return review.decide(self, request, pk)

    def password_change(self, request: HttpRequest, extra_context: dict | None = None) -> Any:
        return accounts.password_change(self, request, extra_context)

    def second_factor(self, request: HttpRequest) -> HttpResponse:
        return accounts.second_factor(self, request)

    @staticmethod
    @require_POST
    def preview(request: HttpRequest) -> JsonResponse:
        """Markdown as it will be shown."""
        _require(request, roles.READ)
        return JsonResponse({"html": markdown.to_html(request.POST.get("text", ""))})

    @staticmethod
    @require_GET
    def reference(request: HttpRequest) -> JsonResponse:
        """Records that may be meant by what is being typed: `?q=mor&types=country,actor`."""
        _require(request, roles.READ)
        types = [type_ for type_ in request.GET.get("types", "").split(",") if type_ in Type.values] or Type.values
        text = request.GET.get("q", "")[:100].replace("\0", "")
        found = references.propose(text, types)[: references.SHOWN]
        results = [
            {"reference": r.reference, "slug": r.slug, "title": r.title, "type": r.get_type_display()} for r in found
        ]
        return JsonResponse({"results": results})


def _without_zero_bytes(view: Callable) -> Callable:
    """A view that is sent no zero byte: nobody types one, no text has one, and PostgreSQL takes none."""

    @wraps(view)
    def cleaned(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        for name in ("GET", "POST"):
            if any("\0" in value for _key, values in getattr(request, name).lists() for value in values):
                setattr(request, name, _cleaned(getattr(request, name)))
        return view(request, *args, **kwargs)

    return cleaned


def _cleaned(given: QueryDict) -> QueryDict:
    kept = QueryDict(mutable=True)
    for key, values in given.lists():
        kept.setlist(key, [value.replace("\0", "") for value in values])
    return kept


def _require(request: HttpRequest, permission: str) -> None:
    if not request.user.has_perm(permission):
        raise PermissionDenied
