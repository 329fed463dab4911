"""The admin of the record types that stand on nothing else, and of users."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from governance.curation.record_admin import KindFilter, RecordAdmin, WaitingFilter
from governance.models import Country, Event, Level, Practice, Principle, Source, Topic


@admin.register(Event)
@admin.register(Practice)
@admin.register(Principle)
@admin.register(Topic)
class PlainAdmin(RecordAdmin):
    pass


@admin.register(Level)
class LevelAdmin(RecordAdmin):
    list_display = ("title", "state_mark", "position", "updated")
    list_filter = ("state", WaitingFilter)
    ordering = ("position",)


@admin.register(Country)
class CountryAdmin(RecordAdmin):
    list_display = ("title", "state_mark", "iso2", "region_label", "updated")
    list_filter = ("state", WaitingFilter, "updated")


@admin.register(Source)
class SourceAdmin(RecordAdmin):
    list_display = ("title", "slug", "state_mark", "kind_label", "reliability", "updated")
    list_filter = ("state", WaitingFilter, KindFilter, "reliability", "rights")


admin.site.unregister(User)


@admin.register(User)
class PeopleAdmin(UserAdmin):
    """Users; an administrator gives roles, but only a superuser sees or makes superusers.

    Nobody is deleted: the history keeps who did what. Who leaves is made inactive.
    """

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        users = super().get_queryset(request)
        return users if request.user.is_superuser else users.filter(is_superuser=False)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None or request.user.is_superuser:
            return super().get_fieldsets(request, obj)
        return (
            (None, {"fields": ("username", "password")}),
            (_("Personal info"), {"fields": ("first_name", "last_name", "email")}),
            (_("Role"), {"fields": ("is_active", "is_staff", "groups")}),
        )

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
