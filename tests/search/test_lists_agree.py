"""Search without words and the list pages count alike: two ways to the same records."""

from datetime import date

import pytest
from django.http import QueryDict

from governance.browse.listing import Listing
from governance.knowledge.sections import child_model
from governance.models import Record
from governance.models.vocabulary import Type
from tests.search.conftest import ask

pytestmark = pytest.mark.usefixtures("collection")


def listing(type_: Type) -> Listing:
    return Listing(child_model(type_).objects.visible_to(None), type_, QueryDict())


@pytest.mark.parametrize("type_", Type)
def test_every_facet_of_a_list_has_the_same_counts(type_: Type) -> None:
    found, listed = ask(type=type_), listing(type_)
    assert found.count == listed.page.paginator.count
    for facet in listed.facets:
        assert {c.value: c.count for c in found.facets[facet.name]} == {c.value: c.count for c in facet.choices}, (
            facet.name
        )


@pytest.mark.parametrize("type_", Type)
def test_every_year_has_the_same_count(type_: Type) -> None:
    records = Record.objects.visible_to(None).of_type(type_)
    for year in (1950, 1951, 1953, 1954, 2013, 2018, 2023, 2026, 2027):
        assert ask(type=type_, year_min=year, year_max=year).count == records.dated_within(year, year).count()
    assert ask(type=type_, year_min=2014).count == records.dated_within(2014, None).count()
    assert ask(type=type_, year_max=2013).count == records.dated_within(None, 2013).count()


@pytest.mark.parametrize(
    "day",
    [date(1951, 7, 28), date(1954, 4, 22), date(2018, 12, 9), date(2018, 12, 10), date(2026, 6, 11), date(2026, 6, 12)],
)
def test_every_day_has_the_same_in_force(day: date) -> None:
    for type_ in Type:
        records = Record.objects.visible_to(None).of_type(type_)
        assert ask(type=type_, in_force_on=day.isoformat()).count == records.in_force_on(day).count()
