"""Who acts: UN bodies, consultative processes, networks, organisations, States in a role."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from governance.models.record import Record, parent_link


class Actor(Record):
    """Anybody who acts in the governance of migration, forums and processes included."""

    owners = ("record_id",)
    document_fields = ("website",)

    record = parent_link()
    website = models.URLField(max_length=400, blank=True)

    class Meta:
        verbose_name = _("actor")
        verbose_name_plural = _("actors")
