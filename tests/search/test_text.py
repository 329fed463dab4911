import pytest
import snowballstemmer
from hypothesis import given
from hypothesis import strategies as st
from snowballstemmer.english_stemmer import EnglishStemmer
from snowballstemmer.french_stemmer import FrenchStemmer
from snowballstemmer.spanish_stemmer import SpanishStemmer

from search.stems import COMMON, stem
from search.text import fold, key, tokens, words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Réfugiés", "REFUGIES"),
        ("re\u0301fugie\u0301s", "réfugiés"),
        ("ﬁnance", "finance"),
        ("ＲＥＦＵＧＥＥ", "refugee"),
        ("Straße", "strasse"),
        ("cœur", "coeur"),
        ("refu\u00adgee", "refugee"),
        ("الإعادة", "الاعاده"),
        ("اللَّاجِئِين", "اللاجئين"),
        ("على", "علي"),
        ("عـــدم", "عدم"),
        ("٢٠١٨", "2018"),
        ("Ёлка", "елка"),
    ],
)
def test_spellings_of_a_word_fold_to_one(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Non-refoulement", ["nonrefoulement", "nonrefoulement", "non", "refoulement"]),
        ("U.N.H.C.R. said", ["unhcr", "said"]),
        ("A/RES/73/195", ["a/res/73/195", "73/195", "a", "res", "73", "195"]),
        ("604/2013", ["604/2013", "604", "2013"]),
        ("the 5+5 Dialogue", ["the", "5+5", "5", "5", "dialogue"]),
        ("and/or", ["and", "or"]),
        ("State's duty", ["state", "duty"]),
        ("l’asile", ["l", "asile"]),
        ("end.Next", ["end", "next"]),
        ("re\u0301fugie\u0301s", ["refugies"]),
        ("不推回", ["不推", "不", "推回", "推", "回"]),
        ("…", []),
    ],
)
def test_words_come_in_parts_and_whole(text: str, expected: list[str]) -> None:
    assert [token.text for token in tokens(text)] == expected


def test_a_hyphenated_word_stands_at_its_first_and_its_last_place() -> None:
    places = {(token.text, token.position) for token in tokens("the non-refoulement rule")}
    assert places == {
        ("the", 0),
        ("nonrefoulement", 1),
        ("non", 1),
        ("nonrefoulement", 2),
        ("refoulement", 2),
        ("rule", 3),
    }


def test_a_token_knows_where_it_stands_in_the_text() -> None:
    text = "Les réfugiés, «ici»"
    assert [text[token.start : token.end] for token in tokens(text)] == ["Les", "réfugiés", "ici"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Non-refoulement", "nonrefoulement"),
        ("R-SAG", "rsag"),
        ("non refoulement", "nonrefoulement"),
        ("Côte d’Ivoire", "cote divoire"),
        ("5 + 5", "5 5"),
    ],
)
def test_spellings_of_a_name_have_one_key(one: str, other: str) -> None:
    assert key(one) == key(other)


def test_different_names_have_different_keys() -> None:
    assert key("5+5") != key("55")
    assert key("73/195") != key("731/95")
    assert key("no devolución") != key("devolución")


@pytest.mark.parametrize(
    ("language", "family"),
    [
        ("en", {"resettling", "resettlement", "resettled"}),
        ("en", {"organization", "organisations", "organising"}),
        ("en", {"labor", "labour"}),
        ("fr", {"refugie", "refugies"}),
        ("es", {"migrante", "migrantes"}),
        ("ru", {"беженцы", "беженцев"}),
    ],
)
def test_a_family_of_words_has_one_stem(language: str, family: set[str]) -> None:
    assert len({stem(word, language) for word in family}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("international", "internal"),
        ("government", "governance"),
        ("universal", "university"),
        ("organisation", "organ"),
        ("policy", "police"),
        ("community", "communication"),
    ],
)
def test_words_that_mean_different_things_have_different_stems(one: str, other: str) -> None:
    assert stem(one, "en") != stem(other, "en")


@pytest.mark.parametrize("word", ["c097", "73/195", "eu", "不"])
def test_what_is_no_plain_word_has_no_stem(word: str) -> None:
    assert stem(word, "en") == word


@given(st.text())
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert words(fold(text)) == words(fold(fold(text)))


@given(st.text())
def test_tokens_stand_inside_the_text_and_go_forward(text: str) -> None:
    found = list(tokens(text))
    assert all(0 <= token.start < token.end <= len(text) for token in found)
    parts = [token.position for token in found if not token.whole]
    assert parts == sorted(parts)


def test_compiled_stems_are_those_of_the_plain_stemmers() -> None:
    """`snowballstemmer` takes the compiled ones where they are; an index is read by both."""
    words = sorted(COMMON | {"displacement", "readmitted", "expulsions", "généralisées", "migratorias", "беженцев"})
    for language, plain in (("en", EnglishStemmer()), ("fr", FrenchStemmer()), ("es", SpanishStemmer())):
        compiled = snowballstemmer.stemmer({"en": "english", "fr": "french", "es": "spanish"}[language])
        assert [compiled.stemWord(word) for word in words] == [plain.stemWord(word) for word in words]
