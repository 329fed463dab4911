"""What was agreed: instruments and their provisions."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from governance.models.details import Detail
from governance.models.record import Record, parent_link
from governance.models.vocabulary import Basis, Strength


class Instrument(Record):
    """A treaty, compact, declaration, bilateral agreement, strategy …"""

    owners = ("record_id",)

    record = parent_link()

    class Meta:
        verbose_name = _("instrument")
        verbose_name_plural = _("instruments")


class Provision(Detail):
    """An article, paragraph, objective or annex, with an address of its own under its instrument."""

    owners = ("instrument_id",)

    instrument = models.ForeignKey(Instrument, models.CASCADE, related_name="provisions")
    slug = models.CharField(max_length=120)
    label = models.CharField(max_length=120)
    heading = models.CharField(max_length=400, blank=True)
    gist = models.TextField(blank=True)

    class Meta(Detail.Meta):
        constraints = (models.UniqueConstraint(fields=("instrument", "slug"), name="provision_address"),)

    def __str__(self) -> str:
        return f"{self.label} – {self.heading}" if self.heading else self.label

    def get_absolute_url(self) -> str:
        return reverse("provision", kwargs={"slug": self.instrument.slug, "provision": self.slug})


class ProvisionPrinciple(models.Model):
    """A principle that a provision carries, and how it stands there.

    Its owner is logged through the provision: whatever removes the provision logs the instrument too.
    """

    owners = ("(SELECT instrument_id FROM instruments_provision WHERE id = {row}.provision_id)", "principle_id")

    provision = models.ForeignKey(Provision, models.CASCADE, related_name="principles")
    principle = models.ForeignKey("governance.Principle", models.PROTECT, related_name="in_provisions")
    strength = models.CharField(max_length=12, choices=Strength, default=Strength.EXPLICIT)
    basis = models.CharField(max_length=10, choices=Basis, default=Basis.EDITORIAL)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("position", "id")
        constraints = (models.UniqueConstraint(fields=("provision", "principle"), name="principle_once_per_provision"),)

    def __str__(self) -> str:
        return f"{self.provision}: {self.principle}"
