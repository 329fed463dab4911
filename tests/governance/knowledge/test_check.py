"""What `check` says of documents that are wrong, and that nothing else than a DocumentError comes of them."""

import copy
import json

import pytest
from django.db import transaction
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from governance.knowledge import DocumentError, apply, check, digest, dump, own
from governance.knowledge.rules import LONGEST
from governance.models import Caveat, Change, Citation, Date, Identifier, Name, Participation, Record, Relation
from instruments.models import Provision
from tests.factories import make_document, make_instrument, make_level, make_principle, make_source
from tests.governance.knowledge.documents import documents

JUNK = st.deferred(lambda: st.sampled_from(THINGS).map(copy.deepcopy))
THINGS = [
    None, True, False, 0, -1, 7, 10**30, 1.5, float("nan"), float("inf"), "", " ", "x", "NO", "\x00",
    "a\x00b", "\ud800", "\x1b[31m", "x" * 5000, "9" * 5000, "1951-99", "Y1E99999999", "/dates/0", "/" + "9" * 5000,
    "~", "''", "S1.0", "stated", [], [None], [[]], [[[1]]], ["x"], [{}], {}, {"value": None}, {"value": {"value": 1}},
    {"value": "x", "cite": "S1"}, {"value": "x", "cite": [None, 3, [], "S1.1"]},
    {"slug": ["x"]}, {"slug": "x", "strength": 3}, {1: 2}, {"": ""},
    {None: None}, {"\ud800": "\ud800"}, b"bytes", ("a", "b"), {"a"}, {"type": []},
]  # fmt: skip


def places(document) -> list[str]:
    return [problem.place for problem in check(document)]


def walk(node, path=()):
    """Every place of a document, as a path of keys and indices."""
    pairs = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, child in pairs:
        yield (*path, key)
        yield from walk(child, (*path, key))


@st.composite
def spoiled(draw):
    """A good document in either form with one to three places overwritten, removed or added to."""
    document = copy.deepcopy(draw(documents.map(own) | documents))
    for _ in range(draw(st.integers(1, 3))):
        path = draw(st.sampled_from(list(walk(document))))
        parent = document
        for key in path[:-1]:
            parent = parent[key]
        if isinstance(parent, dict) and draw(st.booleans()):
            del parent[path[-1]]
            if draw(st.booleans()):
                key = st.sampled_from(["basis", "cite", "extra", "slug", "field", "bases", "citations"])
                parent[draw(key)] = draw(JUNK)
        else:
            parent[path[-1]] = draw(JUNK)
        assume(document)
    return document


def assert_refused_or_kept(document):
    before = Record.objects.count(), Change.objects.count()
    try:
        with transaction.atomic():
            record = apply(document).record
            assert digest(dump(record, public=False)) == digest(document)
            transaction.set_rollback(True)
    except DocumentError as error:
        assert error.problems == check(document)
        assert (Record.objects.count(), Change.objects.count()) == before
        for problem in error.problems:
            json.dumps([problem.place, problem.message], ensure_ascii=False).encode()
            assert problem.place == "" or problem.place.startswith("/")
            assert len(str(problem)) < 1200


@given(document=spoiled())
@settings(suppress_health_check=list(HealthCheck), max_examples=100)
def test_a_spoiled_document_is_refused_with_reasons_or_taken_as_it_says(world, document):
    assert_refused_or_kept(document)


@given(document=JUNK)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_no_document_is_refused(db, document):
    with pytest.raises(DocumentError):
        apply(document)


FIELDS = (
    "slug", "title", "kind", "level", "binding", "summary", "body", "names", "identifiers", "dates", "relations",
    "participation", "provisions", "principles", "topics", "caveats", "bases", "strengths", "citations", "state",
    "updated", "code", "url", "countries", "takes_part_in", "parent", "position", "residue", "joined", "languages",
)  # fmt: skip
ENTRIES = st.lists(JUNK, max_size=2) | st.dictionaries(
    st.sampled_from(["slug", "value", "cite", "x"]), JUNK, max_size=3
)


@given(
    document=st.sampled_from(
        [make_document("instrument", "a"), make_document("source", "S5"), make_document("level", "l")]
    ),
    form=st.sampled_from([{}, {"bases": {}, "citations": []}]),
    junk=st.dictionaries(st.sampled_from(FIELDS), JUNK | ENTRIES, min_size=1, max_size=2),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=100)
def test_any_field_may_hold_anything(world, document, form, junk):
    assert_refused_or_kept(document | form | junk)


def test_a_document_that_holds_itself_is_refused(db):
    document = make_document("event", "a")
    document["names"] = [document]
    document["summary"] = document
    assert {"/names/0/names", "/summary/type"} <= set(places(document))


def test_every_problem_is_listed_with_its_place(db):
    make_source("S1")
    document = make_document(
        "instrument", "a b",
        title="", kind="song", level="nowhere", binding="maybe", colour="red", body=3,
        names=["A", {"text": "", "kind": "nick", "language": "english please", "cite": ["S1 .2", 3]}],
        identifiers=[{"scheme": "celex", "value": "604/2013"}, {"scheme": "isbn", "value": "x", "note": "y"}],
        dates=[{"event": "born", "value": "soon", "note": None}],
        relations=[{"predicate": "likes", "to": "instrument/none"}, {"predicate": "follows"}],
        participation=[{"party": "country/XX", "act": "member", "from": "2010", "until": "2005"}],
        provisions=[{"label": "Article 1", "principles": ["none"]}, {"label": "Article 1", "gist": 5}, {"label": "五"}],
        principles=["none", "none"], topics=[{"slug": None}],
        caveats=[{"kind": "sad", "text": "", "field": "/nothing", "cite": ["S2.1"]}],
        summary={"value": "x", "basis": "rumour", "cite": ["S1.40000", "S2"]},
    )  # fmt: skip
    assert sorted(set(places(document))) == [
        "/binding", "/body", "/caveats/0/cite", "/caveats/0/field", "/caveats/0/kind", "/caveats/0/text", "/colour",
        "/dates/0/event", "/dates/0/value", "/identifiers/0/value", "/identifiers/1/note", "/identifiers/1/scheme",
        "/kind", "/level", "/names/0", "/names/1/cite/0", "/names/1/cite/1", "/names/1/kind", "/names/1/language",
        "/names/1/text", "/participation/0", "/participation/0/until", "/principles/0", "/principles/1",
        "/provisions/0", "/provisions/0/principles/0", "/provisions/1", "/provisions/1/gist", "/provisions/2/slug",
        "/relations/0", "/relations/0/predicate", "/relations/1/slug", "/relations/1/type", "/slug", "/summary",
        "/summary/basis", "/title", "/topics/0",
    ]  # fmt: skip


def test_in_the_full_form_places_are_those_of_the_given_document(db):
    make_source("S1")
    document = make_document("event", "a", dates=[{"event": "held", "value": "1951", "cite": ["S1"]}]) | {
        "bases": {"title": "rumour", "colour": "stated", "principles/3": "stated", "dates/0": "stated"},
        "strengths": {"none": "explicit"},
        "citations": [
            {"field": "/title", "source": "S1", "paragraph": "two"},
            {"field": "/dates/0", "source": "S1", "paragraph": 1},
            {"field": "/dates/1", "source": "S1"},
            {"field": "/dates/0/value", "source": "S1"},
            {"field": "/caveats/0", "source": "S1"},
            {"field": "", "source": "S1"},
            {"field": "/title", "source": "S2", "stance": "doubts", "page": 3},
        ],
        "caveats": [
            {"kind": "doubtful", "text": "x", "citations": [{"source": "S1", "paragraph": 0}, {"source": "S1"}]}
        ],
    }
    assert sorted(places(document)) == [
        "/bases/colour", "/bases/dates~10", "/bases/principles~13", "/bases/title", "/caveats/0/citations/0",
        "/citations/0/paragraph", "/citations/2", "/citations/3", "/citations/4", "/citations/5", "/citations/6",
        "/citations/6", "/citations/6/page", "/dates/0/cite", "/strengths",
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["\x00", "a\x00b", "\ud800", "\x08", "\x1f", "￿"])
@pytest.mark.parametrize("form", [{}, {"bases": {}}], ids=["compact", "full"])
def test_characters_that_neither_a_database_nor_a_feed_takes_are_refused_by_place(db, text, form):
    document = make_document("event", "a", body=text, names=[{"text": text, "kind": "short"}], place=text) | form
    assert places(document) == ["/body", "/names/0/text", "/place"]


@pytest.mark.parametrize(
    ("type_", "field", "value"),
    [
        ("level", "position", "first"), ("level", "position", -1), ("level", "position", 40_000),
        ("level", "parent", "no"),
        ("country", "iso2", "ma"), ("country", "iso3", "M"), ("country", "m49", "12"), ("country", "region", "Africa"),
        ("actor", "website", "javascript:alert(1)"), ("actor", "website", "iom.int"),
        ("actor", "website", "https://example.org/" + "x" * 400), ("source", "address", "javascript:alert(1)"),
        ("source", "reliability", "total"), ("source", "rights", "all"), ("source", "residue", "2"),
        ("source", "languages", "en"), ("source", "author", "x" * 301), ("source", "seen", "x" * 41),
        ("source", "code", "S2"), ("event", "place", "x" * 201), ("event", "website", "https://example.org/"),
        ("event", "state", "secret"), ("event", "updated", "yesterday"), ("event", "updated", "2020-13-01T00:00:00Z"),
        ("event", "updated", "2020-01-01T00:00:00"), ("event", "updated", "0001-01-01T00:00:00+05:00"),
        ("event", "title", "x" * 401), ("event", "slug", "x" * 121), ("event", "slug", "é"), ("event", "slug", None),
    ],
)  # fmt: skip
def test_a_field_with_a_wrong_value_is_named(db, type_, field, value):
    document = make_document(type_, "S1" if type_ == "source" else "MA" if type_ == "country" else "a")
    assert places(document | {field: value}) == [f"/{field}"]


@pytest.mark.parametrize(
    ("key", "item", "place"),
    [
        ("names", {"text": "x" * 401, "kind": "short"}, "/names/0/text"),
        ("names", {"text": "x", "kind": "short", "basis": "rumour"}, "/names/0/basis"),
        ("identifiers", {"scheme": "other", "value": "x" * 301}, "/identifiers/0/value"),
        ("dates", {"event": "held", "value": "1951", "note": "x" * 301}, "/dates/0/note"),
        ("dates", {"event": "held", "value": ""}, "/dates/0/value"),
        ("provisions", {"label": "x" * 121, "slug": "x"}, "/provisions/0/label"),
        ("provisions", {"label": "Article 1", "heading": "x" * 401}, "/provisions/0/heading"),
        ("provisions", {"label": "Article 1", "slug": "a/b"}, "/provisions/0/slug"),
        ("provisions", {"label": "Article 1", "principles": "solidarity"}, "/provisions/0/principles"),
        ("provisions", {"label": "Article 1", "principles": [{"strength": "explicit"}]}, "/provisions/0/principles/0"),
        ("relations", {"predicate": "follows", "to": "instrument/a"}, "/relations/0"),
        ("participation", {"party": "instrument/a", "act": "party"}, "/participation/0"),
        ("caveats", {"kind": "doubtful", "text": "x", "basis": "stated"}, "/caveats/0/basis"),
        ("caveats", {"kind": "doubtful", "text": "x", "field": "dates"}, "/caveats/0/field"),
        ("caveats", {"kind": "doubtful", "text": "x", "field": "/caveats/0"}, "/caveats/0/field"),
        ("caveats", {"kind": "doubtful", "text": "x", "field": "/url"}, "/caveats/0/field"),
        ("caveats", {"kind": "doubtful", "text": "x", "field": "/names/" + "9" * 5000}, "/caveats/0/field"),
    ],
)
def test_an_entry_with_a_wrong_value_is_named(db, key, item, place):
    assert set(places(make_document("instrument", "a", **{key: [item]}))) == {place}


def test_only_instruments_have_provisions(db):
    assert places(make_document("event", "a", provisions=[{"label": "Article 1"}])) == ["/provisions"]


def test_addresses_differ_by_more_than_capitals(db):
    make_instrument("Kampala")
    assert places(make_document("instrument", "kampala")) == ["/slug"]
    assert places(make_document("instrument", "Kampala")) == []
    assert places(make_document("actor", "kampala")) == []


def test_a_principle_stands_once_in_a_list_also_under_its_former_slug(db):
    principle = make_principle("solidarity")
    principle.former_slugs.create(type="principle", slug="togetherness")
    assert places(make_document("instrument", "a", principles=["solidarity", "togetherness"])) == [
        "/principles/0",
        "/principles/1",
    ]
    twice = [{"label": "Article 1", "principles": ["solidarity", "solidarity"]}]
    assert places(make_document("instrument", "a", provisions=twice)) == [
        "/provisions/0/principles/0",
        "/provisions/0/principles/1",
    ]


def test_no_record_is_broader_than_itself(db):
    widest = make_level("global")
    middle = make_level("regional", parent=widest)
    make_level("subregional", parent=middle)
    assert places(make_document("level", "global", parent="subregional")) == ["/parent"]
    assert places(make_document("level", "global", parent="global")) == ["/parent"]
    assert places(make_document("level", "subregional", parent="global")) == []


def test_the_longest_texts_are_those_of_the_columns():
    columns = {
        "title": [(Record, "title")], "text": [(Name, "text")], "value": [(Identifier, "value")],
        "role": [(Participation, "role")],
        "note": [(Date, "note"), (Participation, "note"), (Relation, "note")], "language": [(Name, "language")],
        "label": [(Provision, "label")], "slug": [(Record, "slug"), (Provision, "slug")],
        "heading": [(Provision, "heading")], "field": [(Caveat, "field"), (Citation, "field")],
        "locator": [(Citation, "locator")], "quote": [(Citation, "quote")],
    }  # fmt: skip
    for field, found in columns.items():
        assert {model._meta.get_field(name).max_length for model, name in found} == {LONGEST[field]}
    assert {*columns, "body"} == set(LONGEST)
