"""How documents become arrays, and files of them."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.engines import IndexUnusable
from search.engines.whoosh import arrays, building
from search.engines.whoosh.arrays import ArrayFile, Arrays, ArrayWriter, before, distinct, either, ranges, sums
from search.engines.whoosh.dictionary import Dictionary, pack
from search.engines.whoosh.postings import Posting, join, locate, unite
from tests.search.engine.conftest import some_documents

lists = st.lists(st.integers(0, 300), max_size=60, unique=True).map(sorted)
several = st.lists(lists, max_size=4)


def posting(ids: list[int]) -> Posting:
    numbers = np.array(ids, dtype=np.int64)
    return Posting(numbers, (numbers + 1).astype(np.float32), (numbers % 2 * 2 + 1).astype(np.uint8))


@given(several, st.sampled_from([301, 100_000]))
def test_united_sets_have_each_document_once_with_the_sum(sets: list[list[int]], size: int) -> None:
    found = unite([posting(ids) for ids in sets], size)
    expected = sorted(set().union(*sets))
    assert found.ids.tolist() == expected
    assert found.amounts.tolist() == [sum(n + 1 for ids in sets for m in ids if m == n) for n in expected]
    assert found.flags.tolist() == [n % 2 * 2 + 1 for n in expected]


def test_a_set_with_numbers_that_cannot_be_leaves_nothing_to_the_next() -> None:
    right, wrong = posting(list(range(200))), posting([*range(190), 10**6])
    with pytest.raises(IndexError):
        unite([right, wrong], 301)
    with pytest.raises(IndexError):
        locate(right.ids, wrong.ids, 301)
    assert unite([right, posting([1, 300])], 301).amounts.tolist() == [1, 4, *range(3, 201), 301]
    assert locate(right.ids, posting([0, 7, 300]).ids, 301)[1].tolist() == [0, 1]


@given(st.lists(lists, min_size=1, max_size=4), st.sampled_from([301, 100_000]))
def test_sets_join_in_what_they_share(sets: list[list[int]], size: int) -> None:
    arrays = [np.array(ids, dtype=np.int64) for ids in sets]
    shared, places = join(arrays, size)
    assert shared.tolist() == sorted(set(sets[0]).intersection(*sets))
    assert all(array[at].tolist() == shared.tolist() for array, at in zip(arrays, places, strict=True))
    there, at = locate(arrays[0], arrays[-1], size)
    assert arrays[0][there].tolist() == arrays[-1][at].tolist()


@given(several)
def test_values_in_any_of_several_arrays_stand_once(sets: list[list[int]]) -> None:
    found = either([np.array(ids, dtype=np.int64) for ids in sets])
    assert found.tolist() == sorted(set().union(*sets))


@given(st.lists(st.integers(0, 5)))
def test_runs_of_numbers(counts: list[int]) -> None:
    sizes = np.array(counts, dtype=np.int64)
    starts = before(sizes)
    assert ranges(starts[:-1], sizes).tolist() == list(range(sum(counts)))
    assert sums(np.ones(sum(counts), dtype=np.float32), sizes).tolist() == counts
    assert distinct(sizes).tolist() == sorted(set(counts))


@given(st.sets(st.text(min_size=1, max_size=8)))
def test_a_dictionary_finds_its_terms_and_no_others(terms: set[str]) -> None:
    ordered = sorted(term.encode(errors="replace") for term in terms)
    ordered = sorted(set(ordered))
    packed = pack(ordered)
    found = Dictionary(Arrays({f"x.{name}": values for name, values in packed.items()}, {}), "x")
    assert found.terms() == ordered
    assert [found.find(term) for term in ordered] == list(range(len(ordered)))
    assert found.find(b"not there at all") == -1
    for prefix in (b"a", "é".encode(), b""):
        assert found.terms(found.starting(prefix)) == [term for term in ordered if term.startswith(prefix)]


class TestFiles:
    @pytest.fixture
    def path(self, tmp_path: Path) -> Path:
        writer = ArrayWriter(tmp_path / "file")
        for number in range(3):
            writer.add("one", np.arange(number * 1000, number * 1000 + 1000), "<i8")
            writer.add("other", np.full(5, number), "u1")
        writer.finish({"what": "this"})
        return tmp_path / "file"

    def test_arrays_that_grow_side_by_side_are_read_in_pieces(self, path: Path) -> None:
        file = ArrayFile(path)
        assert file.read("one", 998, 1002).tolist() == [998, 999, 1000, 1001]
        assert file.read("other").tolist() == [0] * 5 + [1] * 5 + [2] * 5
        assert (file.count("one"), file.meta) == (3000, {"what": "this"})

    def test_so_are_those_too_large_for_memory(self, path: Path, monkeypatch, tmp_path: Path) -> None:
        monkeypatch.setattr("search.engines.whoosh.arrays._IN_MEMORY", 1000)
        writer = ArrayWriter(tmp_path / "large")
        for start in range(0, 5000, 100):
            writer.add("one", np.arange(start, start + 100), "<i4")
        writer.finish({})
        assert ArrayFile(tmp_path / "large").read("one").tolist() == list(range(5000))

    @pytest.mark.parametrize("size", [0, 10, 20_000])
    def test_one_that_is_cut_is_unusable(self, path: Path, size: int) -> None:
        path.write_bytes(path.read_bytes()[:size])
        with pytest.raises(IndexUnusable):
            ArrayFile(path)


def test_a_segment_is_the_same_however_many_runs_it_was_built_in(built, monkeypatch) -> None:
    """Byte by byte, but for the order in which chunks and values were first met."""
    once = built(some_documents(40)).snapshot().segments[0]
    monkeypatch.setattr(building, "MOST_CHUNKS", 30)
    monkeypatch.setattr(arrays, "STRETCH", 50)
    pieces = built(some_documents(40)).snapshot().segments[0]
    for one, other in zip(once.files, pieces.files, strict=True):
        for name in one._directory:
            if name != "name_stems":  # sets, in any order
                assert one.read(name).tolist() == other.read(name).tolist(), name
