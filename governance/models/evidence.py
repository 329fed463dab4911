"""Evidence on the value: citations that point at what they support or contradict, and caveats."""

from django.db import models

from governance.models.record import Record
from governance.models.vocabulary import DISPUTED, CaveatKind, Stance


class Caveat(models.Model):
    """Where sources disagree or a text is doubtful; shown beside the value that `field` points at."""

    owners = ("record_id",)
    evidence: list["Citation"]  # its own citations, where a page has fetched them

    record = models.ForeignKey(Record, models.CASCADE, related_name="caveats")
    kind = models.CharField(max_length=14, choices=CaveatKind)
    field = models.CharField(max_length=120, blank=True)
    text = models.TextField()
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("position", "id")

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.text[:60]}"

    @property
    def is_dispute(self) -> bool:
        return self.kind in DISPUTED


class Citation(models.Model):
    """A source, a place in it and at most a short phrase, for one value of a record.

    `field` is a JSON Pointer (RFC 6901) into the record's document, its list parts being positions: `/level`,
    `/dates/0`, `/provisions/3/principles/0`; a caveat's own evidence points at `/caveats/<n>`.
    """

    owners = ("record_id", "source_id")

    record = models.ForeignKey(Record, models.CASCADE, related_name="citations")
    field = models.CharField(max_length=120)
    source = models.ForeignKey("governance.Source", models.PROTECT, related_name="cited_by")
    paragraph = models.PositiveIntegerField(null=True, blank=True)
    locator = models.CharField(max_length=120, blank=True)
    quote = models.CharField(max_length=300, blank=True)
    stance = models.CharField(max_length=11, choices=Stance, default=Stance.SUPPORTS)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("position", "id")
        indexes = (models.Index(fields=("source", "paragraph"), name="citation_by_paragraph"),)

    def __str__(self) -> str:
        return self.mark

    def get_absolute_url(self) -> str:
        anchor = f"#p{self.paragraph}" if self.paragraph else ""
        return self.source.get_absolute_url() + anchor

    @property
    def mark(self) -> str:
        """How it is written for a reader: `S4 ¶12`, `R42, art. XI`."""
        code = self.source.slug
        if self.paragraph:
            return f"{code} ¶{self.paragraph}"
        return f"{code}, {self.locator}" if self.locator else code

    @property
    def contradicts(self) -> bool:
        return self.stance == Stance.CONTRADICTS
