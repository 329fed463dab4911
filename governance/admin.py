"""The admin of the record types that stand on nothing else, and of users."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django_otp.plugins.otp_static.admin import StaticDevice
from django_otp.plugins.otp_totp.admin import TOTPDevice

from governance.accounts import factors
from governance.accounts.events import Kind, note
from governance.curation.record_admin import STATE, UPDATED, KindFilter, RecordAdmin, WaitingFilter
from governance.models import AccountEvent, Country, Event, Level, Practice, Principle, Source, Topic


@admin.register(Event)
@admin.register(Practice)
@admin.register(Principle)
@admin.register(Topic)
class PlainAdmin(RecordAdmin):
    pass


@admin.register(Level)
class LevelAdmin(RecordAdmin):
    list_display = ("named", "state_mark", "position", "changed")
    list_filter = (STATE, WaitingFilter)
    ordering = ("position",)


@admin.register(Country)
class CountryAdmin(RecordAdmin):
    list_display = ("named", "state_mark", "iso2", "region_label", "changed")
    list_filter = (STATE, WaitingFilter, UPDATED)


@admin.register(Source)
class SourceAdmin(RecordAdmin):
    list_display = ("named", "slug", "state_mark", "kind_label", "reliability", "changed")
    list_filter = (STATE, WaitingFilter, KindFilter, "reliability", "rights")


admin.site.unregister(User)


@admin.register(User)
class PeopleAdmin(UserAdmin):
    """Users; an administrator gives roles, but only a superuser sees or makes superusers.

    Nobody is deleted: the history keeps who did what. Who leaves is made inactive.
    """

    actions = ("take_second_factor_away",)

    @admin.action(description=_("Take the second factor away (the phone is lost)"), permissions=("change",))
    def take_second_factor_away(self, request: HttpRequest, queryset: QuerySet) -> None:
        had = [user for user in queryset if factors.take_away(user)]
        for user in had:
            note(Kind.FACTOR_OFF, user.get_username())
        count = len(had)
        self.message_user(
            request, ngettext("%d account had a second factor.", "%d accounts had a second factor.", count) % count
        )

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


@admin.register(AccountEvent)
class AccountEventAdmin(admin.ModelAdmin):
    """Sign-ins, failures, lockouts and changes of rights, to be read: nobody writes or deletes here."""

    list_display = ("at", "kind", "account", "by", "detail", "times")
    list_display_links = None
    list_filter = ("kind", "at")
    search_fields = ("account", "by", "detail")
    search_help_text = _("Names and details. Kept for 180 days; no addresses, passwords or codes.")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


for device in (TOTPDevice, StaticDevice):  # their secrets are for their owners only
    admin.site.unregister(device)
