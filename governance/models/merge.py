"""Records that turned out to be the same, or proved not to be."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.models.record import Record
from governance.models.revision import Revision


class Merge(models.Model):
    """One record merged into another: whoever names `loser`, by address or in a document, means `winner`.

    The loser keeps its rows and its history and is withdrawn; undoing the merge deletes this row. `carried` are the
    losers of earlier merges, which now lead to the new winner.
    """

    owners = ("loser_id", "winner_id")

    loser = models.OneToOneField(Record, models.CASCADE, related_name="merged_as")
    winner = models.ForeignKey(Record, models.PROTECT, related_name="merges")
    state = models.CharField(max_length=10, help_text="of the loser before")
    carried = models.JSONField(default=list, blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    created = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("merge")
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.loser} → {self.winner}"


class MergeStep(models.Model):
    """One record that a merge changed: the revision before and the one it made."""

    merge = models.ForeignKey(Merge, models.CASCADE, related_name="steps")
    record = models.ForeignKey(Record, models.CASCADE, related_name="+")
    before = models.ForeignKey(Revision, models.CASCADE, related_name="+")
    after = models.ForeignKey(Revision, models.CASCADE, related_name="+")

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return str(self.record)


class Distinct(models.Model):
    """Two records that look alike and are not the same, as a curator found; `one` has the lower id."""

    one = models.ForeignKey(Record, models.CASCADE, related_name="+")
    other = models.ForeignKey(Record, models.CASCADE, related_name="+")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    created = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("one", "other"), name="distinct_once"),)

    def __str__(self) -> str:
        return f"{self.one} ≠ {self.other}"
