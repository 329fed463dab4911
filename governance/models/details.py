"""What hangs on a record once for all types: names, identifiers, dates, participation, relations, principles, topics.

`position` is a row's place in its list of the document, and what a citation's pointer names (`/dates/0`).
"""

from django.db import models

from governance import edtf
from governance.models.record import Record
from governance.models.vocabulary import PREDICATES, Act, Basis, DateEvent, NameKind, Predicate, Scheme, Strength


class Detail(models.Model):
    """A row of one of a record's lists."""

    owners: tuple[str, ...] = ("record_id",)

    position = models.PositiveIntegerField(default=0)
    basis = models.CharField(max_length=10, choices=Basis, default=Basis.EDITORIAL)

    class Meta:
        abstract = True
        ordering = ("position", "id")


class Name(Detail):
    record = models.ForeignKey(Record, models.CASCADE, related_name="names")
    text = models.CharField(max_length=400)
    language = models.CharField(max_length=16, default="en")
    kind = models.CharField(max_length=12, choices=NameKind, default=NameKind.ALIAS)

    def __str__(self) -> str:
        return self.text


class Identifier(Detail):
    record = models.ForeignKey(Record, models.CASCADE, related_name="identifiers")
    scheme = models.CharField(max_length=20, choices=Scheme)
    value = models.CharField(max_length=300)

    class Meta(Detail.Meta):
        indexes = (models.Index(fields=("scheme", "value"), name="identifier_lookup"),)

    def __str__(self) -> str:
        return self.value


class Dated(models.Model):
    """EDTF text with the days it covers, kept for sorting and ranges."""

    class Meta:
        abstract = True

    def set_span(self, text: str, first: str, last: str) -> None:
        """Fill the two day columns from `text`; leave both empty when there is no text."""
        span = edtf.span(text) if text else edtf.Span(None, None)
        setattr(self, first, span.first)
        setattr(self, last, span.last)


class Date(Detail, Dated):
    record = models.ForeignKey(Record, models.CASCADE, related_name="dates")
    event = models.CharField(max_length=12, choices=DateEvent)
    value = models.CharField(max_length=edtf.LONGEST)
    note = models.CharField(max_length=300, blank=True)
    first = models.DateField(null=True, editable=False)
    last = models.DateField(null=True, editable=False)

    class Meta(Detail.Meta):
        indexes = (models.Index(fields=("event", "first"), name="date_by_event"),)

    def __str__(self) -> str:
        return f"{self.get_event_display()} {self.wording}"

    def save(self, *args, **kwargs) -> None:
        self.derive()
        super().save(*args, **kwargs)

    def derive(self) -> None:
        self.set_span(self.value, "first", "last")

    @property
    def wording(self) -> str:
        return edtf.wording(self.value)


class Participation(Detail, Dated):
    """An act or an interval: a State party to a treaty, a member of a forum, the host of an event."""

    owners = ("record_id", "party_id")

    record = models.ForeignKey(Record, models.CASCADE, related_name="participation")
    party = models.ForeignKey(Record, models.PROTECT, related_name="takes_part")
    act = models.CharField(max_length=14, choices=Act)
    role = models.CharField(max_length=120, blank=True)
    since = models.CharField(max_length=edtf.LONGEST, blank=True)
    until = models.CharField(max_length=edtf.LONGEST, blank=True)
    effect = models.CharField(max_length=edtf.LONGEST, blank=True)
    note = models.CharField(max_length=300, blank=True)
    since_first = models.DateField(null=True, editable=False)
    since_last = models.DateField(null=True, editable=False)
    until_first = models.DateField(null=True, editable=False)
    until_last = models.DateField(null=True, editable=False)

    class Meta(Detail.Meta):
        indexes = (models.Index(fields=("party", "act"), name="participation_by_party"),)

    def __str__(self) -> str:
        return f"{self.party} – {self.get_act_display()} – {self.record}"

    def save(self, *args, **kwargs) -> None:
        self.derive()
        super().save(*args, **kwargs)

    def derive(self) -> None:
        self.set_span(self.effect or self.since, "since_first", "since_last")
        self.set_span(self.until, "until_first", "until_last")

    @property
    def period(self) -> str:
        """The interval in words, empty when no date is known."""
        start, end = self.effect or self.since, self.until
        if not (start or end):
            return ""
        if not end:
            return edtf.wording(f"{start}/..")
        return edtf.wording(f"{start or '..'}/{end}")


class Relation(Detail):
    """A typed edge, written on its subject and worded from either end."""

    owners = ("record_id", "target_id")

    record = models.ForeignKey(Record, models.CASCADE, related_name="relations")
    predicate = models.CharField(max_length=20, choices=[(name, p.label) for name, p in PREDICATES.items()])
    target = models.ForeignKey(Record, models.PROTECT, related_name="inverse_relations")
    date = models.CharField(max_length=edtf.LONGEST, blank=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta(Detail.Meta):
        indexes = (models.Index(fields=("target", "predicate"), name="relation_by_target"),)

    def __str__(self) -> str:
        return f"{self.record} {self.predicate} {self.target}"

    @property
    def wording(self) -> Predicate:
        return PREDICATES[self.predicate]


class PrincipleTag(Detail):
    """A principle that a record states or carries."""

    owners = ("record_id", "principle_id")

    record = models.ForeignKey(Record, models.CASCADE, related_name="principle_tags")
    principle = models.ForeignKey("governance.Principle", models.PROTECT, related_name="tags")
    strength = models.CharField(max_length=12, choices=Strength, blank=True)

    class Meta(Detail.Meta):
        constraints = (models.UniqueConstraint(fields=("record", "principle"), name="principle_once_per_record"),)

    def __str__(self) -> str:
        return f"{self.record}: {self.principle}"


class TopicTag(Detail):
    """A topic that a record is about."""

    owners = ("record_id", "topic_id")

    record = models.ForeignKey(Record, models.CASCADE, related_name="topic_tags")
    topic = models.ForeignKey("governance.Topic", models.PROTECT, related_name="tags")

    class Meta(Detail.Meta):
        constraints = (models.UniqueConstraint(fields=("record", "topic"), name="topic_once_per_record"),)

    def __str__(self) -> str:
        return f"{self.record}: {self.topic}"
