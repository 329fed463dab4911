import json
from itertools import count

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from governance.knowledge import apply, digest, dump, dump_many, own
from governance.knowledge.dump import BATCH
from governance.models import Name, Record
from tests.factories import (
    make_actor,
    make_country,
    make_document,
    make_event,
    make_instrument,
    make_level,
    make_principle,
    make_source,
    make_topic,
)

pytestmark = pytest.mark.django_db
SECRET = {"state": "draft"}


def resolve(document, pointer: str):
    """The value that a JSON Pointer leads to (RFC 6901)."""
    for part in pointer.split("/")[1:]:
        document = document[int(part)] if isinstance(document, list) else document[part]
    return document


@pytest.fixture
def partly_secret():
    """An instrument whose lists begin, go on and end with references to drafts; each citation quotes what it is for."""
    make_source("S1")
    make_source("secret-source", **SECRET)
    make_level("secret-level", **SECRET)
    for make in (make_principle, make_topic, make_actor, make_instrument):
        kind = make.__name__.removeprefix("make_")
        for name in ("secret-a", "open-b", "secret-c", "open-d", "secret-e"):
            make(f"{name}-{kind}", **(SECRET if name.startswith("secret") else {}))
    make_country("MA")
    make_country("TN", title="Secret country", **SECRET)
    order = ("secret-a", "open-b", "secret-c", "open-d", "secret-e")
    tag = lambda kind: [{"slug": f"{name}-{kind}", "cite": [f"S1.1 '{name}-{kind}'"]} for name in order]  # noqa: E731
    refer = lambda key, kind, **more: [  # noqa: E731
        {key: f"{kind}/{name}-{kind}", "cite": [f"S1.1 '{name}-{kind}'"], **more} for name in order
    ]
    cite_b = ["S1.6 'open-b'"]
    document = make_document(
        "instrument", "main",
        level={"value": "secret-level", "cite": ["S1.2 'secret-level'"], "basis": "inferred"},
        summary={"value": "main-summary", "cite": ["secret-source.1 'secret'", "S1.3 'main-summary'"]},
        relations=refer("to", "instrument", predicate="follows"),
        participation=[
            *refer("party", "actor", act="member"),
            {"party": "country/TN", "act": "host", "note": "secret"}, {"party": "country/MA", "act": "host"},
        ],
        principles=[{"strength": "implied", **item} for item in tag("principle")],
        topics=tag("topic"),
        provisions=[
            {"label": f"Article {n}", "cite": [f"S1.1 'Article {n}'"], "principles": tag("principle")} for n in (1, 2)
        ],
        caveats=[
            {"kind": "doubtful", "text": "secret", "field": "/relations/0", "cite": ["S1.4 'secret'"]},
            {"kind": "doubtful", "text": "open-d", "field": "/relations/3", "cite": ["S1.5 'open-d'", "secret-source"]},
            {"kind": "doubtful", "text": "secret", "field": "/level"},
            {"kind": "doubtful", "text": "open-b", "field": "/provisions/1/principles/1/slug", "cite": cite_b},
            {"kind": "doubtful", "text": "secret", "field": "/provisions/1/principles/2"},
            {"kind": "doubtful", "text": "Article 2", "field": "/provisions/1"},
            {"kind": "doubtful", "text": "the whole", "field": ""},
        ],
    )  # fmt: skip
    return apply(document).record


def test_a_public_document_says_nothing_of_drafts(partly_secret):
    document = dump(partly_secret)
    assert "secret" not in json.dumps(document).casefold()
    assert document["level"] is None
    assert [item["slug"] for item in document["relations"]] == ["open-b-instrument", "open-d-instrument"]
    assert [item["slug"] for item in document["participation"]] == ["open-b-actor", "open-d-actor", "MA"]
    assert document["principles"] == ["open-b-principle", "open-d-principle"] == list(document["strengths"])
    assert document["topics"] == ["open-b-topic", "open-d-topic"]
    assert document["countries"] == [{"iso2": "MA", "role": "host"}]
    for provision in document["provisions"]:
        assert [item["slug"] for item in provision["principles"]] == ["open-b-principle", "open-d-principle"]


def test_pointers_of_a_public_document_lead_to_what_they_are_for(partly_secret):
    document = dump(partly_secret)
    assert len(document["citations"]) == 1 + 2 * 4 + 2 * (1 + 2)
    for citation in document["citations"]:
        assert citation["quote"] in json.dumps(resolve(document, citation["field"]))
    assert [(item["text"], item["field"]) for item in document["caveats"]] == [
        ("open-d", "/relations/1"),
        ("open-b", "/provisions/1/principles/0/slug"),
        ("Article 2", "/provisions/1"),
        ("the whole", ""),
    ]
    assert [[part["quote"] for part in item["citations"]] for item in document["caveats"]] == [
        ["open-d"],
        ["open-b"],
        [],
        [],
    ]
    assert [field for field in document["bases"] if "/" not in field] == ["summary"]
    assert set(document["bases"]) - {"summary"} == {"principles/0", "principles/1", "topics/0", "topics/1"}


def test_a_curators_document_says_everything_and_its_state(partly_secret):
    Record.objects.filter(pk=partly_secret.pk).update(state="in-review")
    document = dump(partly_secret, public=False)
    assert document["state"] == "in-review"
    assert document["level"] == "secret-level"
    assert len(document["relations"]) == len(document["principles"]) == 5
    assert digest(document) == digest(partly_secret.revisions.get().document)


def test_a_draft_is_not_named_on_the_other_side(partly_secret):
    other = Record.objects.get(slug="open-b-instrument")
    assert [item["slug"] for item in dump(other)["relations"]] == ["main"]
    Record.objects.filter(pk=partly_secret.pk).update(state="withdrawn")
    assert dump(other)["relations"] == []
    assert [item["slug"] for item in dump(other, public=False)["relations"]] == ["main"]


def test_a_draft_is_not_named_as_the_broader_record():
    make_source("S1")
    make_level("secret", **SECRET)
    parent = {"value": "secret", "basis": "inferred", "cite": ["S1.1 'secret'"]}
    level = apply(make_document("level", "narrow", parent=parent)).record
    assert "secret" not in json.dumps(dump(level))
    assert dump(level, public=False)["parent"] == "secret"


def test_both_sides_of_a_relation_have_their_own_wording():
    make_event("review")
    forward = apply(make_document("event", "report", relations=[{"predicate": "follows", "to": "event/review"}])).record
    inverse = Record.objects.get(slug="review")
    sides = [dump(record)["relations"][0] for record in (forward, inverse)]
    assert [(side["predicate"], side["slug"], side["direction"]) for side in sides] == [
        ("follows", "review", "forward"),
        ("followed-by", "report", "inverse"),
    ]


def test_pointers_survive_rows_taken_away_and_added_by_hand():
    make_source("S1")
    names = [{"text": f"Name {n}", "kind": "alias", "cite": [f"S1.1 'Name {n}'"]} for n in range(4)]
    record = apply(make_document("event", "a", names=names)).record
    Name.objects.filter(text__in=("Name 0", "Name 2")).delete()
    Name.objects.create(record=record, text="By hand", kind="alias", position=3)
    document = dump(record)
    assert [item["text"] for item in document["names"]] == ["Name 1", "Name 3", "By hand"]
    assert [(item["field"], item["quote"]) for item in document["citations"]] == [
        ("/names/0", "Name 1"),
        ("/names/1", "Name 3"),
    ]
    assert own(document)["citations"] == document["citations"]


def test_evidence_that_points_nowhere_does_no_harm():
    make_source("S1")
    record = apply(make_document("event", "a", summary={"value": "A", "cite": ["S1"]})).record
    source = Record.objects.get(slug="S1")
    for field in ("/caveats/x", "/caveats/", "/caveats/9", "/dates/0", "/dates/99999999999", "/names", "", "x", "/"):
        record.citations.create(field=field, source_id=source.pk)
    assert {item["field"] for item in dump(record)["citations"]} <= {"/summary", "/names", "", "x", "/"}


def test_documents_come_in_the_order_of_the_records():
    slugs = ["c", "a", "b"]
    records = [make_event("c"), make_instrument("a"), make_event("b")]
    assert [document["slug"] for document in dump_many(records)] == slugs
    queryset = Record.objects.order_by("-slug")
    assert [document["slug"] for document in dump_many(queryset)] == ["c", "b", "a"]
    assert list(dump_many([])) == []


def test_more_than_one_batch_comes_complete():
    slugs = [f"e{number:03}" for number in range(BATCH + 1)]
    for slug in slugs:
        make_event(slug)
    assert [document["slug"] for document in dump_many(Record.objects.order_by("slug"))] == slugs


def make_full(numbers, amount: int) -> None:
    """`amount` records of each type, with something in every list."""
    for type_, number in ((type_, next(numbers)) for _ in range(amount) for type_ in (
        "instrument", "actor", "principle", "level", "topic", "event", "practice", "source"
    )):  # fmt: skip
        document = make_document(
            type_, f"{type_}-{number}", summary={"value": "A", "cite": ["S1.1"]}, level="regional",
            names=[{"text": "A", "kind": "short", "cite": ["S1.1"]}], dates=[{"event": "held", "value": "1951"}],
            identifiers=[{"scheme": "other", "value": "A"}], topics=["asylum"], principles=["solidarity"],
            relations=[{"predicate": "follows", "to": "event/first"}],
            participation=[{"party": "country/MA", "act": "host"}],
            caveats=[{"kind": "doubtful", "text": "A", "cite": ["S1.1"]}],
        )  # fmt: skip
        if type_ == "instrument":
            document["provisions"] = [{"label": f"Article {n}", "principles": ["solidarity"]} for n in (1, 2)]
        if type_ in ("principle", "level", "topic"):
            document["parent"] = {"principle": "solidarity", "level": "regional", "topic": "asylum"}[type_]
        apply(document)


def test_the_number_of_queries_does_not_grow_with_the_number_of_records(django_assert_num_queries):
    make_source("S1")
    make_level("regional")
    make_topic("asylum")
    make_principle("solidarity")
    make_country("MA")
    make_event("first")
    numbers = count()
    make_full(numbers, 1)
    with CaptureQueriesContext(connection) as few:
        assert len(list(dump_many(Record.objects.all()))) == 6 + 8
    make_full(numbers, 3)
    with django_assert_num_queries(len(few)):
        assert len(list(dump_many(Record.objects.all()))) == 6 + 8 * 4
