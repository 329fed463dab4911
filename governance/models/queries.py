"""What readers and pages ask of records, as verbs that chain."""

from datetime import date
from typing import Any, Self

from django.db import connections, models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Collate

from governance import m49
from governance.models.vocabulary import (
    END_EVENTS,
    LEADING_EVENTS,
    START_EVENTS,
    TEXT_START_EVENTS,
    Binding,
    DateEvent,
    State,
    Type,
)


class RecordQuerySet(models.QuerySet):
    """Queries over records; each works on `Record` and on every child table."""

    def published(self) -> Self:
        return self.filter(state=State.PUBLISHED)

    def visible_to(self, user) -> Self:
        """The one visibility rule: everybody reads what is published, curators read everything.

        `user` is a Django user, AnonymousUser or None (the public). Every channel reads through this method.
        """
        if user is not None and getattr(user, "is_active", False) and user.has_perm("governance.view_record"):
            return self.all()
        return self.published()

    def of_type(self, type_: str) -> Self:
        return self.filter(type=type_)

    def of_types(self, *types: str) -> Self:
        return self.filter(type__in=types)

    def matching(self, text: str) -> Self:
        """Records that have every word of `text` in their title, a name, an identifier or the summary."""
        matching = self
        for word in text.split()[:12]:
            matching = matching.filter(
                Q(title__icontains=word)
                | Q(summary__icontains=word)
                | self._exists("Name", text__icontains=word)
                | self._exists("Identifier", value__icontains=word)
            )
        return matching

    def in_order(self, ordering: str) -> Self:
        """Sort by `title`, `date` or `updated`, with `-` in front for the reverse; undated records come last."""
        if ordering.endswith("date") and not ordering.endswith("updated"):
            start = F("starts")
            by_date = start.desc(nulls_last=True) if ordering.startswith("-") else start.asc(nulls_last=True)
            return self.with_start().order_by(by_date, "title", "pk")
        return self.order_by(ordering, "pk")

    def by_address(self) -> Self:
        """In order of type and slug, character by character: the same on every database, whatever its locale."""
        collation = "C" if connections[self.db].vendor == "postgresql" else "BINARY"
        return self.order_by("type", Collate("slug", collation), "pk")

    def at_level(self, *slugs: str) -> Self:
        """Records at any of the levels or at a narrower one: regional includes sub-regional."""
        return self.filter(Q(level__slug__in=slugs) | Q(level__parent__slug__in=slugs))

    def of_kind(self, *kinds: str) -> Self:
        return self.filter(kind__in=kinds)

    def with_force(self, *bindings: str) -> Self:
        """Records with one of the legal forces; `unstated` also finds instruments that leave it out."""
        chosen = Q(binding__in=bindings)
        if Binding.UNSTATED in bindings:
            chosen |= Q(binding="", type=Type.INSTRUMENT)
        return self.filter(chosen)

    def carrying(self, *slugs: str) -> Self:
        """Records that state or carry any of the principles."""
        return self.filter(self._exists("PrincipleTag", principle__slug__in=slugs))

    def about(self, *slugs: str) -> Self:
        """Records on any of the topics."""
        return self.filter(self._exists("TopicTag", topic__slug__in=slugs))

    def involving(self, type_: str, *slugs: str) -> Self:
        """Records in which any of the parties (actors or countries) takes part."""
        return self.filter(self._exists("Participation", party__type=type_, party__slug__in=slugs))

    def in_regions(self, *codes: str) -> Self:
        """Records in which a country of the M49 regions or sub-regions takes part, and those countries themselves."""
        subregions = [sub for code in codes for sub in m49.within(code)]
        country = self._model("Country").objects.filter(region__in=subregions).values("pk")
        return self.filter(self._exists("Participation", party__in=country) | Q(pk__in=country))

    def resting_on(self, *codes: str) -> Self:
        """Records with a citation of any of the sources."""
        return self.filter(self._exists("Citation", source__slug__in=codes))

    def dated_within(self, first: int | None, last: int | None) -> Self:
        """Records with one date that may lie in the years `first` to `last`, both included; None leaves an end open."""
        if first is None and last is None:
            return self
        overlap = Q(first__isnull=False) | Q(last__isnull=False)
        if first is not None:
            overlap &= Q(last__gte=date(first, 1, 1)) | Q(last=None)
        if last is not None:
            overlap &= Q(first__lte=date(last, 12, 31)) | Q(first=None)
        return self.filter(self._exists("Date", overlap))

    def in_force_on(self, day: date) -> Self:
        """What was in force, or in being, on `day` as far as its dates say.

        The rule is told in `governance.force`.
        """
        begun = Q(first__lte=day) | Q(first=None, last__isnull=False)
        ended = Q(last__lt=day) | Q(last=day, event=DateEvent.REPEALED)
        text_begun = self._exists("Date", begun, event__in=TEXT_START_EVENTS)
        not_binding = Q(binding=Binding.NON_BINDING) | ~Q(type=Type.INSTRUMENT)
        return self.filter(self._exists("Date", begun, event__in=START_EVENTS) | (not_binding & text_begun)).exclude(
            self._exists("Date", ended, event__in=END_EVENTS)
        )

    def with_start(self) -> Self:
        """Annotate `starts` and `starts_as`: the earliest leading date and its text (a day, and EDTF)."""
        dates = (
            self._model("Date")
            .objects.filter(record=OuterRef("pk"), event__in=LEADING_EVENTS)
            .order_by(F("first").asc(nulls_last=True), "position")
        )
        return self.annotate(starts=Subquery(dates.values("first")[:1]), starts_as=Subquery(dates.values("value")[:1]))

    def for_cards(self) -> Self:
        """All that a list row shows, in a constant number of queries."""
        return self.with_start().select_related("level")

    def _exists(self, model: str, *conditions, **equal) -> Exists:
        return Exists(self._model(model).objects.filter(*conditions, record=OuterRef("pk"), **equal))

    @staticmethod
    def _model(name: str) -> Any:
        from django.apps import apps

        return apps.get_model("governance", name)
