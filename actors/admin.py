"""The admin of actors."""

from django.contrib import admin

from actors.models import Actor
from governance.curation.record_admin import RecordAdmin

admin.site.register(Actor, RecordAdmin)
