"""Stems that stand just where a word does, and so have no list of their own."""

import tempfile
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from search.documents import SearchDocument
from search.engines.whoosh import merging
from search.engines.whoosh.building import Builder
from search.engines.whoosh.compacting import Source
from search.engines.whoosh.segment import Segment
from search.names import Text
from search.stems import stem
from search.text import tokens
from tests.search.engine.conftest import document

# The forms of a word, words of two languages that look alike, and one whose parts stand as a whole too.
WORDS = ("border", "borders", "pays", "payer", "non-border")
texts = st.builds(
    Text, st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join), st.sampled_from(("en", "fr"))
)
zones = st.dictionaries(st.sampled_from(("names", "body")), st.lists(texts, min_size=1, max_size=2), min_size=1)
# Documents, and whether each is still there at the first merge and at the second.
groups = st.lists(
    st.lists(st.tuples(zones, st.booleans(), st.booleans()), min_size=1, max_size=3), min_size=1, max_size=3
)


def written(folder: Path, name: str, documents: list[SearchDocument]) -> Segment:
    builder = Builder(folder)
    for one in documents:
        builder.add(one)
    builder.write(folder / name, None)
    return Segment(folder, name)


def with_zones(number: int, zones: dict[str, list[Text]]) -> SearchDocument:
    return replace(document(number, {}), zones={zone: tuple(found) for zone, found in zones.items()})


def of_words(*texts: str) -> list[SearchDocument]:
    return [document(number, {"body": [text]}) for number, text in enumerate(texts, 1)]


def places(segment: Segment) -> dict[str, dict[int, list[int]]]:
    """For each term where it stands in which document, as the segment has it."""
    found: dict[str, dict[int, list[int]]] = {}
    for number, term in enumerate(segment.words.terms()):
        where = found[term.decode()] = {}
        for name in ("close", "far"):
            listed = segment.listed(name, number)
            parts = np.split(listed.places, np.cumsum(listed.counts)[:-1])
            for owner, part in zip(listed.documents.tolist(), parts, strict=False):
                where.setdefault(owner, []).extend(part.tolist())
        assert segment.posting(number)[0].tolist() == sorted(where)
    return found


def counted(found: dict[str, dict[int, list[int]]]) -> dict[str, dict[int, int]]:
    return {term: {document: len(spots) for document, spots in where.items()} for term, where in found.items()}


def amounts(segment: Segment) -> dict[bytes, list[float]]:
    return {term: segment.posting(number)[1].tolist() for number, term in enumerate(segment.words.terms())}


def assert_same(one: Segment, other: Segment) -> None:
    assert places(one) == places(other)
    assert amounts(one) == amounts(other)


def source(segment: Segment, keep: list[bool]) -> Source:
    return Source(segment.columns, np.array(keep, dtype=bool), segment.postings, segment.terms)


def told(documents: list[SearchDocument]) -> dict[str, dict[int, int]]:
    """How often each term stands in which document, told from the texts."""
    found: dict[str, Counter[int]] = {}
    for number, one in enumerate(documents):
        for zone, texts in one.zones.items():
            for text in texts:
                stemmed = text.language == "en" or zone == "names"
                for token in tokens(text.text):
                    found.setdefault(token.text, Counter())[number] += 1
                    if stemmed and not token.whole:
                        term = f"~{text.language}:{stem(token.text, text.language)}"
                        found.setdefault(term, Counter())[number] += 1
    return {term: dict(times) for term, times in found.items()}


def is_shared(segment: Segment, word: str) -> bool:
    return segment.list_of[segment.words.find(f"~en:{word}".encode())] == segment.words.find(word.encode())


@given(groups)
def test_segments_merged_again_and_again_are_as_one_made_at_once_of_what_is_left(given_) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder, sources, left = Path(name), [], []
        for number, group in enumerate(given_):
            documents = [with_zones(place, zones) for place, (zones, *_keep) in enumerate(group)]
            segment = written(folder, f"s{number}", documents)
            assert counted(places(segment)) == told(documents)
            sources.append(source(segment, [first for _zones, first, _second in group]))
            left += [(one, second) for one, (_z, first, second) in zip(documents, group, strict=True) if first]
        merging.merge(sources, folder / "once", None)
        once = Segment(folder, "once")
        assert_same(once, written(folder, "fresh", [one for one, _second in left]))
        merging.merge([source(once, [second for _one, second in left]), sources[0]], folder / "twice", None)
        rest = [one for one, second in left if second] + [one for one, _second in left[: sources[0].kept]]
        assert_same(Segment(folder, "twice"), written(folder, "fresh again", rest))


def test_a_stem_of_one_word_takes_no_room(tmp_path: Path) -> None:
    one = written(tmp_path, "one", of_words("border", "border border"))
    assert is_shared(one, "border")
    assert one.postings.count("far.documents") == 2
    both = written(tmp_path, "both", of_words("border", "borders"))
    assert not is_shared(both, "border")
    assert both.postings.count("far.documents") == 4


def test_it_gets_a_list_when_another_word_comes_to_have_it(tmp_path: Path) -> None:
    found = [written(tmp_path, "one", of_words("border")), written(tmp_path, "two", of_words("borders"))]
    merging.merge([source(segment, [True]) for segment in found], tmp_path / "all", None)
    merged = Segment(tmp_path, "all")
    assert not is_shared(merged, "border")
    assert counted(places(merged))["~en:border"] == {0: 1, 1: 1}


def test_it_loses_it_again_one_merge_after_that_word_is_gone(tmp_path: Path) -> None:
    both = written(tmp_path, "both", of_words("border", "borders"))
    merging.merge([source(both, [True, False])], tmp_path / "first", None)
    first = Segment(tmp_path, "first")
    merging.merge([source(first, [True])], tmp_path / "second", None)
    assert [is_shared(segment, "border") for segment in (first, Segment(tmp_path, "second"))] == [False, True]


def test_what_is_gone_is_no_reason_to_share(tmp_path: Path) -> None:
    """The stem had as many places as the word, but not the same: a name in French has the word, with another stem."""
    french = with_zones(1, {"names": [Text("border", "fr")]})
    segment = written(tmp_path, "one", [french, *of_words("borders", "border")])
    merging.merge([source(segment, [True, False, True])], tmp_path / "all", None)
    merged = counted(places(Segment(tmp_path, "all")))
    assert (merged["~en:border"], merged["border"]) == ({1: 1}, {0: 1, 1: 1})
