"""Every state a record was in or was proposed for, as whole documents."""

from django.conf import settings
from django.db import models
from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.models.record import Record


class Decision(TextChoices):
    """What became of a revision."""

    PENDING = "pending", _("Waiting for review")
    APPROVED = "approved", _("Approved")
    SENT_BACK = "sent-back", _("Sent back")
    REPLACED = "replaced", _("Replaced by a newer one")


class Revision(models.Model):
    """A whole document of one record, with the revision it started from, its author, reviewer and comment.

    A pending revision is seen by nobody but curators; approving it makes the record so.
    """

    record = models.ForeignKey(Record, models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    document = models.JSONField()
    state = models.CharField(max_length=10, choices=Record._meta.get_field("state").choices)
    base = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+")
    decision = models.CharField(max_length=10, choices=Decision, default=Decision.APPROVED)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    comment = models.TextField(blank=True)
    created = models.DateTimeField(default=timezone.now)
    decided = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("record", "-number")
        constraints = (models.UniqueConstraint(fields=("record", "number"), name="revision_number_once"),)

    def __str__(self) -> str:
        return f"{self.record} #{self.number}"


class LoadedDocument(models.Model):
    """What `load_knowledge` last made of a record, so that a curator's edit is told from an untouched record."""

    record = models.OneToOneField(Record, models.CASCADE, related_name="loaded")
    given = models.CharField(max_length=64, help_text="SHA-256 of the document as it stood in the file")
    made = models.CharField(max_length=64, help_text="SHA-256 of the record's own document after loading")
    state = models.CharField(max_length=10)
    changes = models.BigIntegerField(help_text="how many changes the log had of it when the load ended")

    def __str__(self) -> str:
        return f"{self.record_id}: {self.given[:12]}"
