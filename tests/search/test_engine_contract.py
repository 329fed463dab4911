"""What every engine has to do, asked through `find` as readers ask."""

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from governance.environment import SearchAddress
from search import sync
from tests.search.conftest import ask, every_engine, slugs

pytestmark = pytest.mark.usefixtures("collection")


@pytest.fixture(autouse=True, params=["whoosh", "opensearch"])
def engine_address(request, settings, tmp_path: Path) -> SearchAddress:
    settings.SEARCH = every_engine(request.param, tmp_path)
    return settings.SEARCH


class TestExactNamesComeFirst:
    @pytest.mark.parametrize(
        ("query", "slug"),
        [
            ("Non-refoulement", "non-refoulement"),
            ("nonrefoulement", "non-refoulement"),
            ("non refoulement", "non-refoulement"),
            ("NON‐REFOULEMENT", "non-refoulement"),
            ("principe de non-refoulement", "non-refoulement"),
            ("no devolución", "non-refoulement"),
            ("عدم الاعادة القسرية", "non-refoulement"),
            ("sending people back", "non-refoulement"),
            ("UNHCR", "unhcr"),
            ("U.N.H.C.R.", "unhcr"),
            ("ADD", "abu-dhabi-dialogue"),
            ("add", "abu-dhabi-dialogue"),
            ("GCM", "global-compact-for-migration"),
            ("the GCM", "global-compact-for-migration"),
            ("1951 Convention", "refugee-convention-1951"),
            ("Pacto Mundial para la Migracion", "global-compact-for-migration"),
            ("Maroc", "MA"),
            ("Niger", "NE"),
        ],
    )
    def test_a_name_in_any_spelling_is_the_first_hit(self, query: str, slug: str) -> None:
        found = ask(query)
        assert found.hits[0].slug == slug
        assert found.hits[0].exact

    @pytest.mark.parametrize(
        ("query", "slug"),
        [
            ("A/RES/73/195", "global-compact-for-migration"),
            ("73/195", "global-compact-for-migration"),
            ("res 73/195", "global-compact-for-migration"),
            ("189 UNTS 137", "refugee-convention-1951"),
            ("UNTS vol. 189 p. 137", "refugee-convention-1951"),
            ("32013R0604", "dublin-iii"),
            ("604/2013", "dublin-iii"),
            ("Regulation (EU) No 604/2013", "dublin-iii"),
            ("id:73/195", "global-compact-for-migration"),
        ],
    )
    def test_an_identifier_in_any_spelling_is_the_first_hit(self, query: str, slug: str) -> None:
        assert ask(query).hits[0].slug == slug

    def test_records_that_share_a_name_stand_side_by_side(self) -> None:
        assert set(slugs(ask("Palermo protocol"))[:2]) == {"trafficking-protocol", "smuggling-protocol"}

    def test_a_principle_is_followed_by_the_provisions_that_carry_it(self) -> None:
        first, second = ask("non-refoulement").hits[:2]
        assert (first.type, first.slug) == ("principle", "non-refoulement")
        assert (second.type, second.slug) == ("provision", "article-33")

    def test_no_devolucion_is_not_devolucion(self) -> None:
        assert not ask("devolución").hits[0].exact


class TestWords:
    def test_all_words_are_wanted(self) -> None:
        assert slugs(ask("Niger Morocco trafficking")) == ["agreement-niger-morocco"]

    def test_any_word_will_do_when_no_document_has_all_and_the_page_says_so(self) -> None:
        found = ask("smuggling dublin")
        assert {"smuggling-protocol", "dublin-iii"} == set(slugs(found))
        assert "some of them" in found.notices[0]

    def test_inflected_words_are_found_by_their_stem(self) -> None:
        assert "human-trafficking" in slugs(ask("traffickers OR traffic* OR trafficked"))
        assert "refugee-convention-1951" in slugs(ask("relate refugee status"))

    def test_words_may_stand_in_different_fields(self) -> None:
        assert slugs(ask("compact Marrakesh objectives")) == ["global-compact-for-migration"]

    def test_common_words_are_not_needed(self) -> None:
        assert "global-compact-for-migration" in slugs(ask("what is the compact for objectives"))

    def test_a_query_of_common_words_alone_is_still_a_query(self) -> None:
        assert ask("who is").count > 0
        assert ask("into").count < ask("").count

    def test_a_provision_is_found_with_the_name_of_its_instrument(self) -> None:
        hit = ask("article 33 1951 convention").hits[0]
        assert (hit.type, hit.slug, hit.parent["slug"]) == ("provision", "article-33", "refugee-convention-1951")
        assert hit.url == "/instruments/refugee-convention-1951/article-33/"

    def test_nothing_typed_is_everything(self) -> None:
        assert ask("").count == len(ask("", page_size=100).hits) == 19

    def test_nonsense_finds_nothing(self) -> None:
        found = ask("xyzzy")
        assert (found.count, found.hits, found.suggestion) == (0, [], None)

    def test_signs_alone_find_nothing_and_the_page_says_why(self) -> None:
        found = ask("?!")
        assert found.count == 0
        assert "?!" in found.notices[0]


class TestLanguage:
    def test_a_phrase_keeps_its_order_and_its_common_words(self) -> None:
        assert slugs(ask('"expulsion or return"')) == ["article-33", "refugee-convention-1951"]
        assert ask('"return or expulsion"').count == 0

    def test_a_phrase_from_a_source_is_found(self) -> None:
        assert "refugee-convention-1951" in slugs(ask('"who is a refugee"'))

    def test_not_takes_away(self) -> None:
        everything, without = ask("protocol"), ask("protocol -smuggling")
        assert "smuggling-protocol" in slugs(everything)
        assert slugs(without) == ["trafficking-protocol"]
        assert slugs(ask("protocol NOT smuggling")) == slugs(without)

    def test_not_alone_is_everything_else(self) -> None:
        assert ask("NOT protocol").count == ask("").count - ask("protocol").count

    def test_or_and_brackets(self) -> None:
        assert set(slugs(ask("dublin OR (protocol AND smuggling)"))) == {"dublin-iii", "smuggling-protocol"}

    def test_not_does_not_change_the_score(self) -> None:
        with_it, without = ask("protocol -dublin").hits, ask("protocol").hits
        assert [hit.slug for hit in with_it] == [hit.slug for hit in without]

    def test_a_prefix_finds_the_words_that_begin_so(self) -> None:
        assert "smuggling-protocol" in slugs(ask("smugg*"))

    def test_a_misspelled_word_is_found_when_asked_for(self) -> None:
        assert "smuggling-protocol" in slugs(ask("smugling~"))

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ("type:principle", {"non-refoulement", "burden-sharing"}),
            ("type:principles refoulement", {"non-refoulement"}),
            ("kind:protocol", {"trafficking-protocol", "smuggling-protocol"}),
            ("country:Morocco", {"agreement-niger-morocco"}),
            ("country:ma", {"agreement-niger-morocco"}),
            ("country:Maroc", {"agreement-niger-morocco"}),
            ("topic:human-trafficking year:2020..", {"agreement-niger-morocco"}),
            ("year:2023", {"agreement-niger-morocco"}),
            ("year:2023..2024", {"agreement-niger-morocco"}),
            ("level:regional kind:regulation", {"dublin-iii"}),
            ("level:regional type:instrument", {"dublin-iii", "agreement-niger-morocco"}),
            ("actor:UNHCR type:instrument", {"refugee-convention-1951"}),
            ("principle:non-refoulement type:provision", {"article-33"}),
            ("source:S4 type:instrument", {"refugee-convention-1951"}),
            ('title:"Trafficking Protocol"', {"trafficking-protocol"}),
            ("binding:non-binding", {"global-compact-for-migration"}),
        ],
    )
    def test_fields(self, query: str, expected: set[str]) -> None:
        assert set(slugs(ask(query))) == expected

    def test_an_unknown_value_of_a_field_finds_nothing_and_is_named(self) -> None:
        found = ask("country:Atlantis")
        assert found.count == 0
        assert "Atlantis" in found.notices[0]

    def test_a_kind_asked_for_as_a_type_is_understood_and_said(self) -> None:
        found = ask("type:process")
        assert slugs(found) == ["abu-dhabi-dialogue"]
        assert "regional-consultative-process" in found.notices[0]

    def test_what_does_not_parse_is_searched_as_plain_words_with_a_notice(self) -> None:
        found = ask("(dublin regulation")
        assert slugs(found) == ["dublin-iii"]
        assert "plain words" in found.notices[0]


class TestMisspelling:
    @pytest.mark.parametrize(
        ("query", "slug", "suggestion"),
        [
            ("refulement", "non-refoulement", "refoulement"),
            ("Dubiln regulation", "dublin-iii", "dublin regulation"),
            ("prohibishun", "article-33", "prohibition"),
            ("burdensharing", "burden-sharing", None),
            ("humantrafficking", "human-trafficking", None),
        ],
    )
    def test_it_is_put_right_and_said(self, query: str, slug: str, suggestion: str | None) -> None:
        found = ask(query)
        assert found.hits[0].slug == slug
        assert found.suggestion == suggestion
        assert bool(found.notices) == bool(suggestion)

    def test_a_suggestion_finds_something(self) -> None:
        suggestion = ask("Dubiln regulation").suggestion
        assert ask(suggestion).count > 0

    def test_what_the_filters_leave_out_is_not_suggested(self) -> None:
        assert ask("refulement", type="country").suggestion is None


class TestFilters:
    def test_a_repeated_name_is_or_and_different_names_are_and(self) -> None:
        both = ask("", kind=["protocol", "regulation"])
        assert set(slugs(both)) == {"trafficking-protocol", "smuggling-protocol", "dublin-iii"}
        assert slugs(ask("", kind=["protocol", "regulation"], level="regional")) == ["dublin-iii"]

    def test_a_level_takes_in_the_narrower_one(self) -> None:
        assert set(slugs(ask("", level="regional", type="instrument"))) == {"dublin-iii", "agreement-niger-morocco"}

    def test_an_instrument_without_legal_force_is_unstated(self) -> None:
        assert slugs(ask("", binding="unstated")) == ["agreement-niger-morocco"]

    def test_a_region_takes_in_its_sub_regions_and_the_countries_themselves(self) -> None:
        assert set(slugs(ask("", region="002"))) == {"MA", "NE", "agreement-niger-morocco"}
        assert set(slugs(ask("", region="015"))) == {"MA", "agreement-niger-morocco"}

    def test_years_ask_for_one_date_between_them(self) -> None:
        assert set(slugs(ask("", year_min=1950, year_max=1953, type="instrument"))) == {"refugee-convention-1951"}
        assert ask("", year_min=1955, year_max=2012).count == 0

    def test_in_force_on_a_day(self) -> None:
        assert "dublin-iii" in slugs(ask("", in_force_on="2026-06-11"))
        assert "dublin-iii" not in slugs(ask("", in_force_on="2026-06-12"))
        assert "refugee-convention-1951" not in slugs(ask("", in_force_on="1954-04-21"))
        assert "global-compact-for-migration" in slugs(ask("", in_force_on="2019-01-01"))

    def test_an_exact_name_is_not_shown_past_a_filter(self) -> None:
        assert ask("GCM", type="actor").count == 0


class TestFacets:
    def test_counts_are_of_hits(self) -> None:
        facets = ask("protocol").facets
        assert [(c.value, c.count) for c in facets["kind"]] == [("protocol", 2)]
        assert sum(c.count for c in facets["type"]) == ask("protocol").count

    def test_a_facet_leaves_its_own_choice_out(self) -> None:
        narrowed = ask("", kind="protocol").facets
        assert {c.value: c.count for c in narrowed["kind"]} == {c.value: c.count for c in ask("").facets["kind"]}
        assert [(c.value, c.count) for c in narrowed["type"]] == [("instrument", 2)]

    @pytest.mark.parametrize(
        "facet", ["type", "kind", "level", "binding", "principle", "topic", "actor", "country", "region", "source"]
    )
    def test_choosing_a_value_finds_as_many_as_it_says(self, facet: str) -> None:
        counts = ask("").facets[facet]
        assert counts
        for count in counts:
            assert ask("", **{facet: count.value}).count == count.count

    def test_choosing_a_year_finds_as_many_as_it_says(self) -> None:
        counts = ask("").facets["year"]
        assert [c.value for c in counts] == ["2026", "2023", "2018", "2013", "1954", "1951"]
        for count in counts:
            assert ask("", year_min=count.value, year_max=count.value).count == count.count

    def test_records_are_named_by_their_titles(self) -> None:
        assert ask("").labels["country", "MA"] == "Morocco"


class TestOrderAndPages:
    def test_by_title(self) -> None:
        found = slugs(ask("", ordering="title", type="instrument"))
        assert found[:2] == ["agreement-niger-morocco", "refugee-convention-1951"]

    def test_by_date_with_the_undated_last(self) -> None:
        oldest, newest = (slugs(ask("", ordering=order, type="instrument")) for order in ("date", "-date"))
        assert oldest[:2] == ["refugee-convention-1951", "dublin-iii"]
        assert newest[0] == "agreement-niger-morocco"
        assert set(oldest[-2:]) == set(newest[-2:]) == {"trafficking-protocol", "smuggling-protocol"}

    def test_pages_together_are_the_whole_and_do_not_overlap(self) -> None:
        pages = [ask("", page=number, page_size=6) for number in (1, 2, 3, 4)]
        keys = [hit.key for page in pages for hit in page.hits]
        assert len(keys) == len(set(keys)) == pages[0].count == 19


class TestSnippets:
    def test_what_matched_is_marked(self) -> None:
        assert "<mark>danger</mark>" in ask("danger", type="principle").hits[0].snippet

    def test_text_is_escaped_before_it_is_marked(self, publish) -> None:
        publish("topic", "hostile", kind="theme", summary='<script>alert("x")</script> & <mark>hostility</mark>')
        sync.rebuild()
        snippet = ask("hostility").hits[0].snippet
        assert "<script>" not in snippet
        assert (
            snippet
            == "&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp; &lt;mark&gt;<mark>hostility</mark>&lt;/mark&gt;"
        )


class TestSuggestions:
    def test_names_that_begin_with_what_is_typed(self, engine) -> None:
        assert [item.title for item in engine.suggest("Abu D")] == ["Abu Dhabi Dialogue"]

    def test_names_in_other_languages_and_words_inside_a_name(self, engine) -> None:
        assert engine.suggest("devol")[0].url == "/principles/non-refoulement/"
        assert engine.suggest("dhabi")[0].text == "Abu Dhabi Dialogue"

    def test_identifiers(self, engine) -> None:
        assert engine.suggest("189 unts")[0].url == "/instruments/refugee-convention-1951/"

    def test_everyday_words_for_a_record_come_after_names(self, engine) -> None:
        found = [item.url for item in engine.suggest("status")]
        assert found == ["/instruments/refugee-convention-1951/", "/topics/human-trafficking/"]

    def test_each_record_once_and_no_more_than_asked_for(self, engine) -> None:
        found = engine.suggest("re", limit=2)
        assert len({item.url for item in found}) == len(found) == 2

    @pytest.mark.parametrize("text", ["", "x", "((((", "  ", "\x00", "no such name"])
    def test_nothing_to_suggest(self, engine, text: str) -> None:
        assert engine.suggest(text) == []


def test_an_engine_that_is_not_there_is_named(settings) -> None:
    settings.SEARCH = SearchAddress("gopher", host="localhost", prefix="x")
    with pytest.raises(ImproperlyConfigured, match="gopher"):
        ask("dublin")
