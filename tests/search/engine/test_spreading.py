"""What the best answers to a sentence add to others: those they are linked to, and those that are like them."""

from dataclasses import replace

import pytest

from search.documents import SearchDocument
from search.engines.whoosh import spreading
from search.parser import parse
from search.request import SearchRequest
from tests.search.engine.conftest import document

QUESTION = "who pays for the wedding of my cousin"
NEAR = {"topic/t1": 50}


def made(number: int, words: str, linked: dict[str, int] | None = None) -> SearchDocument:
    return replace(document(number, {"title": [words]}), linked=linked or {})


@pytest.fixture
def answer(built):
    """Asks a question of documents; the numbers of what is found, the best first."""

    def ask(documents: list[SearchDocument], question: str) -> list[int]:
        request = SearchRequest(q=question)
        return [hit.record for hit in built(documents).search(request, parse(question)).hits]

    return ask


def test_a_sentence_finds_what_its_answer_is_linked_to_and_what_is_linked_to_its_answer(answer) -> None:
    apart = [made(1, "weddings", {"topic/t2": 50}), made(2, "bouquets"), made(3, "vows", NEAR), made(4, "taxes")]
    assert answer(apart, QUESTION)[0] == 1
    assert set(answer(apart, QUESTION)) == {1, 2, 3}


def test_the_nearer_of_two_comes_first(answer) -> None:
    assert answer([made(1, "weddings", {"topic/t2": 20, "topic/t3": 100}), made(2, "a"), made(3, "b")], QUESTION) == [
        1,
        3,
        2,
    ]


def test_a_few_words_find_only_what_has_them(answer) -> None:
    assert answer([made(1, "weddings"), made(2, "vows", NEAR)], "wedding") == [1]


def test_what_very_many_are_linked_to_passes_on_nothing_to_them(answer, monkeypatch) -> None:
    monkeypatch.setattr(spreading, "MOST_LINKED", 1)
    assert answer([made(1, "weddings"), made(2, "vows", NEAR), made(3, "bouquets", NEAR)], QUESTION) == [1]


def test_a_sentence_finds_what_has_other_words_of_its_answer(answer) -> None:
    found = answer([made(1, "weddings and dowries"), made(2, "dowries"), made(3, "taxes")], QUESTION)
    assert found == [1, 2]
