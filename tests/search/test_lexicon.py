"""Words of other languages and what they mean in English."""

import re

import pytest
import yaml

from governance.knowledge.files import TextLoader
from search.lexicon import FOLDER, FROM, language_of, meaning
from search.stems import stem
from search.text import words

SCRIPTS = {"fr": "[a-zà-ÿœæ'’-]+", "es": "[a-zà-ÿ-]+", "ar": "[\u0600-\u06ff]+", "ru": "[\u0400-\u04ff-]+"}


@pytest.mark.parametrize("language", FROM)
def test_a_lexicon_has_each_english_word_once_and_its_words_in_the_script_of_the_language(language: str) -> None:
    entries = yaml.load((FOLDER / f"{language}.yaml").read_text(encoding="utf-8"), Loader=TextLoader)
    assert len(entries) > 1500
    script = re.compile(SCRIPTS[language])
    wrong = {english: found for english, found in entries.items() if not all(map(script.fullmatch, found.split()))}
    assert not wrong
    assert not [english for english in entries if not re.fullmatch("[a-z-]+", english)]


@pytest.mark.parametrize(
    ("word", "language", "english"),
    [("ouvriers", "fr", "worker"), ("obreros", "es", "worker"), ("عمال", "ar", "worker"), ("рабочих", "ru", "worker")],
)
def test_any_form_of_a_word_means_what_the_word_means(word: str, language: str, english: str) -> None:
    assert stem(english, "en") in meaning(words(word)[0], language)


def test_a_word_as_it_is_written_is_not_taken_for_another_with_its_stem() -> None:
    assert stem("pay", "en") not in meaning("pays", "fr")


def test_an_arabic_word_is_found_behind_what_is_written_together_with_it() -> None:
    assert stem("والمهاجرين", "ar") == stem("المهاجرين", "ar")


@pytest.mark.parametrize(("text", "language"), [
    ("who helps the refugees", "en"), ("qui aide les réfugiés", "fr"), ("quién ayuda a los refugiados", "es"),
    ("من يساعد اللاجئين", "ar"), ("кто помогает беженцам", "ru"), ("réfugiés", "fr"), ("refugiados", "es"),
    ("Antarctic whaling quota", "en"), ("migration", "en"), ("GCIM", "en"), ("难民", "en"), ("", "en"), ("1951", "en"),
])  # fmt: skip
def test_the_language_of_a_query_is_told_by_its_words(text: str, language: str) -> None:
    assert language_of(words(text)) == language
