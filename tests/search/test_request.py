from datetime import date

import pytest
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search.request import SearchRequest

pytestmark = pytest.mark.django_db


def read(query: str) -> SearchRequest:
    return SearchRequest.read(QueryDict(query))


def test_an_empty_query_string_asks_for_everything() -> None:
    request = read("")
    assert request == SearchRequest()
    assert request.is_empty


def test_values_are_read_by_type() -> None:
    request = read("q=+gcm+&year_min=1990&year_max=1999&in_force_on=2018-12-10&ordering=-date&page=2&page_size=50")
    assert (request.q, request.year_min, request.year_max) == ("gcm", 1990, 1999)
    assert request.in_force_on == date(2018, 12, 10)
    assert (request.ordering, request.page, request.page_size, request.start) == ("-date", 2, 50, 50)
    assert request.problems == {}


def test_a_repeated_name_has_several_values_each_once() -> None:
    assert read("type=actor&type=topic&type=actor").filters == {"type": ("actor", "topic")}


def test_a_slug_is_known_in_any_case_of_letters(collection) -> None:
    assert read("country=ma&source=s4").filters == {"country": ("MA",), "source": ("S4",)}


def test_a_draft_is_no_value_to_choose(publish) -> None:
    publish("topic", "secret", kind="theme", state="draft")
    request = read("topic=secret")
    assert request.filters == {}
    assert "secret" in request.problems["topic"]


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("colour=red", "colour"),
        ("type=thing", "type"),
        ("kind=thing", "kind"),
        ("binding=hard", "binding"),
        ("level=nowhere", "level"),
        ("region=999", "region"),
        ("country=%00", "country"),
        ("year_min=soon", "year_min"),
        ("year_max=10000", "year_max"),
        ("in_force_on=2018-02-30", "in_force_on"),
        ("ordering=size", "ordering"),
        ("page=0", "page"),
        ("page=-1", "page"),
        ("page=1e3", "page"),
        ("page_size=101", "page_size"),
    ],
)
def test_what_is_unknown_is_named_and_left_out(query: str, name: str) -> None:
    request = read(query)
    assert set(request.problems) == {name}
    assert request.filters == {}


def test_known_values_beside_an_unknown_one_are_kept() -> None:
    request = read("type=actor&type=thing")
    assert request.filters == {"type": ("actor",)}
    assert "thing" in request.problems["type"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.sampled_from([*SearchRequest.__dataclass_fields__, "type", "country", "x"]), st.text()))
def test_no_query_string_raises(data: dict[str, str]) -> None:
    query = QueryDict(mutable=True)
    query.update(data)
    SearchRequest.read(query)


def test_years_in_the_wrong_order_find_nothing_and_it_says_why() -> None:
    request = read("year_min=2020&year_max=1990")
    assert request.problems == {}
    assert request.notices == ["The first year is after the last one."]
