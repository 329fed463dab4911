"""Lists of the real knowledge: their facets, filters, orders and pages."""

import pytest
from django.http import Http404, QueryDict

from governance.browse.listing import FACETS, Listing
from governance.knowledge.sections import child_model
from governance.models import Record
from governance.models.vocabulary import Type

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("knowledge")]

BROWSED = [type_ for type_ in Type if FACETS[type_]]


def listing(type_: str, query: str = "", **sizes: int) -> Listing:
    return Listing(child_model(type_).objects.visible_to(None), type_, QueryDict(query), **sizes)


def slugs(type_: str, query: str = "") -> list[str]:
    return list(listing(type_, query).records.values_list("slug", flat=True))


def choice(shown: Listing, name: str, value: str):
    facet = next(facet for facet in shown.facets if facet.name == name)
    return next(choice for choice in facet.choices if choice.value == value)


@pytest.mark.parametrize("type_", BROWSED)
def test_every_count_is_the_number_of_records_its_list_then_has(type_):
    for facet in listing(type_).facets:
        for offered in facet.choices:
            assert listing(type_, offered.query).records.count() == offered.count, (facet.name, offered.value)


@pytest.mark.parametrize(
    ("type_", "query"),
    [
        (Type.INSTRUMENT, "level=regional"),
        (Type.INSTRUMENT, "binding=binding&q=refugee"),
        (Type.INSTRUMENT, "in_force_on=2020-01-01&kind=convention"),
        (Type.ACTOR, "country=MA"),
        (Type.EVENT, "year_min=2018"),
        (Type.TOPIC, "kind=challenge&source=S4"),
    ],
)
def test_counts_hold_under_what_is_already_chosen(type_, query):
    for facet in listing(type_, query).facets:
        for offered in facet.choices:
            if not offered.selected and not QueryDict(query).getlist(facet.name):
                assert listing(type_, offered.query).records.count() == offered.count, (facet.name, offered.value)


def test_a_facet_leaves_its_own_choice_out_of_its_counts():
    before, after = listing(Type.INSTRUMENT), listing(Type.INSTRUMENT, "level=regional")
    levels = [[(c.value, c.count) for c in shown.facets[0].choices] for shown in (before, after)]
    assert levels[0] == levels[1]
    assert choice(after, "kind", "convention").count < choice(before, "kind", "convention").count


def test_a_choice_that_finds_nothing_is_still_shown_so_that_it_can_be_taken_off():
    chosen = choice(listing(Type.INSTRUMENT, "level=local"), "level", "local")
    assert (chosen.count, chosen.selected, chosen.query) == (0, True, "")


def test_a_selected_choice_leads_to_the_list_without_it():
    shown = listing(Type.INSTRUMENT, "kind=treaty&kind=protocol&level=global&page=1")
    assert choice(shown, "kind", "treaty").query == "kind=protocol&level=global"


def test_a_choice_keeps_the_query_but_not_the_page():
    shown = listing(Type.INSTRUMENT, "q=refugee&ordering=-date&page=1")
    assert choice(shown, "level", "global").query == "q=refugee&ordering=-date&level=global"


def test_a_level_includes_its_narrower_ones():
    assert set(slugs(Type.ACTOR, "level=subregional")) < set(slugs(Type.ACTOR, "level=regional"))


def test_a_repeated_name_widens_and_another_name_narrows():
    treaties, protocols = (set(slugs(Type.INSTRUMENT, f"kind={kind}")) for kind in ("treaty", "protocol"))
    both = set(slugs(Type.INSTRUMENT, "kind=treaty&kind=protocol"))
    assert both == treaties | protocols
    assert set(slugs(Type.INSTRUMENT, "kind=treaty&kind=protocol&binding=binding")) <= both


def test_values_are_found_in_any_case_of_letters():
    assert slugs(Type.ACTOR, "country=ma") == slugs(Type.ACTOR, "country=MA") != []


def test_every_word_of_a_search_within_the_list_is_wanted():
    both = set(slugs(Type.INSTRUMENT, "q=Schengen convention"))
    assert both == set(slugs(Type.INSTRUMENT, "q=schengen")) & set(slugs(Type.INSTRUMENT, "q=CONVENTION")) != set()


def test_years_are_one_condition_on_one_date():
    found = set(slugs(Type.EVENT, "year_min=2006&year_max=2007"))
    assert {"rabat-conference-2006", "gfmd-brussels-2007"} <= found
    assert "imrf-hearing-2022" not in found


def test_a_day_finds_what_was_in_force_then():
    assert "dublin-iii" not in slugs(Type.INSTRUMENT, "in_force_on=2010-01-01")
    assert "dublin-iii" in slugs(Type.INSTRUMENT, "in_force_on=2020-01-01")
    assert "dublin-iii" not in slugs(Type.INSTRUMENT, "in_force_on=2026-12-31")


def test_titles_run_from_a_to_z_and_back():
    forwards, backwards = slugs(Type.INSTRUMENT), slugs(Type.INSTRUMENT, "ordering=-title")
    assert forwards == backwards[::-1]
    assert forwards.index("cadiz-action-plan") < forwards.index("dublin-iii") < forwards.index("kampala-convention")


@pytest.mark.parametrize(("ordering", "in_order"), [("date", sorted), ("-date", lambda d: sorted(d, reverse=True))])
def test_dates_run_in_order_and_what_has_none_comes_last(ordering, in_order):
    starts = [record.starts for record in listing(Type.INSTRUMENT, f"ordering={ordering}").records]
    known = [start for start in starts if start]
    assert starts == in_order(known) + [None] * (len(starts) - len(known))


def test_events_stand_in_order_of_time_unless_asked_otherwise():
    assert slugs(Type.EVENT) == slugs(Type.EVENT, "ordering=date") != slugs(Type.EVENT, "ordering=title")


def test_sources_stand_in_the_order_in_which_people_count_their_codes():
    found = slugs(Type.SOURCE)
    assert found[:5] == ["S0", "S1", "S2", "S3", "S4"]
    assert found.index("R9") < found.index("R9b") < found.index("R10") < found.index("R105")


def test_pages_hold_every_record_once():
    query = "ordering=-updated&page_size=10"
    paginator = listing(Type.INSTRUMENT, query).page.paginator
    found = [record.pk for n in paginator.page_range for record in listing(Type.INSTRUMENT, f"{query}&page={n}").page]
    assert len(found) == len(set(found)) == paginator.count


def test_a_page_beyond_the_last_one_says_how_many_there_are():
    with pytest.raises(Http404, match="This list has 3 pages"):
        listing(Type.INSTRUMENT, "page=4").page  # noqa: B018


def test_each_applied_condition_is_taken_off_alone():
    query = "level=regional&kind=convention&kind=protocol&q=refugee&year_min=1950&ordering=-date&page=1"
    for item in listing(Type.INSTRUMENT, query).applied:
        left, whole = QueryDict(item.query), QueryDict(query)
        count = {name: len(values) for name, values in whole.lists() if name != "page"}
        taken = {name: n - len(left.getlist(name)) for name, n in count.items()}
        assert sum(taken.values()) == 1
        assert "page" not in left


def test_what_is_applied_reads_as_its_records_are_called():
    shown = listing(Type.ACTOR, "country=ma&principle=non-refoulement&level=regional")
    assert [(a.label, a.value) for a in shown.applied] == [
        ("Level of cooperation", "Regional level"), ("Principle", "Non-refoulement"), ("Country", "Morocco"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("colour=red", "colour"), ("level=nowhere", "level"), ("level=global&level=nowhere", "level"),
        ("kind=nothing", "kind"), ("year_min=abc", "year_min"), ("year_max=0", "year_max"),
        ("year_min=10000", "year_min"), ("year_min=2020&year_max=2010", "year_min"),
        ("in_force_on=2026-13-01", "in_force_on"), ("in_force_on=01/02/2026", "in_force_on"),
        ("ordering=size", "ordering"), ("page=0", "page"), ("page=-1", "page"), ("page=١", "page"),
        ("page_size=101", "page_size"), ("page_size=0", "page_size"), ("q=a%00b", "q"),
        ("q=" + "a" * 201, "q"), ("q=a&q=b", "q"), ("page=1&page=2", "page"),
        ("country=%00", "country"),
        ("&".join(f"topic=t{n}" for n in range(101)), "topic"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_named(query, name):
    assert list(listing(Type.INSTRUMENT, query).faults) == [name]


def test_what_is_no_day_is_told_how_days_are_written():
    assert "2018-12-10" in listing(Type.INSTRUMENT, "in_force_on=1990").faults["in_force_on"]


@pytest.mark.parametrize("query", ["level=nowhere", "kind=nothing", "year_min=abc", "in_force_on=yesterday"])
def test_an_unknown_value_finds_nothing_rather_than_everything(query):
    assert not listing(Type.INSTRUMENT, query).records.exists()


@pytest.mark.parametrize("query", ["", "level=&kind=&q=&year_min=&in_force_on=&page=&page_size=&ordering="])
def test_an_empty_value_is_no_condition(query):
    assert not listing(Type.INSTRUMENT, query).faults
    assert listing(Type.INSTRUMENT, query).records.count() == Record.objects.published().of_type("instrument").count()


@pytest.mark.parametrize("type_", BROWSED)
def test_a_list_costs_the_same_number_of_queries_however_long_it_is(type_, django_assert_max_num_queries):
    with django_assert_max_num_queries(24) as short:
        shown = listing(type_, "page_size=1")
        _all = [(record.level, record.starts_as) for record in shown.page], shown.facets, shown.applied
    with django_assert_max_num_queries(len(short)):
        shown = listing(type_, "page_size=100")
        _all = [(record.level, record.starts_as) for record in shown.page], shown.facets, shown.applied
