"""The paragraphs of a source's full text. They are never part of a document: what readers see of one is decided by
`governance.ingest.rights.shown` alone.
"""

from dataclasses import dataclass
from typing import Self

from django.db import models
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from governance.models.types import Source


class Kind(TextChoices):
    """What a paragraph is."""

    BODY = "body", _("Text")
    HEADING = "heading", _("Heading")
    FOOTNOTE = "footnote", _("Footnote")
    RESIDUE = "residue", _("Page residue")


class Form(TextChoices):
    """What the file shows a paragraph to be; the same words as `governance.ingest.blocks.Form`."""

    BODY = "body", _("Text")
    HEADING = "heading", _("Heading")
    FOOTNOTE = "footnote", _("Footnote")
    FURNITURE = "furniture", _("Around the text")


@dataclass(frozen=True)
class Marks:
    """What a source's record says of its paragraphs: which are residue or footnotes, which belong together.

    Read from the record whenever it is needed, never copied to the passages: a curator who marks a paragraph as
    residue changes one place.
    """

    residue: frozenset[int]
    footnotes: frozenset[int]
    joined: dict[int, tuple[int, ...]]

    @classmethod
    def of(cls, source: Source) -> Self:
        joined = {number: tuple(group) for group in source.joined for number in group}
        return cls(frozenset(source.residue), frozenset(source.footnotes), joined)

    def kind(self, number: int, form: str) -> str:
        """The kind of a paragraph: the record's word first, then the file's."""
        if number in self.residue:
            return Kind.RESIDUE.value
        if number in self.footnotes or form == Form.FOOTNOTE:
            return Kind.FOOTNOTE.value
        return Kind.HEADING.value if form == Form.HEADING else Kind.BODY.value


class Passage(models.Model):
    """One paragraph. `number` is its anchor and stays for ever; `position` is where it now stands in the text."""

    owners = ("source_id",)

    source = models.ForeignKey(Source, models.CASCADE, related_name="passages")
    number = models.PositiveIntegerField()
    position = models.PositiveIntegerField()
    form = models.CharField(max_length=10, choices=Form, default=Form.BODY)
    text = models.TextField()

    class Meta:
        ordering = ("source_id", "position")
        constraints = (models.UniqueConstraint(fields=("source", "number"), name="passage_anchor"),)
        indexes = (models.Index(fields=("source", "position"), name="passage_order"),)

    def __str__(self) -> str:
        return f"{self.source.slug} ¶{self.number}"

    def get_absolute_url(self) -> str:
        return f"{self.source.get_absolute_url()}#p{self.number}"

    @property
    def numbers(self) -> tuple[int, ...]:
        return (self.number,)

    @property
    def kind(self) -> str:
        return Marks.of(self.source).kind(self.number, self.form)

    @property
    def joined_with(self) -> tuple[int, ...]:
        """The other paragraphs that this one is to be read with."""
        return tuple(n for n in Marks.of(self.source).joined.get(self.number, ()) if n != self.number)
