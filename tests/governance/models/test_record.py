from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from governance.models import Date, FormerSlug, Record
from governance.models.vocabulary import PLURALS, Type
from tests.factories import (
    make_actor,
    make_country,
    make_date,
    make_event,
    make_instrument,
    make_level,
    make_participation,
    make_record,
    make_relation,
    make_source,
)

pytestmark = pytest.mark.django_db


def test_every_type_has_an_address_under_its_plural():
    for type_ in Type:
        record = make_country("MA") if type_ == Type.COUNTRY else make_record(type_, "a")
        assert record.get_absolute_url() == f"/{PLURALS[type_]}/{record.slug}/"
        assert Record.objects.get(pk=record.pk).get_absolute_url() == record.get_absolute_url()


def test_an_address_is_taken_once_whatever_the_capitals():
    make_event("forum")
    make_actor("forum")
    for slug in ("forum", "FORUM"):
        with pytest.raises(IntegrityError), transaction.atomic():
            make_event(slug)


def test_a_former_slug_is_kept_once_and_goes_with_its_record():
    record = make_event("new")
    FormerSlug.objects.create(type="event", slug="old", record_id=record.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        FormerSlug.objects.create(type="event", slug="old", record_id=make_event().pk)
    record.delete()
    assert not FormerSlug.objects.exists()


def test_what_others_refer_to_cannot_be_deleted():
    level, target, party, source = make_level(), make_event(), make_actor(), make_source()
    record = make_instrument(level=level)
    make_relation(record, "follows", target)
    make_participation(record, party)
    record.citations.create(field="/title", source=source)
    for other in (level, target, party, source):
        with pytest.raises(ProtectedError), transaction.atomic():
            Record.objects.get(pk=other.pk).delete()
    Record.objects.get(pk=record.pk).delete()
    assert Record.objects.count() == 4


def test_a_record_is_named_by_its_type_and_slug_and_worded_by_its_kind():
    treaty, level = make_instrument("a", kind="treaty"), make_level("b")
    assert (treaty.reference, treaty.kind_label) == ("instrument/a", "Treaty")
    assert (level.reference, level.kind_label) == ("level/b", "")


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, ""),
        ({"since": "2006"}, "since 2006"),
        ({"until": "2010-05"}, "until May 2010"),
        ({"since": "2006", "until": "2010"}, "2006–2010"),
        ({"since": "2006", "effect": "2007-01-01"}, "since 1 January 2007"),
    ],
)
def test_a_period_of_participation_is_said_in_words(fields, said):
    row = make_participation(make_instrument(), make_actor(), **fields)
    assert row.period == said


def test_participation_keeps_the_days_of_its_effect_before_those_of_its_beginning():
    row = make_participation(make_instrument(), make_actor(), since="2006", effect="2007-03", until="2010")
    row.refresh_from_db()
    assert (row.since_first, row.since_last) == (date(2007, 3, 1), date(2007, 3, 31))
    assert (row.until_first, row.until_last) == (date(2010, 1, 1), date(2010, 12, 31))


def test_rows_come_in_the_order_of_the_document():
    record = make_instrument()
    for position, event in ((2, "signed"), (0, "adopted"), (1, "in-force"), (1, "applied")):
        make_date(record, event, "1951", position=position)
    assert [row.event for row in Date.objects.filter(record=record)] == ["adopted", "in-force", "applied", "signed"]


def test_a_citation_is_marked_as_readers_know_it():
    source, record = make_source("S4"), make_instrument()
    marks = [
        str(record.citations.create(field="/title", source=source, **place))
        for place in ({}, {"paragraph": 12}, {"locator": "art. XI"}, {"paragraph": 12, "locator": "art. XI"})
    ]
    assert marks == ["S4", "S4 ¶12", "S4, art. XI", "S4 ¶12"]
    assert record.citations.get(locator="", paragraph=12).get_absolute_url() == "/sources/S4/#p12"
