"""`Record`: the one identity of everything that has a page of its own, and its slugs."""

from django.db import models
from django.db.models.functions import Upper
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.models.queries import RecordQuerySet
from governance.models.vocabulary import KIND_LABELS, PLURALS, Binding, State, Type


class Record(models.Model):
    """An instrument, actor, principle, level, topic, event, practice, country or source.

    What all types share stands here and in the detail tables; a child table adds what only one type has. `bases`
    maps a field of this row to the basis of its value (`governance.models.vocabulary.Basis`).
    """

    owners = ("id",)
    document_fields: tuple[str, ...] = ()

    type = models.CharField(max_length=12, choices=Type)
    slug = models.CharField(max_length=120)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    title = models.CharField(max_length=400)
    kind = models.CharField(max_length=40, blank=True)
    level = models.ForeignKey("governance.Level", models.PROTECT, null=True, blank=True, related_name="standing_on")
    binding = models.CharField(max_length=12, choices=Binding, blank=True)
    summary = models.TextField(blank=True)
    body = models.TextField(blank=True)
    bases = models.JSONField(default=dict, blank=True)
    created = models.DateTimeField(default=timezone.now, editable=False)
    updated = models.DateTimeField(default=timezone.now, editable=False)

    objects = RecordQuerySet.as_manager()

    class Meta:
        ordering = ("title", "id")
        # Beside Django's own four: view (read drafts too), add and change (write drafts and submit them).
        permissions = (
            ("review_record", _("Can approve, send back and withdraw")),
            ("administer_record", _("Can rename, restore and merge")),
        )
        constraints = (
            models.UniqueConstraint(fields=("type", "slug"), name="record_address"),
            models.UniqueConstraint("type", Upper("slug"), name="record_address_caseless"),
        )
        indexes = (
            models.Index(fields=("type", "state", "title"), name="record_listing"),
            models.Index(fields=("state", "type", "level"), name="record_by_level"),
        )

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("record", kwargs={"plural": self.plural, "slug": self.slug})

    @property
    def plural(self) -> str:
        """The first part of its address: `instruments`, `countries` …"""
        return PLURALS[Type(self.type)]

    @property
    def kind_label(self) -> str:
        return str(KIND_LABELS.get((Type(self.type), self.kind), self.kind))

    @property
    def is_public(self) -> bool:
        return self.state == State.PUBLISHED

    @property
    def reference(self) -> str:
        """How documents name it: `instrument/refugee-convention-1951`."""
        return f"{self.type}/{self.slug}"


class FormerSlug(models.Model):
    """A slug that once led to a record and answers with a redirect for ever."""

    owners = ("record_id",)

    type = models.CharField(max_length=12, choices=Type)
    slug = models.CharField(max_length=120)
    record = models.ForeignKey(Record, models.CASCADE, related_name="former_slugs")

    class Meta:
        verbose_name = _("former slug")
        constraints = (models.UniqueConstraint(fields=("type", "slug"), name="former_slug_once"),)

    def __str__(self) -> str:
        return f"{self.type}/{self.slug}"


def parent_link() -> models.OneToOneField:
    """The link from a child table to its record; without a reverse accessor, which would clash with field names."""
    return models.OneToOneField(Record, models.CASCADE, parent_link=True, primary_key=True, related_name="+")
