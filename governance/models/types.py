"""The record types that need nothing but records: levels, principles, topics, events, practices, countries, sources."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from governance import m49
from governance.models.record import Record, parent_link
from governance.models.vocabulary import Reliability, Rights


class Level(Record):
    """A level of cooperation; a narrower level counts among its parent's (sub-regional among regional)."""

    owners = ("record_id",)
    document_fields = ("parent", "position")

    record = parent_link()
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="narrower")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("level of cooperation")
        verbose_name_plural = _("levels of cooperation")
        ordering = ("position",)


class Principle(Record):
    """A principle that runs through instruments."""

    owners = ("record_id",)
    document_fields = ("parent",)

    record = parent_link()
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="narrower")

    class Meta:
        verbose_name = _("principle")
        verbose_name_plural = _("principles")


class Topic(Record):
    """A theme, challenge, approach, definition, question … that records are about."""

    owners = ("record_id",)
    document_fields = ("parent",)

    record = parent_link()
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="narrower")

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")


class Event(Record):
    """Something that was held: a conference, a review, an adoption, a meeting of a process."""

    owners = ("record_id",)
    document_fields = ("place",)

    record = parent_link()
    place = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")


class Practice(Record):
    """A case study that a source presents."""

    owners = ("record_id",)
    document_fields = ("place",)

    record = parent_link()
    place = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("practice")
        verbose_name_plural = _("practices")


class Country(Record):
    """A country or area of ISO 3166-1, in its UN M49 sub-region; the slug is the alpha-2 code."""

    owners = ("record_id",)
    document_fields = ("iso2", "iso3", "m49", "region")

    record = parent_link()
    iso2 = models.CharField(max_length=2, unique=True)
    iso3 = models.CharField(max_length=3, blank=True)
    m49 = models.CharField(max_length=3, blank=True)
    region = models.CharField(max_length=3, blank=True)

    class Meta:
        verbose_name = _("country")
        verbose_name_plural = _("countries")

    @property
    def region_label(self) -> str:
        return m49.label(self.region)


class Source(Record):
    """A text or page that values rest on; the slug is its code (`S4`, `R42`)."""

    owners = ("record_id",)
    document_fields = (
        "code", "author", "publisher", "date_stated", "date_inferred", "address", "seen", "languages",
        "reliability", "reliability_note", "rights", "disclosure", "residue", "joined", "footnotes",
    )  # fmt: skip

    record = parent_link()
    author = models.CharField(max_length=300, blank=True)
    publisher = models.CharField(max_length=300, blank=True)
    date_stated = models.CharField(max_length=200, blank=True)
    date_inferred = models.CharField(max_length=200, blank=True)
    address = models.CharField(max_length=600, blank=True)
    seen = models.CharField(max_length=40, blank=True)
    languages = models.JSONField(default=list, blank=True)
    reliability = models.CharField(max_length=6, choices=Reliability, blank=True)
    reliability_note = models.TextField(blank=True)
    rights = models.CharField(max_length=8, choices=Rights, default=Rights.SNIPPETS)
    disclosure = models.CharField(max_length=300, blank=True)
    residue = models.JSONField(default=list, blank=True)
    joined = models.JSONField(default=list, blank=True)
    footnotes = models.JSONField(default=list, blank=True)

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")

    @property
    def code(self) -> str:
        return self.slug

    @property
    def language(self) -> str:
        """The language of its words, where it has only one; else nothing."""
        return self.languages[0] if len(self.languages) == 1 else ""

    @property
    def weak(self) -> bool:
        """Low reliability: a claim resting on it alone is shown as such."""
        return self.reliability == Reliability.LOW

    @property
    def written_by_ai(self) -> bool:
        return self.kind == "ai-written-article"
