"""The measures of the relevance benchmark."""

import pytest
from django.conf import settings

from governance.knowledge.files import read as documents
from search.relevance import Query, measure, read, table

QUERY = Query("rabat", "name", {"actor/rabat-process": 3, "event/rabat": 2, "topic/dialogue": 1})


def scored(*found):
    return measure([QUERY], answer=lambda text: list(found))[0]


def test_the_ideal_order_scores_one():
    score = scored("actor/rabat-process", "event/rabat", "topic/dialogue")
    assert (score.ndcg, score.reciprocal, score.hit) == (pytest.approx(1), 1, True)


def test_a_target_in_fourth_place_is_no_hit_among_three():
    score = scored("x/1", "x/2", "x/3", "actor/rabat-process")
    assert score.reciprocal == 0.25
    assert not score.hit
    assert 0 < score.ndcg < 0.5


def test_a_query_that_should_find_nothing_scores_only_when_it_does():
    nothing = Query("xyzzy", "negative", {})
    assert measure([nothing], answer=lambda text: [])[0].ndcg == 1
    assert measure([nothing], answer=lambda text: ["x/1"])[0].ndcg == 0


def test_classes_are_measured_apart_and_plain_words_left_out_of_one_total():
    plain = Query("money sent home", "plain-words", {"topic/remittances": 3})
    rows = {row.kind: row for row in table(measure([QUERY, plain], answer=lambda text: ["actor/rabat-process"]))}
    assert rows["all"].queries == 2
    assert rows["all but plain words"].hit == 1
    assert rows["plain-words"].hit == 0


def test_every_graded_reference_of_the_benchmark_is_a_record():
    known = set()
    for file in (settings.BASE_DIR / "fixtures").glob("*.yaml"):
        known |= {f"{entry.document['type']}/{entry.document['slug']}" for entry in documents(file)}
    for file in (settings.BASE_DIR / "tests" / "relevance").glob("*.yaml"):
        for query in read(file):
            assert not set(query.grades) - known, query.text
