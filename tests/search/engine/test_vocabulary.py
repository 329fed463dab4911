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
segments = st.lists(st.lists(st.tuples(zones, st.booleans()), min_size=1, max_size=3), min_size=1, max_size=3)


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


def places(segment: Segment) -> dict[str, dict[int, int]]:
    """For each term how often it stands in which document, as the segment has it."""
    found = {}
    for number, term in enumerate(segment.words.terms()):
        times: Counter[int] = Counter()
        for name in ("close", "far"):
            listed = segment.listed(name, number)
            times.update(dict(zip(listed.documents.tolist(), listed.counts.tolist(), strict=True)))
        found[term.decode()] = {document: count for document, count in times.items() if count}
        assert segment.posting(number)[0].tolist() == sorted(found[term.decode()])
    return found


def told(documents: list[SearchDocument]) -> dict[str, dict[int, int]]:
    """The same, told from their texts."""
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
    return segment.lists[segment.words.find(f"~en:{word}".encode())] == segment.words.find(word.encode())


@given(segments)
def test_every_term_is_where_the_texts_have_it_after_segments_were_merged(given_) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder, sources, kept = Path(name), [], []
        for number, group in enumerate(given_):
            documents = [with_zones(place, zones) for place, (zones, _keep) in enumerate(group)]
            segment = written(folder, f"s{number}", documents)
            assert places(segment) == told(documents)
            keep = np.array([keep for _zones, keep in group])
            sources.append(Source(segment.columns, keep, postings=segment.postings, terms=segment.terms))
            kept += [document for document, keeps in zip(documents, keep, strict=True) if keeps]
        merging.merge(sources, folder / "all", None)
        assert places(Segment(folder, "all")) == told(kept)


def test_a_stem_of_one_word_takes_no_room(tmp_path: Path) -> None:
    one = written(tmp_path, "one", of_words("border", "border border"))
    assert is_shared(one, "border")
    assert one.postings.count("far.documents") == 2
    both = written(tmp_path, "both", of_words("border", "borders"))
    assert not is_shared(both, "border")
    assert both.postings.count("far.documents") == 4


def test_it_gets_a_list_when_another_word_comes_to_have_it(tmp_path: Path) -> None:
    found = [written(tmp_path, "one", of_words("border")), written(tmp_path, "two", of_words("borders"))]
    sources = [Source(segment.columns, postings=segment.postings, terms=segment.terms) for segment in found]
    merging.merge(sources, tmp_path / "all", None)
    merged = Segment(tmp_path, "all")
    assert not is_shared(merged, "border")
    assert places(merged)["~en:border"] == {0: 1, 1: 1}


def test_what_is_gone_is_no_reason_to_share(tmp_path: Path) -> None:
    """The stem had as many places as the word has, but not the same ones: a name in French has the word and no stem."""
    french = with_zones(1, {"names": [Text("border", "fr")]})
    segment = written(tmp_path, "one", [french, *of_words("borders", "border")])
    keep = np.array([True, False, True])
    merging.merge([Source(segment.columns, keep, segment.postings, segment.terms)], tmp_path / "all", None)
    merged = Segment(tmp_path, "all")
    assert places(merged)["~en:border"] == {1: 1}
    assert places(merged)["border"] == {0: 1, 1: 1}
