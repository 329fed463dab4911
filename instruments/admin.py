"""The admin of instruments."""

from django.contrib import admin

from governance.curation.record_admin import KindFilter, RecordAdmin, WaitingFilter
from instruments.models import Instrument


@admin.register(Instrument)
class InstrumentAdmin(RecordAdmin):
    list_filter = ("state", WaitingFilter, KindFilter, "level", "binding", "updated")
