from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser, Permission, User

from governance.models import PrincipleTag, Record, TopicTag
from instruments.models import Instrument
from tests.factories import (
    make_actor,
    make_country,
    make_date,
    make_event,
    make_instrument,
    make_level,
    make_participation,
    make_principle,
    make_source,
    make_topic,
)

pytestmark = pytest.mark.django_db


def slugs(queryset) -> list[str]:
    return sorted(queryset.values_list("slug", flat=True))


@pytest.fixture
def states():
    return [make_event(state, state=state) for state in ("draft", "in-review", "published", "withdrawn")]


def make_user(*, curator: bool = False, **fields) -> User:
    user = User.objects.create(username=f"user-{User.objects.count()}", **fields)
    if curator:
        user.user_permissions.add(Permission.objects.get(codename="view_record"))
    return user


def test_the_public_sees_what_is_published(states):
    for user in (
        None,
        AnonymousUser(),
        make_user(),
        make_user(is_staff=True),
        make_user(curator=True, is_active=False),
    ):
        assert slugs(Record.objects.visible_to(user)) == ["published"]


def test_a_curator_sees_everything(states):
    for user in (make_user(curator=True), make_user(is_superuser=True)):
        assert len(Record.objects.visible_to(user)) == 4


def test_visibility_goes_with_every_other_question(states):
    Record.objects.update(summary="The same words.")
    for asked in (Record.objects.matching("words").visible_to(None), Record.objects.visible_to(None).matching("words")):
        assert slugs(asked) == ["published"]


def test_a_level_includes_the_narrower_ones():
    regional = make_level("regional")
    narrower = make_level("subregional", parent=regional)
    for slug, level in (("wide", regional), ("narrow", narrower), ("world", make_level("global")), ("none", None)):
        make_instrument(slug, level=level)
    assert slugs(Instrument.objects.at_level("regional")) == ["narrow", "wide"]
    assert slugs(Record.objects.at_level("subregional")) == ["narrow"]
    assert slugs(Record.objects.at_level("global", "subregional")) == ["narrow", "world"]
    assert slugs(Record.objects.at_level("nowhere")) == slugs(Record.objects.at_level()) == []


@pytest.mark.parametrize(
    ("value", "first", "last", "found"),
    [
        ("1951-07-28", 1951, 1951, True),
        ("1951", 1951, 1951, True),
        ("1951", 1952, None, False),
        ("1951", None, 1950, False),
        ("1951", None, 1951, True),
        ("1951-12-31", 1952, None, False),
        ("2018/2030", 2020, 2020, True),
        ("2018/2030", 2030, 2040, True),
        ("2018/2030", 2031, None, False),
        ("2018/..", 2090, None, True),
        ("2018/..", None, 2017, False),
        ("../2018", 1900, 1900, True),
        ("../2018", 2019, None, False),
        ("201X", 2015, 2015, True),
        ("2018~", 2019, 2019, False),
        ("1951", None, None, True),
        ("9999", 9999, 9999, True),
        ("0001", 1, 1, True),
    ],
)
def test_a_date_is_found_by_every_year_it_may_lie_in(value, first, last, found):
    make_date(make_instrument("a"), "adopted", value)
    assert slugs(Record.objects.dated_within(first, last)) == (["a"] if found else [])


def test_one_date_must_lie_within_the_years_and_not_two_around_them():
    record = make_instrument("a")
    make_date(record, "adopted", "1951")
    make_date(record, "in-force", "1990")
    assert slugs(Record.objects.dated_within(1960, 1980)) == []
    assert slugs(Record.objects.dated_within(1960, 1990)) == ["a"]


def test_the_start_is_the_earliest_leading_date():
    record = make_instrument("a")
    make_date(record, "ended", "1900")
    make_date(record, "in-force", "1954-04-22", position=1)
    make_date(record, "adopted", "1951-07", position=2)
    make_date(record, "signed", "../1990", position=3)
    make_instrument("undated")
    starts = {row.slug: (row.starts, row.starts_as) for row in Record.objects.with_start()}
    assert starts == {"a": (date(1951, 7, 1), "1951-07"), "undated": (None, None)}


def test_records_come_by_date_or_title_and_undated_ones_last():
    for slug, value in (("b", "1990"), ("a", "2000"), ("c", None)):
        record = make_instrument(slug)
        if value:
            make_date(record, "adopted", value)
    ordered = {
        order: "".join(row.slug for row in Record.objects.in_order(order))
        for order in ("title", "-title", "date", "-date")
    }
    assert ordered == {"title": "abc", "-title": "cba", "date": "bac", "-date": "abc"}
    assert "".join(row.slug for row in Record.objects.in_order("-updated")) == "cab"


def test_an_instrument_that_leaves_its_force_out_is_unstated():
    make_instrument("left-out")
    make_instrument("said", binding="unstated")
    make_instrument("binds", binding="binding")
    make_event("meeting")
    assert slugs(Record.objects.with_force("unstated")) == ["left-out", "said"]
    assert slugs(Record.objects.with_force("binding")) == ["binds"]
    assert slugs(Record.objects.with_force("binding", "unstated")) == ["binds", "left-out", "said"]
    assert slugs(Record.objects.with_force("non-binding")) == []


def test_records_are_found_by_what_hangs_on_them_each_once():
    source, principle, topic = make_source("S1"), make_principle("p"), make_topic("t")
    morocco = make_country("MA", region="015")
    actor = make_actor("iom")
    record, _other = make_instrument("a"), make_instrument("b")
    PrincipleTag.objects.create(record_id=record.pk, principle=principle)
    TopicTag.objects.create(record_id=record.pk, topic=topic)
    for act in ("party", "host"):
        make_participation(record, morocco, act=act)
        make_participation(record, actor, act=act)
    record.citations.create(field="/title", source=source)
    record.citations.create(field="/level", source=source)
    records = Record.objects.all()
    for found in (
        records.carrying("p", "q"),
        records.about("t"),
        records.involving("country", "MA"),
        records.involving("actor", "iom"),
        records.resting_on("S1"),
        records.in_regions("015").of_type("instrument"),
        records.in_regions("002").of_kind("treaty"),
    ):
        assert [row.slug for row in found] == ["a"]
    assert slugs(records.in_regions("015")) == ["MA", "a"]
    for nothing in (
        records.carrying(),
        records.involving("actor", "MA"),
        records.in_regions("142"),
        records.in_regions("x"),
    ):
        assert slugs(nothing) == []


def test_every_word_must_be_found_somewhere_and_signs_are_only_signs():
    record = make_instrument("a", title="Global Compact", summary="100% of it")
    record.names.create(text="Pacte_mondial")
    record.identifiers.create(scheme="un-symbol", value="A/RES/73/195")
    make_instrument("b", title="Global Forum")
    for words, found in (
        ("compact", ["a"]), ("GLOBAL", ["a", "b"]), ("global pacte", ["a"]), ("73/195", ["a"]), ("100%", ["a"]),
        ("%", ["a"]), ("_", ["a"]), ("global nothing", []), ("", ["a", "b"]), ("\\", []), ("' OR 1=1 --", []),
    ):  # fmt: skip
        assert slugs(Record.objects.matching(words)) == found, words


def test_addresses_are_ordered_character_by_character():
    expected = [make_event(slug).slug for slug in ("B", "a-b", "a-c", "a_b", "ab")]
    assert [row.slug for row in Record.objects.by_address()] == expected


def test_a_list_row_costs_no_query_of_its_own(django_assert_num_queries):
    level = make_level("global")
    for number in range(5):
        make_date(make_instrument(f"i{number}", level=level), "adopted", "1951")
    with django_assert_num_queries(1):
        rows = [(row.title, row.starts_as, row.level.title) for row in Record.objects.of_type("instrument").for_cards()]
    assert len(rows) == 5
