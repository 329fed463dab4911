"""Sentences, and what a few words, a NOT or the number of a resolution find."""

import pytest

from search.everyday import standing_for
from search.irregular import IRREGULAR
from search.parser import parse
from search.questions import FILLERS, is_sentence, telling
from search.ranking import EVERYDAY, TRANSLATED
from search.stems import COMMON, stem
from search.text import fold
from tests.search.conftest import ask, slugs


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("can they send her back to danger", True),
        ("who helps the refugees in camps", True),
        ("quién ayuda a los refugiados", True),
        ("locals angry about refugees", True),
        ("sending people back", False),
        ("Convention Status Refugees Geneva 1951", False),
        ('can they send her "back to danger"', False),
        ("can they send her back -torture", False),
        ("can they send her back country:MA", False),
        ("can OR they send her back", False),
        ("", False),
    ],
)
def test_a_sentence_is_four_words_with_one_that_only_holds_it_together(text: str, expected: bool) -> None:
    assert is_sentence(parse(text).tree) is expected


def test_common_words_are_written_as_words_are_folded() -> None:
    assert {word for word in COMMON | FILLERS if fold(word) != word} == set()


def test_no_word_that_turns_a_meaning_round_is_common() -> None:
    negations = "no not nor without against never none nobody non ne pas sans jamais sin nunca لا عدم غير не нет без"
    assert not (COMMON | FILLERS) & set(negations.split())


@pytest.mark.parametrize(("form", "word"), [("fled", "flee"), ("sent", "sending"), ("children", "child")])
def test_an_irregular_form_has_the_stem_of_its_word(form: str, word: str) -> None:
    assert stem(form, "en") == stem(word, "en")


def test_no_irregular_form_stands_for_a_form_of_another_word() -> None:
    assert not IRREGULAR.keys() & set(IRREGULAR.values())


def test_who_asks_says_nothing_of_what_is_asked_about() -> None:
    assert telling("my cousin wants to know about camps", "en") == ["camps"]


@pytest.mark.parametrize(("text", "language", "expected"), [
    ("ma cousine veut venir au camp", "fr", ["camp"]),
    ("mi prima quiere venir al campamento", "es", ["campamento"]),
])  # fmt: skip
def test_a_word_that_means_nothing_but_such_words_is_one(text: str, language: str, expected: list[str]) -> None:
    assert telling(text, language) == expected


def test_everyday_words_stand_for_each_other_by_their_stems() -> None:
    assert ("en", stem("wages", "en"), EVERYDAY) in standing_for("salaries", "en")
    assert ("es", stem("salario", "es"), EVERYDAY) in standing_for("sueldo", "es")
    assert standing_for("refoulement", "en") == ()


def test_a_word_of_another_language_stands_for_what_it_means_and_less_for_what_stands_for_that() -> None:
    found = {other.stem: other.weight for other in standing_for("salaire", "fr") if other.language == "en"}
    assert found[stem("salary", "en")] == TRANSLATED
    assert found[stem("money", "en")] == EVERYDAY


@pytest.mark.once
@pytest.mark.usefixtures("collection")
class TestFinding:
    def test_an_everyday_word_helps_in_a_sentence_and_nowhere_else(self, publish) -> None:
        publish("topic", "wages", kind="theme", summary="What workers earn: wages.")
        assert slugs(ask("my cousin is asking about the salary there"))[0] == "wages"
        assert "wages" not in slugs(ask("salary"))

    def test_a_sentence_finds_what_has_most_of_its_telling_words_and_says_so(self) -> None:
        found = ask("what about sending people back from Casablanca")
        assert slugs(found)[0] == "non-refoulement"
        assert "sentence" in found.notices[0]

    @pytest.mark.parametrize("question", [
        "combien gagne un ouvrier au port", "cuánto es el sueldo de un obrero", "كم أجر العامل في الميناء",
        "какая зарплата у рабочих в порту",
    ])  # fmt: skip
    def test_a_question_in_another_language_finds_what_is_only_said_in_english(self, publish, question: str) -> None:
        publish("topic", "wages", kind="theme", summary="What workers earn: wages.")
        assert slugs(ask(question))[0] == "wages"

    def test_a_sentence_that_only_names_records_finds_these_first(self, publish) -> None:
        publish("topic", "unhcr-and-add", kind="theme", title="UNHCR difference UNHCR", summary="UNHCR, ADD and UNHCR.")
        assert set(slugs(ask("what is the difference between UNHCR and ADD"))[:2]) == {"unhcr", "abu-dhabi-dialogue"}

    def test_a_word_of_who_asks_does_not_outweigh_what_is_asked_about(self, publish) -> None:
        publish("topic", "cousins", kind="theme", summary="Cousins and other cousins.")
        publish("topic", "wages", kind="theme", summary="What workers earn: wages.")
        assert slugs(ask("my cousin is asking about her wages"))[0] == "wages"

    def test_an_irregular_form_finds_its_word(self, publish) -> None:
        publish("topic", "flight", kind="theme", summary="Families who flee.")
        assert "flight" in slugs(ask("families fled"))

    def test_a_name_that_reads_like_a_sentence_is_a_name(self) -> None:
        found = ask("the Convention relating to the Status of Refugees")
        assert slugs(found)[0] == "refugee-convention-1951"
        assert found.notices == ()

    def test_of_a_few_words_all_are_wanted(self) -> None:
        assert set(slugs(ask("agreement trafficking"))) == {"agreement-niger-morocco"}

    def test_a_short_word_is_not_taken_for_one_with_another_first_letter(self, publish) -> None:
        publish("topic", "malta", kind="theme")
        assert ask("yalta").count == 0
        assert slugs(ask("matla")) == ["malta"]
        assert slugs(ask("amlta")) == ["malta"]

    def test_the_number_of_a_resolution_finds_what_it_affirmed_next(self, publish) -> None:
        publish(
            "instrument",
            "resolution",
            kind="resolution",
            identifiers=[{"scheme": "un-symbol", "value": "A/RES/1/2"}],
            relations=[{"predicate": "affirms", "to": "instrument/global-compact-for-migration"}],
        )
        for spelling in ("A/RES/1/2", "resolution 1/2"):
            assert slugs(ask(spelling))[:2] == ["resolution", "global-compact-for-migration"]
            assert [hit.exact for hit in ask(spelling).hits[:2]] == [True, False]

    def test_a_definition_comes_next_to_what_it_defines_by_whatever_name(self, publish) -> None:
        publish(
            "topic",
            "definition",
            kind="definition",
            relations=[{"predicate": "defines", "to": "principle/non-refoulement"}],
        )
        assert slugs(ask("sending people back"))[:2] == ["non-refoulement", "definition"]

    def test_a_source_named_like_a_record_comes_after_it(self, publish) -> None:
        publish("source", "R9", "Burden-sharing", kind="reference")
        assert slugs(ask("burden-sharing"))[:2] == ["burden-sharing", "R9"]
