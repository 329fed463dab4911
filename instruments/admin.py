"""The admin of instruments."""

from django.contrib import admin

from governance.curation.record_admin import (
    BINDING,
    LEVEL,
    STATE,
    UPDATED,
    KindFilter,
    RecordAdmin,
    WaitingFilter,
)
from instruments.models import Instrument


@admin.register(Instrument)
class InstrumentAdmin(RecordAdmin):
    list_filter = (STATE, WaitingFilter, KindFilter, LEVEL, BINDING, UPDATED)
