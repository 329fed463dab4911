"""A file with the text of a source on its way in: read aside, looked at, accepted or discarded."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.models.types import Source
from governance.models.vocabulary import Rights

SILENT = timedelta(seconds=90)  # longer than any reading may take


class UploadState(TextChoices):
    READING = "reading", _("Being read")
    READ = "read", _("Waiting to be accepted")
    FAILED = "failed", _("Could not be read")
    ACCEPTED = "accepted", _("Accepted")


class TextUpload(models.Model):
    """One file. `file` is as it was sent, `blocks` holds what was read (JSON); both go once it is accepted.

    `rights` are those that the uploader chose; what readers see follows the source's own.
    """

    source = models.ForeignKey(Source, models.CASCADE, related_name="uploads")
    file_name = models.CharField(max_length=200)
    file = models.FileField(upload_to="texts/", blank=True)
    blocks = models.FileField(upload_to="texts/", blank=True)
    rights = models.CharField(max_length=8, choices=Rights)
    state = models.CharField(max_length=8, choices=UploadState, default=UploadState.READING)
    fault = models.TextField(blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    created = models.DateTimeField(default=timezone.now)
    accepted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.source.slug}: {self.file_name}"

    @property
    def is_stopped(self) -> bool:
        """It was being read and whoever did so is gone."""
        return self.state == UploadState.READING and timezone.now() - self.created > SILENT

    def forget_files(self) -> None:
        """Delete the files; the row stays."""
        for file in (self.file, self.blocks):
            if file:
                file.delete(save=False)
