"""Every state a record was in or was proposed for, as whole documents."""

from django.conf import settings
from django.db import models
from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.models.record import Record
from governance.models.vocabulary import State


class Decision(TextChoices):
    """What became of a revision."""

    PENDING = "pending", _("Waiting for review")
    APPROVED = "approved", _("Approved")
    SENT_BACK = "sent-back", _("Sent back")
    REPLACED = "replaced", _("Replaced by a newer one")
    DISCARDED = "discarded", _("Discarded")


class Revision(models.Model):
    """A whole document of one record, with the revision it started from, its author, reviewer and comment.

    A pending revision is seen by nobody but curators; approving it makes the record so. `state` is what the record
    was in with this document, or for a pending one how far it has come: draft, or in review. `comment` is the
    author's, `answer` the reviewer's; `contributors` are all who wrote at the text since it was last published.
    """

    record = models.ForeignKey(Record, models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    document = models.JSONField()
    state = models.CharField(max_length=10, choices=Record._meta.get_field("state").choices)
    base = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+")
    decision = models.CharField(max_length=10, choices=Decision, default=Decision.APPROVED)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    contributors = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="+")
    comment = models.TextField(blank=True)
    answer = models.TextField(blank=True)
    created = models.DateTimeField(default=timezone.now)
    decided = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("record", "-number")
        indexes = (models.Index(fields=("decision", "state", "created"), name="revision_waiting"),)
        constraints = (models.UniqueConstraint(fields=("record", "number"), name="revision_number_once"),)

    def __str__(self) -> str:
        return f"{self.record} #{self.number}"

    @property
    def waits(self) -> bool:
        """A reviewer has to decide on it."""
        return self.decision == Decision.PENDING and self.state == State.IN_REVIEW

    @property
    def was_published(self) -> bool:
        return self.decision == Decision.APPROVED and self.state in (State.PUBLISHED, State.WITHDRAWN)

    def was_written_by(self, user) -> bool:
        """Had this user a hand in the text, here or in the revisions it was made from?"""
        return user.pk == self.author_id or self.contributors.filter(pk=user.pk).exists()


class LoadedDocument(models.Model):
    """What `load_knowledge` last made of a record, so that a curator's edit is told from an untouched record."""

    record = models.OneToOneField(Record, models.CASCADE, related_name="loaded")
    given = models.CharField(max_length=64, help_text="SHA-256 of the document as it stood in the file")
    made = models.CharField(max_length=64, help_text="SHA-256 of the record's own document after loading")
    state = models.CharField(max_length=10)
    changes = models.BigIntegerField(help_text="how many changes the log had of it when the load ended")

    def __str__(self) -> str:
        return f"{self.record_id}: {self.given[:12]}"
