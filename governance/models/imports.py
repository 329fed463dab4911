"""What was brought in from files: each import with an account of every row, and enough to go on with it or undo it."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.models.record import Record
from governance.models.revision import Revision


class ImportState(TextChoices):
    """Where an import stands."""

    UPLOADED = "uploaded", _("Uploaded")
    PLANNING = "planning", _("Dry run under way")
    PLANNED = "planned", _("Ready to apply")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Nothing was written")
    UNDOING = "undoing", _("Being undone")
    UNDONE = "undone", _("Undone")


class Outcome(TextChoices):
    """What the plan does with a row."""

    CREATE = "create", _("Create")
    CHANGE = "change", _("Change")
    LEAVE = "leave", _("Leave as it is")
    HOLD = "hold", _("Held back: likely duplicate")
    REFUSE = "refuse", _("Refuse")


class Progress(TextChoices):
    """What became of a record of the plan."""

    WAITING = "waiting", _("Not yet written")
    DONE = "done", _("Written")
    FAILED = "failed", _("Not written")
    UNDONE = "undone", _("Undone")
    KEPT = "kept", _("Not undone")


class Import(models.Model):
    """One file brought in. `options` are those of the run; `choices` what people decided: columns and duplicates.

    `done`, `total` and `seen` tell whoever waits how far the work under way has come, and when it last showed.
    """

    file_name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64, help_text="SHA-256 of the file")
    upload = models.FileField(upload_to="imports/", blank=True)
    table_type = models.CharField(max_length=20, blank=True)
    state = models.CharField(max_length=10, choices=ImportState, default=ImportState.PLANNED)
    options = models.JSONField(default=dict, blank=True)
    choices = models.JSONField(default=dict, blank=True)
    notices = models.JSONField(default=list, blank=True)
    faults = models.JSONField(default=list, blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    created = models.DateTimeField(default=timezone.now)
    done = models.PositiveIntegerField(default=0, help_text="how far the work under way has come")
    total = models.PositiveIntegerField(default=0)
    seen = models.DateTimeField(null=True, blank=True, help_text="last sign of life of the run")
    finished = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-id",)
        indexes = (models.Index(fields=("digest",), name="import_same_file"),)

    def __str__(self) -> str:
        return f"{self.pk}: {self.file_name}"

    @property
    def is_under_way(self) -> bool:
        """Somebody works on it, or did until they were stopped."""
        return self.state in (ImportState.PLANNING, ImportState.RUNNING, ImportState.UNDOING)

    @property
    def is_stopped(self) -> bool:
        """Work was under way and has not shown for half a minute."""
        silent = self.seen is None or timezone.now() - self.seen > timedelta(seconds=30)
        return self.is_under_way and silent

    def tell(self, state: str, done: int, total: int) -> None:
        """Note how far the work has come."""
        self.state, self.done, self.total, self.seen = state, done, total, timezone.now()
        self.save(update_fields=("state", "done", "total", "seen"))


class ImportedRecord(models.Model):
    """One record that an import makes or changes: the unit that is written, and undone, as a whole.

    `unit` groups records that refer to each other in a circle and are written in one transaction. `before` and `after`
    are documents (`governance.knowledge.own`), `before` empty for a new record; `token` names the state the plan
    started from; `revision` is what was written.
    """

    batch = models.ForeignKey(Import, models.CASCADE, related_name="records")
    unit = models.PositiveIntegerField()
    type = models.CharField(max_length=12)
    slug = models.CharField(max_length=120)
    before = models.JSONField(null=True, blank=True)
    before_state = models.CharField(max_length=10, blank=True)
    after = models.JSONField()
    token = models.CharField(max_length=40, blank=True)
    progress = models.CharField(max_length=10, choices=Progress, default=Progress.WAITING)
    message = models.TextField(blank=True)
    record = models.ForeignKey(Record, models.SET_NULL, null=True, blank=True, related_name="+")
    revision = models.ForeignKey(Revision, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("unit", "id")
        constraints = (models.UniqueConstraint(fields=("batch", "type", "slug"), name="imported_record_once"),)

    def __str__(self) -> str:
        return f"{self.type}/{self.slug}"


class ImportRow(models.Model):
    """The account of one row of the file: what is done with it, and why, in words."""

    batch = models.ForeignKey(Import, models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=400, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome)
    messages = models.JSONField(default=list, blank=True)
    duplicates = models.JSONField(default=list, blank=True, help_text="references of records it may be the same as")
    target = models.ForeignKey(ImportedRecord, models.SET_NULL, null=True, blank=True, related_name="rows")

    class Meta:
        ordering = ("number", "id")

    def __str__(self) -> str:
        return f"{self.number}: {self.title}"


class ImportMapping(models.Model):
    """The fields that people chose for the columns of tables with one set of headings."""

    table_type = models.CharField(max_length=20)
    headings = models.CharField(max_length=64, help_text="SHA-256 of the sorted headings")
    columns = models.JSONField(default=dict)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    updated = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("table_type", "headings"), name="mapping_once_per_headings"),)

    def __str__(self) -> str:
        return f"{self.table_type}: {', '.join(self.columns)}"
