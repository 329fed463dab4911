"""The words for people who write documents are those that the code knows."""

import re

from django.conf import settings

from governance.models import vocabulary
from governance.models.vocabulary import KINDS, PREDICATES, Type

PAGE = (settings.BASE_DIR / "docs" / "documents.md").read_text()
LISTED = dict(re.findall(r"^\| ([^|]+?) \| ([^|]+?) \|$", PAGE.split("## Vocabulary")[1], re.MULTILINE))


def words(row: str) -> set[str]:
    return set(re.sub(r"\(.*?\)", "", LISTED[row]).split())


def test_the_kinds_of_every_type_are_listed():
    for type_, kinds in KINDS.items():
        if kinds:
            assert words(f"kind of {type_}") == set(kinds)


def test_every_closed_list_is_listed():
    rows = {
        "binding": vocabulary.Binding, "kind of name": vocabulary.NameKind, "scheme": vocabulary.Scheme,
        "event of a date": vocabulary.DateEvent, "act": vocabulary.Act, "kind of caveat": vocabulary.CaveatKind,
        "strength of a principle": vocabulary.Strength,
    }  # fmt: skip
    for row, choices in rows.items():
        assert words(row) == set(choices.values), row


def test_every_predicate_is_listed_with_its_inverse():
    pairs = [tuple(pair.split(" → ")) for pair in LISTED["predicate → its inverse"].split(" · ")]
    assert pairs == [(predicate.name, predicate.inverse) for predicate in PREDICATES.values()]


def test_no_predicate_is_the_inverse_of_another():
    inverses = [predicate.inverse for predicate in PREDICATES.values()]
    assert len(set(inverses)) == len(inverses)
    assert {name for name in PREDICATES if name in inverses} == {p.name for p in PREDICATES.values() if p.symmetric}


def test_every_type_has_a_plural_and_kinds():
    assert set(vocabulary.PLURALS) == set(Type) == set(KINDS)


def test_events_that_begin_end_or_lead_are_events():
    known = set(vocabulary.DateEvent.values)
    for events in (
        vocabulary.START_EVENTS, vocabulary.TEXT_START_EVENTS, vocabulary.END_EVENTS, vocabulary.LEADING_EVENTS,
    ):  # fmt: skip
        assert set(events) <= known
    assert not set(vocabulary.LEADING_EVENTS) & set(vocabulary.END_EVENTS)
    assert set(vocabulary.LINEAGE) <= set(PREDICATES)
