"""The measure of completeness, on a made-up checklist about a river treaty."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from governance.completeness import Checklist, ChecklistError, Measure, spellings, words
from governance.knowledge.load import load

LISTS = ("names", "relations", "participation", "provisions", "principles", "topics", "caveats", "citations")


def document(reference: str, title: str, **fields: Any) -> dict:
    type_, slug = reference.split("/")
    return {"type": type_, "slug": slug, "title": title, **{key: [] for key in LISTS}, **fields}


def cited(field: str, paragraph: int, quote: str = "") -> dict:
    return {"field": field, "source": "T1", "paragraph": paragraph, "quote": quote}


def entity(key: str, type_: str, name: str, paragraph: int = 2, **more: Any) -> dict:
    core = {"key": key, "type": type_, "names": [name], "locators": [f"T1.p{paragraph}"], "sources": ["T1"]}
    return core | {"salience": "core"} | more


def checklist(entities: list[dict] | None = None, facts: list[dict] | None = None, **more: list[dict]) -> Checklist:
    documents = [{"id": "T1", "boilerplate_paragraphs": ["T1.p9"]}]
    return Checklist(entities or [], facts or [], more.get("discrepancies", []), documents)


def missing(given: Checklist, documents: list[dict], kind: str) -> list[str]:
    return Measure(given, documents).scores("T1")[kind].missing


TREATY = document("instrument/river-treaty", "River Treaty", citations=[cited("/summary", 2)], summary="Shares water.")


def test_words_know_no_markup_accents_or_case() -> None:
    assert words("The 10<sup>th</sup> Café’s “Dialogue”") == ["the", "10th", "cafe", "dialogue"]


def test_an_abbreviation_in_brackets_is_a_name_of_its_own() -> None:
    assert spellings("the River Council (RC)") == {"river council rc", "river council", "rc"}


def test_an_entity_is_a_record_of_that_name_type_and_paragraph() -> None:
    assert missing(checklist([entity("treaty", "instrument", "River Treaty")]), [TREATY], "core") == []


@pytest.mark.parametrize(
    "wanted",
    [
        entity("treaty", "instrument", "River"),
        entity("treaty", "instrument", "River Treaty of 1950"),
        entity("treaty", "event", "River Treaty"),
        entity("treaty", "instrument", "River Treaty", paragraph=3),
    ],
    ids=["part of the name", "longer name", "other type", "other paragraph"],
)
def test_what_only_resembles_a_record_is_missing(wanted: dict) -> None:
    assert missing(checklist([wanted]), [TREATY], "core") == ["treaty"]


def test_a_plain_name_is_for_searching_and_does_not_count() -> None:
    named = TREATY | {"names": [{"text": "Water Pact", "kind": "plain"}]}
    assert missing(checklist([entity("treaty", "instrument", "Water Pact")]), [named], "core") == ["treaty"]


def test_one_record_does_not_stand_for_two_entities() -> None:
    twice = [entity("one", "instrument", "River Treaty"), entity("two", "instrument", "River Treaty")]
    assert missing(checklist(twice), [TREATY], "core") == ["two"]


def test_entities_that_may_merge_share_a_record() -> None:
    twice = [
        entity("treaty", "instrument", "River Treaty"),
        entity("signing", "event", "River Treaty", may_merge_with=["treaty"]),
    ]
    assert missing(checklist(twice), [TREATY], "core") == []


def test_of_two_records_of_a_name_the_one_with_the_parties_is_taken() -> None:
    north, south = (
        document(
            f"instrument/{who}", f"{who} deal", names=[{"text": "Deal", "kind": "alias"}], citations=[cited("/x", 2)]
        )
        for who in ("Northland", "Southland")
    )
    wanted = [
        entity("south", "country", "Southland"),
        entity("deal", "instrument", "Deal", parties=["south"]),
    ]
    assert Measure(checklist(wanted), [north, south]).records["deal"].key == ("instrument", "Southland")


def test_a_long_part_stands_for_a_name_too_long_to_be_kept() -> None:
    long = "how can the states of the upper valley share their water with those below"
    asked = document(
        "topic/q", "Sharing", names=[{"text": long[:44], "kind": "alias"}], citations=[cited("/names/0", 2)]
    )
    assert missing(checklist([entity("q", "question", long)]), [asked], "core") == []


def test_a_city_is_found_as_the_place_of_an_event() -> None:
    meeting = document("event/meeting", "Meeting", place="Ferrytown, Northland", citations=[cited("/place", 2)])
    assert missing(checklist([entity("city", "region", "Ferrytown")]), [meeting], "core") == []
    assert missing(checklist([entity("city", "region", "Ferry")]), [meeting], "core") == ["city"]


def fact(object_: str, is_key: bool = False, paragraph: int = 2, **more: Any) -> dict:
    return {
        "id": "F1", "subject": "treaty", "predicate": "has", "object": object_, "object_is_key": is_key,
        "locators": [f"T1.p{paragraph}"], "evidence": "a fact of its own", "document": "T1",
    } | more  # fmt: skip


def has(given: dict, *documents: dict, entities: tuple[dict, ...] = ()) -> bool:
    wanted = [entity("treaty", "instrument", "River Treaty"), *entities]
    return missing(checklist(wanted, [given]), [TREATY, *documents], "facts") == []


def test_a_fact_is_worded_on_its_record_and_cited_there() -> None:
    assert has(fact("shared water"))
    assert not has(fact("shared gold"))
    assert not has(fact("shared water", paragraph=3))


def test_every_number_of_a_fact_must_be_there() -> None:
    assert not has(fact("shares water of 3 rivers"))


def test_the_quoted_phrase_of_a_fact_is_enough() -> None:
    quoting = document("topic/dams", "Dams", citations=[cited("/summary", 2, "a fact of its own")])
    dams = entity("dams", "topic", "Dams")
    assert has(fact("anything else", subject="dams"), quoting, entities=(dams,))


def test_two_records_of_a_fact_must_be_tied_or_named() -> None:
    dams = entity("dams", "topic", "Dams")
    apart = document("topic/dams", "Dams", citations=[cited("/summary", 2)])
    tied = apart | {"relations": [{"type": "instrument", "slug": "river-treaty"}]}
    assert not has(fact("dams", is_key=True), apart, entities=(dams,))
    assert has(fact("dams", is_key=True), tied, entities=(dams,))


def test_a_discrepancy_is_a_caveat_at_its_paragraph() -> None:
    wanted = [{"id": "D1", "title": "Two dates", "entities": ["treaty"], "locators": ["T1.p2"]}]
    given = checklist([entity("treaty", "instrument", "River Treaty")], discrepancies=wanted)
    warned = TREATY | {"caveats": [{"kind": "dating", "text": "Two dates.", "citations": [cited("", 2)]}]}
    assert missing(given, [TREATY], "discrepancies") == ["D1 Two dates"]
    assert missing(given, [warned], "discrepancies") == []


def test_page_residue_is_no_evidence_except_for_the_text_itself() -> None:
    source = document("source/T1", "A text", citations=[cited("/publisher", 9)])
    leaning = document("topic/dams", "Dams", citations=[cited("/summary", 9)])
    assert missing(checklist(), [source], "residue") == []
    assert missing(checklist(), [source, leaning], "residue") == ["T1.p9 is cited as evidence"]


def test_a_score_of_nothing_is_complete() -> None:
    assert Measure(checklist(), []).scores("T1")["core"].percent == 100


def write(folder: Path, given: Checklist) -> Path:
    for name in Checklist.__dataclass_fields__:
        (folder / f"{name}.json").write_text(json.dumps(getattr(given, name)), encoding="utf-8")
    return folder


@pytest.mark.django_db
def test_the_command_measures_what_is_published(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fixtures = tmp_path / "documents.yaml"
    fixtures.write_text(
        "- {type: source, slug: T1, title: A text, kind: reference}\n"
        "- {type: topic, slug: dams, title: Dams, kind: theme, summary: {value: Walls of water., cite: [T1.2]}}\n"
        "- {type: topic, slug: locks, title: Locks, kind: theme, state: draft,"
        " summary: {value: Gates of water., cite: [T1.2]}}\n",
        encoding="utf-8",
    )
    assert load(fixtures).faults == []
    wanted = [entity("dams", "topic", "Dams"), entity("locks", "topic", "Locks")]
    call_command("measure_completeness", write(tmp_path, checklist(wanted)), "--missing")
    out = capsys.readouterr().out
    assert "T1: core 1/2 (50 %)" in out
    assert "T1 core: locks" in out


def test_a_folder_without_a_checklist_is_named(tmp_path: Path) -> None:
    with pytest.raises(ChecklistError, match=r"entities\.json"):
        Checklist.read(tmp_path)
    with pytest.raises(CommandError, match=r"entities\.json"):
        call_command("measure_completeness", tmp_path)
