"""The arrays against a slow reckoning from the texts, and against Whoosh's own reading of the same files."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from whoosh import query as whoosh

from search.engines.whoosh import stock
from search.engines.whoosh.evaluate import Evaluator
from search.engines.whoosh.matching import Match, Matcher
from search.engines.whoosh.snapshot import Snapshot
from search.meaning import CLOSE_ZONES, LINKED_ZONES, ZONES, Form, word_slot
from search.parser import parse
from search.query import And, Everything, Field, Fuzzy, Not, Or, Phrase, Prefix, QueryLimit, Range, Term, Words
from search.request import SearchRequest
from search.text import tokens
from tests.search.engine.conftest import WORDS, add, document, some_documents
from tests.search.engine.reference import Slowly

SEGMENTS = 3


@pytest.fixture(scope="module")
def collection(tmp_path_factory) -> tuple[Snapshot, Slowly]:
    """Sixty documents in several segments, some of them replaced and deleted; and the same, slowly."""
    from governance.environment import SearchAddress
    from governance.models import Position
    from search.engines.whoosh.engine import open as open_engine

    engine = open_engine(SearchAddress("whoosh", path=tmp_path_factory.mktemp("matching") / "index"))
    documents = some_documents(40)
    engine.rebuild(documents, Position(0, 1))
    means = Slowly(documents).means  # a score is made with the mean lengths of the first build
    late = [
        document(number, {"title": ["refugee border"], "body": ["states of U.N. protection"]}) for number in (41, 7)
    ]
    add(engine, late[0])
    add(engine, late[1])
    since = engine.status().position
    engine.apply({3, 4}, [], since, Position(0, since.id + 1))
    left = [d for d in documents if d.record not in (3, 4, 7)] + late
    slowly = Slowly(left)
    slowly.means = means
    snapshot = engine.snapshot()
    assert len(snapshot.segments) == SEGMENTS
    return snapshot, slowly


def scores(snapshot: Snapshot, match: Match) -> dict[int, float]:
    return {
        snapshot.row(number)["record"]: score
        for number, score in zip(match.ids.tolist(), match.score.tolist(), strict=True)
    }


FORMS = sorted({token.text for word in WORDS for token in tokens(word)})
slots = st.sampled_from(FORMS).map(lambda word: (Form(word),)) | st.sampled_from(FORMS).map(word_slot)
zones = st.sampled_from([ZONES, CLOSE_ZONES, ("title", "names"), LINKED_ZONES, ("body", "title")])


class TestSlowly:
    @given(slots, zones)
    def test_a_word_scores_what_its_places_add_up_to(self, collection, slot, zones) -> None:
        snapshot, slowly = collection
        assert scores(snapshot, Matcher(snapshot).slot(slot, zones)) == pytest.approx(
            slowly.scores(slot, zones), rel=1e-4
        )

    @given(st.sampled_from(FORMS), st.sampled_from(FORMS))
    def test_not_leaves_out_what_has_the_word(self, collection, kept: str, left: str) -> None:
        snapshot, slowly = collection
        found = Evaluator(Matcher(snapshot)).run(Words((Phrase(kept), Not(Phrase(left)))))
        expected = slowly.phrase([(Form(kept),)]).keys() - slowly.phrase([(Form(left),)]).keys()
        if len(list(tokens(kept))) == len(list(tokens(left))) == 1:
            assert scores(snapshot, found).keys() == expected

    @given(st.lists(slots, min_size=2, max_size=3), zones)
    def test_so_does_a_phrase(self, collection, slots, zones) -> None:
        snapshot, slowly = collection
        found = scores(snapshot, Matcher(snapshot).phrase(slots, zones))
        assert found == pytest.approx(slowly.phrase(slots, zones), rel=1e-4)

    @given(st.lists(slots, min_size=2, max_size=2), st.sets(st.sampled_from(range(1, 42))))
    def test_a_phrase_is_looked_for_only_where_it_is_wanted(self, collection, slots, records) -> None:
        snapshot, slowly = collection
        found = scores(snapshot, Matcher(snapshot).phrase(slots, within=snapshot.of_records(records)))
        assert found.keys() == slowly.phrase(slots).keys() & records


@st.composite
def pairs(draw, depth: int = 2):
    """The same query as a tree of ours and as one of Whoosh's, in terms of single forms. Without NOT, in which Whoosh's
    own matcher passes over documents; that one is held to the slow reckoning."""
    kind = draw(st.sampled_from(["term", "phrase", *(("and", "or") if depth else ())]))
    if kind == "term":
        word = draw(st.sampled_from(FORMS))
        return (lambda run: run.matcher.slot((Form(word),))), whoosh.Term("words", word)
    if kind == "phrase":
        found = draw(st.lists(st.sampled_from(FORMS), min_size=2, max_size=3))
        return (lambda run: run.matcher.phrase([(Form(w),) for w in found])), whoosh.Phrase("words", found)
    ours, theirs = zip(*draw(st.lists(pairs(depth=depth - 1), min_size=2, max_size=3)), strict=True)
    if kind == "and":
        return (lambda run: run._and([child(run) for child in ours])), whoosh.And(list(theirs))
    return (lambda run: run._or([child(run) for child in ours])), whoosh.Or(list(theirs))


class TestStock:
    @settings(max_examples=40)
    @given(pairs())
    def test_whoosh_finds_the_same_documents(self, collection, pair) -> None:
        snapshot, _slowly = collection
        ours, theirs = pair
        found = ours(Evaluator(Matcher(snapshot)))
        assert found.ids.tolist() == stock.match(snapshot, theirs).ids.tolist(), theirs

    @settings(max_examples=30)
    @given(st.lists(st.sampled_from(FORMS), min_size=1, max_size=3, unique=True), st.booleans())
    def test_and_scores_them_the_same(self, collection, words, all_of_them) -> None:
        snapshot, _slowly = collection
        run = Evaluator(Matcher(snapshot))
        matches = [run.matcher.slot((Form(word),)) for word in words]
        kind = whoosh.And if all_of_them else whoosh.Or
        theirs = stock.match(snapshot, kind([whoosh.Term("words", word) for word in words]))
        ours = run._and(matches) if all_of_them else run._or(matches)
        assert ours.ids.tolist() == theirs.ids.tolist()
        assert ours.score.tolist() == pytest.approx(theirs.score.tolist(), rel=1e-4)

    @pytest.mark.parametrize("zone", ["title", "body", "related"])
    def test_whoosh_reads_each_zone_as_a_field(self, collection, zone: str) -> None:
        snapshot, slowly = collection
        for word in FORMS:
            found = stock.match(snapshot, whoosh.Term(zone, word))
            assert set(scores(snapshot, found)) == set(slowly.amounts((Form(word),), (zone,)))

    def test_whoosh_expands_prefixes_over_the_same_words(self, collection) -> None:
        snapshot, _slowly = collection
        theirs = stock.match(snapshot, whoosh.Prefix("words", "ref"))
        assert Evaluator(Matcher(snapshot)).run(Prefix("ref")).ids.tolist() == theirs.ids.tolist()

    def test_whoosh_knows_what_is_filed(self, collection) -> None:
        snapshot, _slowly = collection
        assert list(scores(snapshot, stock.match(snapshot, whoosh.Term("exact", "name=t9")))) == [9]


class TestNodes:
    @pytest.mark.parametrize(
        "node",
        [
            Everything(), Term("refugee"), Phrase("refugee border"), Prefix("ref"), Fuzzy("refugie", 2),
            Field("title", Term("refugee")), Field("kind", Term("theme")), Range("year", 1950, 1960),
            Not(Term("nothing")), And((Term("refugee"), Term("border"))), Or((Term("refugee"), Term("border"))),
            Words((Term("refugee"), Term("border"))),
        ],
        ids=lambda node: type(node).__name__,
    )  # fmt: skip
    def test_every_part_of_the_language_finds_something(self, collection, node) -> None:
        assert len(Evaluator(Matcher(collection[0])).run(node).ids)

    def test_a_query_of_whoosh_is_left_to_whoosh(self, collection) -> None:
        snapshot, _slowly = collection
        tree = Words((Term("refugee"), whoosh.Wildcard("words", "bo*r")))
        found = set(Evaluator(Matcher(snapshot)).run(tree).ids.tolist())
        assert found == set(Evaluator(Matcher(snapshot)).run(parse("refugee AND border").tree).ids.tolist())
        assert found

    def test_anything_else_is_an_error_and_never_nothing(self, collection) -> None:
        with pytest.raises(TypeError):
            Evaluator(Matcher(collection[0])).run("refugee")  # type: ignore[arg-type]


def test_a_field_is_looked_for_in_time_or_not_at_all(built, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = built(some_documents(5))
    monkeypatch.setattr(Matcher.__init__, "__defaults__", (-1.0,))
    with pytest.raises(QueryLimit):
        engine.search(SearchRequest(q="source:x"), parse("source:x"))
