"""On the published knowledge: what people of the field type, and that every name leads to what bears it."""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import override_settings

from governance.environment import SearchAddress
from governance.models import Name, Record
from governance.models.vocabulary import NameKind, Type
from search import sync
from search.names import spellings
from search.results import Results
from search.text import key
from tests.search.conftest import ask

# What comes first is reckoned in the index, of documents that are the same on any database.
pytestmark = [pytest.mark.slow, pytest.mark.once, pytest.mark.usefixtures("searchable", "db")]


@pytest.fixture(scope="module")
def searchable(knowledge, django_db_blocker, tmp_path_factory) -> Iterator[Path]:
    """All of the knowledge, indexed once for the module."""
    folder = tmp_path_factory.mktemp("knowledge") / "index"
    with django_db_blocker.unblock(), override_settings(SEARCH=SearchAddress("whoosh", path=folder)):
        sync.rebuild()
    return folder


@pytest.fixture(autouse=True)
def engine_address(settings, searchable: Path) -> None:
    settings.SEARCH = SearchAddress("whoosh", path=searchable)


def first(results: Results, number: int) -> list[str]:
    """The records of the first hits, each once."""
    owners = [(hit.parent or {"type": hit.type, "slug": hit.slug}) for hit in results.hits]
    return list(dict.fromkeys(f"{owner['type']}/{owner['slug']}" for owner in owners))[:number]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("A/RES/73/195", ["instrument/a-res-73-195", "instrument/global-compact-for-migration"]),
        ("73/195", ["instrument/a-res-73-195", "instrument/global-compact-for-migration"]),
        ("189 UNTS 137", ["instrument/refugee-convention-1951"]),
        ("C97", ["instrument/ilo-c097"]),
        ("C097", ["instrument/ilo-c097"]),
        ("No. 97", ["instrument/ilo-c097"]),
        ("32013R0604", ["instrument/dublin-iii"]),
        ("604/2013", ["instrument/dublin-iii"]),
        ("non-refoulement", ["principle/non-refoulement"]),
        ("refoulment", ["principle/non-refoulement"]),
        ("Marrakesh compact", ["instrument/global-compact-for-migration"]),
        ("Palermo protocol", ["instrument/smuggling-protocol", "instrument/trafficking-protocol"]),
        ("Geneva convention refugees", ["instrument/refugee-convention-1951"]),
        ("Geneva conventions", ["instrument/geneva-conventions"]),
        ("Puebla", ["actor/puebla-process"]),
        ("5+5", ["actor/five-plus-five"]),
        ("cartagèna", ["instrument/cartagena-declaration"]),
        ("GFMD", ["actor/gfmd"]),
        ("GCIM", ["actor/gcim"]),
    ],
)
def test_what_a_specialist_expects_comes_first(query: str, expected: list[str]) -> None:
    results = ask(query)
    assert sorted(first(results, len(expected))) == sorted(expected)
    assert query == "refoulment" or results.notices == ()


@pytest.mark.parametrize("query", ["réfugiés", "اللاجئين"])
def test_refugees_are_found_in_any_language(query: str) -> None:
    assert "instrument/refugee-convention-1951" in first(ask(query), 5)


def test_the_words_of_article_33_lead_to_it() -> None:
    hits = ask('"expulsion or return"').hits
    assert "/instruments/refugee-convention-1951/article-33/" in [hit.url for hit in hits[:5]]


@pytest.mark.parametrize(
    ("query", "place"),
    [
        ("art. 33 refugee convention", "refugee-convention-1951/article-33"),
        ("Article 33 of the 1951 Convention", "refugee-convention-1951/article-33"),
        ("Refugee Convention, art 33", "refugee-convention-1951/article-33"),
        ("art. 3 CAT", "convention-against-torture/article-3"),
        ("obj. 23 GCM", "global-compact-for-migration/objective-23"),
    ],
)
def test_a_part_of_an_instrument_comes_first_however_it_is_cited(query: str, place: str) -> None:
    assert ask(query).hits[0].url == f"/instruments/{place}/"


def test_a_word_written_as_it_is_heard_is_put_right() -> None:
    assert ask("migrashun").suggestion == "migration"


def test_of_two_geneva_conventions_the_one_on_refugees_is_meant() -> None:
    assert "instrument/geneva-conventions" not in first(ask("Geneva convention refugees"), 1)


def test_migrant_workers_regional_and_non_binding() -> None:
    results = ask("migrant workers", level="regional", binding="non-binding")
    assert first(results, 1) == ["instrument/asean-consensus"]
    assert {hit.level for hit in results.hits} <= {"regional", "subregional", None}


def test_the_nineties_have_what_was_agreed_in_them() -> None:
    found = first(ask(type="instrument", year_min=1990, year_max=1999, page_size=100), 100)
    assert {"instrument/icrmw", "instrument/schengen-convention"} <= set(found)
    assert "instrument/refugee-convention-1951" not in found


def test_dublin_iii_drops_out_of_what_is_in_force_on_its_day() -> None:
    def in_force(day: str) -> bool:
        return "instrument/dublin-iii" in first(ask("dublin", in_force_on=day), 100)

    end = max(
        d.last for d in Record.objects.get(slug="dublin-iii").dates.filter(event__in=("repealed", "ended", "replaced"))
    )
    assert in_force("2014-01-02")
    assert in_force(end.replace(day=end.day - 1).isoformat())
    assert not in_force(end.isoformat())


def test_nothing_typed_finds_everything_with_counts() -> None:
    results = ask()
    assert results.count >= Record.objects.count()
    assert {count.value: count.count for count in results.facets["type"]}["principle"] == len(
        Record.objects.of_type(Type.PRINCIPLE)
    )


def test_xyzzy_finds_nothing_and_help(client) -> None:
    page = client.get("/search/", {"q": "xyzzy"})
    assert page.status_code == 200
    assert "Nothing was found" in page.content.decode()
    assert "How to search" in page.content.decode()


EVERY = 40  # names from one that is asked to the next: asking all of them takes minutes


def test_titles_and_names_lead_to_what_bears_them_first_or_in_the_group_that_shares_them() -> None:
    bearers: dict[str, set[int]] = defaultdict(set)
    asked: dict[str, str] = {}
    names = Name.objects.exclude(kind=NameKind.PLAIN).values_list("record_id", "text", "kind")
    titles = ((pk, title, NameKind.OFFICIAL) for pk, title in Record.objects.values_list("pk", "title"))
    for pk, name, kind in (*titles, *names):
        for text in spellings(name, kind):
            bearers[key(text)].add(pk)
            asked.setdefault(key(text), text)
    assert len(asked) > 2000
    chosen = sorted(asked)[::EVERY]
    assert [asked[form] for form in chosen if not _leads_there(asked[form], bearers[form])] == []


def _leads_there(name: str, bearers: set[int]) -> bool:
    """Do all that bear the name come before anything that does not?"""
    hits = ask(name, page_size=100).hits
    last = max((place for place, hit in enumerate(hits) if hit.record in bearers and hit.exact), default=-1)
    before = {hit.record for hit in hits[: last + 1]}
    return bearers <= before and all(hit.exact for hit in hits[: last + 1])
