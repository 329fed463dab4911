from hypothesis import given
from hypothesis import strategies as st

from search.highlight import Highlighter


def snippet(texts: list[str], terms: set[str]) -> str:
    return Highlighter(terms).snippet(texts)


def test_words_are_marked_in_the_text_as_it_stands() -> None:
    assert snippet(["Les Réfugiés arrivent"], {"refugies"}) == "Les <mark>Réfugiés</mark> arrivent"


def test_words_are_marked_by_their_stem() -> None:
    assert snippet(["They resettled"], {"~en:resettl"}) == "They <mark>resettled</mark>"


def test_a_hyphenated_word_is_marked_once() -> None:
    assert (
        snippet(["the non-refoulement rule"], {"nonrefoulement", "refoulement"})
        == "the <mark>non-refoulement</mark> rule"
    )


def test_the_first_text_with_a_match_is_shown() -> None:
    assert snippet(["nothing here", "but danger there"], {"danger"}) == "but <mark>danger</mark> there"


def test_without_a_match_the_beginning_is_shown() -> None:
    assert snippet(["", "One two"], {"x"}) == "One two"
    long = snippet(["word " * 100], {"x"})
    assert long.endswith("word…")
    assert len(long) < 250


def test_the_stretch_with_most_of_the_words_is_shown() -> None:
    text = "danger " + "filler " * 60 + "danger and return " + "filler " * 60
    shown = snippet([text], {"danger", "return"})
    assert shown.startswith("… ")
    assert shown.endswith(" …")
    assert "<mark>danger</mark> and <mark>return</mark>" in shown


@given(st.text(alphabet="ab<>&\"' é-", max_size=600), st.sets(st.sampled_from(["a", "b", "ab", "ba"])))
def test_no_text_becomes_markup(text: str, terms: set[str]) -> None:
    bare = snippet([text], terms).replace("<mark>", "").replace("</mark>", "")
    assert "<" not in bare
    assert ">" not in bare
