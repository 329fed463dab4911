"""Names in a query, whatever engine knows who is called so."""

import pytest

from search.filing import called
from search.naming import Asked, asked, names_in, names_throughout
from search.parser import parse

NAMES = {called(name) for name in ("IOM", "UNHCR", "Refugee Convention", "Convention")}


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("Regulation (EU) No 604/2013", "Regulation (EU) No 604/2013"),
        ('"Palermo protocol" year:2000', "Palermo protocol"),
        ("IOM OR UNHCR", ""),
        ("refug*", ""),
    ],
)
def test_the_words_of_a_query_that_may_be_a_name(query: str, name: str) -> None:
    assert asked(parse(query).tree) == name


def test_every_run_of_words_may_be_a_name_with_its_share_of_all() -> None:
    assert dict(names_in("the Refugee Convention"))[called("refugee convention")] == pytest.approx(2 / 3)
    assert list(names_in("convention")) == []  # of one word, which is the query itself


@pytest.mark.parametrize(
    ("text", "told", "found"),
    [
        ("difference between IOM and UNHCR", {"iom", "unhcr"}, ["IOM", "UNHCR"]),
        ("the Refugee Convention and IOM", {"refugee", "convention", "iom"}, ["Refugee Convention", "IOM"]),
        ("the budget of IOM", {"budget", "iom"}, []),
        ("IOM and its budget", {"budget", "iom"}, []),
        ("who are you", set(), []),
    ],
)
def test_names_that_a_sentence_is_made_of(text: str, told: set[str], found: list[str]) -> None:
    assert names_throughout(text, told, NAMES.__contains__) == [called(name) for name in found]


def test_the_best_of_several_names_tells_how_like_a_query_they_are() -> None:
    likeness = Asked.alike("protection of refugees").likeness
    assert likeness([("Protecting refugees", "en")]) == 1
    assert likeness([("Borders", "en"), ("Refugees", "en")]) == pytest.approx(2 / 3)
    assert likeness([("The", "en")]) == likeness([]) == 0


def test_of_a_sentence_the_rarer_words_tell_more() -> None:
    likeness = Asked.of_sentence(["refugees", "people"], [3.0, 1.0], "en").likeness
    assert likeness([("Refugees", "en")]) > likeness([("People", "en")]) > 0
