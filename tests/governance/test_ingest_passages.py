"""Passages as search and pages read them."""

import pytest

from governance.ingest.blocks import Block, Form
from governance.ingest.passages import passages_of, reading_at, readings
from governance.ingest.store import ingest
from governance.models import Source
from tests.governance.texts import make_source

pytestmark = pytest.mark.django_db


def bring_in(code: str = "T1", **fields) -> Source:
    source = make_source(code, **fields)
    texts = ("# Mills", "A sentence cut by", "Page 7", "<sup>1</sup> A note.", "the end of its page.")
    forms = (Form.HEADING, Form.BODY, Form.BODY, Form.FOOTNOTE, Form.FURNITURE)
    ingest(source, [Block(text, form) for text, form in zip(texts, forms, strict=True)])
    return source


def test_joined_paragraphs_are_one_reading_under_the_first_number() -> None:
    source = bring_in(residue=[3], joined=[[2, 5]])
    assert [(r.numbers, r.kind, r.text) for r in readings(source)] == [
        ((1,), "heading", "# Mills"),
        ((2, 5), "body", "A sentence cut by the end of its page."),
        ((3,), "residue", "Page 7"),
        ((4,), "footnote", "<sup>1</sup> A note."),
    ]


def test_a_reading_is_found_by_any_of_its_numbers() -> None:
    source = bring_in(joined=[[2, 5]])
    assert reading_at(source, 5) == reading_at(source, 2)
    assert reading_at(source, 6) is None


def test_numbers_that_the_text_does_not_have_join_nothing() -> None:
    source = bring_in(joined=[[9, 2], [8, 9]])
    assert [r.numbers for r in readings(source)] == [(1,), (2,), (3,), (4,), (5,)]
    assert reading_at(source, 9) is None


def test_the_index_takes_everything_but_residue() -> None:
    source = bring_in(residue=[3], joined=[[2, 5]], rights="snippets")
    found = list(passages_of([source.pk]))
    assert [item["number"] for item in found] == [1, 2, 4]
    assert found[1] == {
        "source": source.pk, "number": 2, "numbers": (2, 5), "kind": "body",
        "text": "A sentence cut by the end of its page.", "url": "/sources/T1/#p2",
        "parent": {"type": "source", "slug": "T1", "title": "Source T1"}, "rights": "snippets", "state": "published",
    }  # fmt: skip


def test_private_texts_are_kept_from_the_index() -> None:
    ids = [bring_in("T1", rights="private").pk, bring_in("T2").pk]
    assert {item["parent"]["slug"] for item in passages_of(ids)} == {"T2"}


def test_a_mark_made_later_counts_at_once() -> None:
    source = bring_in()
    source.residue = [1, 4]
    source.save()
    assert [item["number"] for item in passages_of([source.pk])] == [2, 3, 5]
