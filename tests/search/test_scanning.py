"""Scanning finds the tokens that analysing the whole text finds."""

from hypothesis import given
from hypothesis import strategies as st

from search.highlight import Highlighter
from search.scanning import scan
from search.text import tokens

PIECES = st.sampled_from(
    ["refugee", "Refugees", "non-refoulement", "nonrefoulement", "A/RES/73/195", "73/195", "U.N.H.C.R.", "unhcr",
     "l’État",
     "état", "state's", "s", "a", "e.g.", "run-down.Then", "été…", "x_y", "3.5", "½", "ﬁnance", "难民", "اللاجئين", "é",
     "well—known", "«", "»", "\n", "/", "-"]
)  # fmt: skip
texts = st.lists(PIECES, max_size=12).flatmap(
    lambda pieces: st.sampled_from([" ", "", ", ", "\n"]).map(lambda between: between.join(pieces))
)
WORDS = ("refugee", "refugees", "refoulement", "nonrefoulement", "73/195", "unhcr", "etat", "state", "s", "a", "y", "e")


@given(texts, st.sets(st.sampled_from(WORDS)))
def test_it_finds_the_same_tokens(text: str, sought: set[str]) -> None:
    found = scan(text, sought)
    if found is not None:
        expected = [(token.text, token.start, token.end) for token in tokens(text) if token.text in sought]
        assert sorted((token.text, token.start, token.end) for token in found) == sorted(expected)


@given(texts, st.sets(st.sampled_from(WORDS), min_size=1))
def test_snippets_are_the_same_either_way(text: str, terms: set[str]) -> None:
    assert Highlighter(terms, ()).snippet([text]) == Highlighter(terms).snippet([text])


def test_plain_prose_is_scanned() -> None:
    assert scan("The State’s duty – non-refoulement – is «not» negotiable…", {"duty"}) is not None


def test_however_many_words_are_sought_the_second_form_of_one_is_found() -> None:
    sought = {"nonrefoulement", *(f"word{number}" for number in range(100))}
    assert [token.text for token in scan("on non-refoulement", sought) or ()] == ["nonrefoulement"] * 2
