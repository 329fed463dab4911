"""Whatever is typed: an answer or a clear refusal. `make hostile` asks ten thousand such queries of the real site."""

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from search.query import QueryLimit
from tests.search.conftest import ask as found
from tests.search.hostile import FINE, ask, queries

pytestmark = pytest.mark.usefixtures("collection")


def test_hostile_queries_are_answered_or_refused(client: Client) -> None:
    wrong = [query for query in queries(100, seed=7) if ask(client, query)[0] not in FINE]
    assert wrong == []


def test_a_refusal_names_what_is_too_much(client: Client) -> None:
    for text, told in (
        ("(" * 11 + "a" + ")" * 11, "10 brackets"),
        ("a " * 41, "40 words"),
        ("a" * 501, "500 characters"),
    ):
        answer = client.get("/api/v1/search/", {"q": text})
        assert answer.status_code == 400
        assert told in answer.json()["error"]["details"]["q"]


WORDS = st.sampled_from(["protocol", "refugee", "morocco", "niger", "agreement", "convention", "trafficking"])


def keys(text: str) -> set[str]:
    return {hit.key for hit in found(text, page_size="100").hits}


@pytest.mark.once
@given(WORDS, WORDS)
def test_and_or_and_not_are_what_they_say(one: str, other: str) -> None:
    first, second = keys(f"({one})"), keys(f"({other})")
    assert keys(f"({one}) AND ({other})") == first & second
    assert keys(f"({one}) OR ({other})") == first | second
    assert keys(f"({one}) AND (NOT {other})") == first - second


@pytest.mark.once
@given(st.text(max_size=40))
def test_what_is_offered_instead_finds_something(text: str) -> None:
    try:
        suggestion = found(text).suggestion
    except QueryLimit:
        return
    assert suggestion is None or found(suggestion).count
