"""What readers report to be wrong; nothing is kept of who they are."""

from django.conf import settings
from django.db import models
from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.models.record import Record


class ReportState(TextChoices):
    OPEN = "open", _("Open")
    HANDLED = "handled", _("Handled")
    DECLINED = "declined", _("Declined")


class Report(models.Model):
    """An error that a reader sees in one value of a record, or in the record as a whole (`field` is empty).

    `value` is what stood there when the report was made, in words: the value may have changed since. `note` is the
    curators' and says what was done, or why nothing was.
    """

    record = models.ForeignKey(Record, models.CASCADE, related_name="reports")
    field = models.CharField(max_length=120, blank=True)
    value = models.TextField(blank=True)
    text = models.TextField()
    source = models.CharField(max_length=600, blank=True)
    language = models.CharField(max_length=16, blank=True)
    state = models.CharField(max_length=8, choices=ReportState, default=ReportState.OPEN)
    note = models.TextField(blank=True)
    created = models.DateTimeField(default=timezone.now)
    decided = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("created", "id")
        indexes = (models.Index(fields=("state", "created"), name="report_waiting"),)

    def __str__(self) -> str:
        return f"{self.record}: {self.text[:60]}"

    @property
    def is_open(self) -> bool:
        return self.state == ReportState.OPEN
