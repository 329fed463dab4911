"""The admin of one record type: Django's list, and in place of its form the editor over documents."""

import re
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import BadRequest, PermissionDenied
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance import publishing
from governance.curation import history, merges, roles, steps
from governance.curation.editing import Editing
from governance.curation.heads import open_revision
from governance.knowledge import DocumentError
from governance.locales import local_name
from governance.models import Decision, Level, Record, Revision
from governance.models.vocabulary import KINDS, State, Type


class KindFilter(admin.SimpleListFilter):
    title = gettext_lazy("kind")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list:
        return list(KINDS[model_admin.type].items())

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(kind=self.value()) if self.value() else queryset


class WaitingFilter(admin.SimpleListFilter):
    """Records with something to do: for their author or for a reviewer."""

    title = gettext_lazy("open revision")
    parameter_name = "open"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list:
        return [("draft", _("Being written")), ("in-review", _("Waiting for review")), ("sent-back", _("Sent back"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        wanted = {
            "draft": Q(open_decision=Decision.PENDING, open_state=State.DRAFT),
            "in-review": Q(open_decision=Decision.PENDING, open_state=State.IN_REVIEW),
            "sent-back": Q(open_decision=Decision.SENT_BACK),
        }
        return queryset.filter(wanted[self.value() or ""]) if self.value() in wanted else queryset


def headed(title: Any, base: type[admin.FieldListFilter]) -> type[admin.FieldListFilter]:
    """A filter of a field under a title that is translated, as names of fields are not."""

    class Headed(base):  # type: ignore[valid-type,misc]
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self.title = title

    return Headed


class LevelFilter(admin.RelatedFieldListFilter):
    """Levels by their names in the curator's language, in their own order."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> list:
        return [(level.pk, local_name(level)[0]) for level in Level.objects.order_by("position")]


STATE = ("state", headed(gettext_lazy("State"), admin.ChoicesFieldListFilter))
LEVEL = ("level", headed(gettext_lazy("Level of cooperation"), LevelFilter))
BINDING = ("binding", headed(gettext_lazy("Legal force"), admin.ChoicesFieldListFilter))
UPDATED = ("updated", headed(gettext_lazy("Last changed"), admin.DateFieldListFilter))


class RecordAdmin(admin.ModelAdmin):
    """Lists, finds and edits records of one type. Nothing is deleted here: what is wrong is withdrawn."""

    list_display: tuple[str, ...] = ("named", "state_mark", "kind_label", "level_named", "changed")
    search_fields = ("title", "slug", "names__text", "identifiers__value")
    list_filter: ClassVar[tuple] = (STATE, WaitingFilter, KindFilter, LEVEL, UPDATED)
    list_select_related = ("level",)
    list_per_page = 50
    ordering: ClassVar[tuple] = ("title",)
    actions = ("submit_selected", "publish_selected", "withdraw_selected")

    @property
    def type(self) -> Type:
        return Type(str(self.opts.model_name))

    def has_module_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(roles.READ)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm(roles.READ)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(roles.ADD)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm(roles.CURATE)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        revisions = Revision.objects.filter(record=OuterRef("pk")).order_by("-number")
        newest = revisions.filter(decision__in=(Decision.PENDING, Decision.SENT_BACK))
        rows = self.model.objects.visible_to(request.user).annotate(
            open_number=Subquery(newest.values("number")[:1]),
            open_state=Subquery(newest.values("state")[:1]),
            open_decision=Subquery(newest.values("decision")[:1]),
        )
        return rows.order_by(*self.ordering)

    @admin.display(description=gettext_lazy("Title"), ordering="title")
    def named(self, record: Any) -> str:
        return format_html('<bdi lang="en">{}</bdi>', record.title)

    @admin.display(description=gettext_lazy("Level of cooperation"), ordering="level")
    def level_named(self, record: Any) -> str:
        return local_name(record.level)[0] if record.level else "–"

    @admin.display(description=gettext_lazy("Last changed"), ordering="updated")
    def changed(self, record: Any) -> Any:
        return record.updated

    @admin.display(description=gettext_lazy("State"), ordering="state")
    def state_mark(self, record: Any) -> str:
        """The state, and what else is under way."""
        state = format_html('<span class="state state-{}">{}</span>', record.state, record.get_state_display())
        if record.open_decision == Decision.SENT_BACK and open_revision(record):
            return format_html('{} <span class="state state-sent-back">{}</span>', state, _("sent back"))
        if record.open_decision == Decision.PENDING and record.state in (State.PUBLISHED, State.WITHDRAWN):
            words = _("change in review") if record.open_state == State.IN_REVIEW else _("change being written")
            return format_html('{} <span class="state state-pending">{}</span>', state, words)
        return state

    @admin.display(description=gettext_lazy("Kind"), ordering="kind")
    def kind_label(self, record: Record) -> str:
        return record.kind_label or "–"

    # Pages

    def get_urls(self) -> list:
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        own = [
            path(f"<path:object_id>/{step}/", self.admin_site.admin_view(self._step(step)), name=f"{name}_{step}")
            for step in steps.STEPS
        ]
        merge = path("<path:object_id>/merge/", self.admin_site.admin_view(self.merge_view), name=f"{name}_merge")
        return [*own, merge, *super().get_urls()]

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: dict | None = None) -> HttpResponse:
        return Editing(self, request, None).answer()

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict | None = None
    ) -> HttpResponse:
        record = self._record(request, object_id)
        return Editing(self, request, record).answer() if record else self._nothing(request, object_id)

    def history_view(self, request: HttpRequest, object_id: str, extra_context: dict | None = None) -> HttpResponse:
        record = self._record(request, object_id)
        return history.answer(self, request, record) if record else self._nothing(request, object_id)

    def merge_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        record = self._record(request, object_id)
        return merges.answer(self, request, record) if record else self._nothing(request, object_id)

    def _step(self, step: str):
        def view(request: HttpRequest, object_id: str) -> HttpResponse:
            record = self._record(request, object_id)
            return steps.answer(self, request, record, step) if record else self._nothing(request, object_id)

        return view

    def _record(self, request: HttpRequest, object_id: str) -> Any:
        if not self.has_view_permission(request):
            raise PermissionDenied
        try:
            return self.get_object(request, object_id)
        except OverflowError:  # a number that SQLite cannot hold
            return None

    def _nothing(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined]

    def response_action(self, request: HttpRequest, queryset: QuerySet, *where: Any, **named: Any) -> Any:
        """Do one of the actions below; what was chosen is checked here, since Django takes it for numbers unseen."""
        if not all(re.fullmatch(r"[0-9]{1,18}", chosen) for chosen in request.POST.getlist(ACTION_CHECKBOX_NAME)):
            raise BadRequest("What was chosen in the list are no records.")
        return super().response_action(request, queryset, *where, **named)

    # Actions, each record by itself: what cannot be done is said, the others are not held up

    @admin.action(description=gettext_lazy("Submit for review"), permissions=["change"])
    def submit_selected(self, request: HttpRequest, queryset: QuerySet) -> None:
        self._each(request, queryset, lambda record: publishing.submit(record, request.user), _("submitted for review"))

    @admin.action(description=gettext_lazy("Approve and publish"), permissions=["change"])
    def publish_selected(self, request: HttpRequest, queryset: QuerySet) -> None:
        def approve(record: Record) -> None:
            waiting = open_revision(record)
            if waiting is None:
                raise publishing.WrongState(_("“%s” does not wait for review.") % record)
            publishing.approve(waiting, request.user)

        self._each(request, queryset, approve, _("published"))

    @admin.action(description=gettext_lazy("Withdraw"), permissions=["change"])
    def withdraw_selected(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        reason = request.POST.get("reason", "").strip()
        if "apply" not in request.POST or not reason:
            context = {
                **self.admin_site.each_context(request), "opts": self.opts, "title": _("Withdraw"), "records": queryset,
                "missing": "apply" in request.POST, "action": "withdraw_selected",
            }  # fmt: skip
            return TemplateResponse(request, "admin/withdraw_selected.html", context)
        self._each(request, queryset, lambda r: publishing.withdraw(r, request.user, reason), _("withdrawn"))
        return None

    def _each(self, request: HttpRequest, queryset: QuerySet, act, done: str) -> None:
        count = 0
        for record in queryset:
            try:
                act(record)
                count += 1
            except DocumentError as error:
                faults = " ".join(problem.message for problem in error.problems)
                messages.error(request, _("“%(record)s”: %(faults)s") % {"record": record, "faults": faults})
            except publishing.PublishingError as error:
                messages.error(request, _("“%(record)s”: %(faults)s") % {"record": record, "faults": error})
        if count:
            messages.success(
                request, _("%(count)d of %(all)d %(done)s.") % {"count": count, "all": len(queryset), "done": done}
            )
