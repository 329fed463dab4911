"""Paragraphs of a source's full text as hits, once the text is brought in."""

import re

import pytest
from django.test import Client

from governance.ingest.blocks import Block, Form
from governance.ingest.store import ingest
from governance.models import Source
from search import sync
from search.checking import compare
from tests.search.conftest import ask

pytestmark = pytest.mark.usefixtures("growing")

TEXT = (
    Block("# Millers of the valley", Form.HEADING),
    Block("The millers **of the valley** grind barley for every household."),
    Block("Page 3"),
    Block("Swallows are counted, " + "and counted again, " * 40 + "by nobody."),
)


@pytest.fixture
def source(growing: None) -> Source:
    source = Source.objects.get(slug="S4")
    Source.objects.filter(pk=source.pk).update(residue=[3], rights="open")
    source.refresh_from_db()
    ingest(source, TEXT)
    return source


def found(words: str, **filters) -> list[str]:
    return [hit.slug for hit in ask(words, **filters).hits if hit.type == "passage"]


def test_a_paragraph_is_a_hit_under_its_source_and_leads_to_its_anchor(source: Source) -> None:
    hit = ask("grind barley").hits[0]
    assert (hit.type, hit.slug, hit.title, hit.url) == ("passage", "p2", "Paragraph 2", "/sources/S4/#p2")
    assert hit.parent == {"type": "source", "slug": "S4", "title": "Background note", "url": "/sources/S4/"}
    assert hit.snippet == ("The millers of the valley <mark>grind</mark> <mark>barley</mark> for every household.")


def test_page_residue_is_no_hit(source: Source) -> None:
    assert found("", type="passage") == ["p1", "p2", "p4"]


def test_they_are_counted_and_filtered_as_passages_of_their_source(source: Source) -> None:
    counts = {name: {c.value: c.count for c in counts} for name, counts in ask("type:passage").facets.items()}
    assert counts["type"] == {"passage": 3}
    assert counts["source"] == {"S4": 3}
    assert found("millers", source="S4") == ["p1", "p2"]


def test_the_page_shows_them_grouped_with_their_breadcrumb(source: Source, client: Client) -> None:
    page = client.get("/search/", {"q": "millers valley"}).content.decode()
    assert page.count('<article class="card hit">') == 1
    trails = re.findall(r'<p class="hit__trail">(.*?)</p>', page)
    assert [re.findall(r'href="([^"]+)"', trail) for trail in trails] == [
        ["/sources/S4/", "/sources/S4/#p1"], ["/sources/S4/", "/sources/S4/#p2"],
    ]  # fmt: skip


def test_of_a_text_of_which_only_extracts_may_be_shown_no_more_is_shown(source: Source) -> None:
    Source.objects.filter(pk=source.pk).update(rights="snippets")
    hit = ask("nobody swallows").hits[0]
    assert hit.slug == "p4"
    assert "<mark>" in hit.snippet
    assert len(re.sub("<[^>]+>", "", hit.snippet)) <= 200
    assert {hit.snippet for hit in ask("type:passage").hits} == {""}


def test_a_private_text_is_not_known(source: Source) -> None:
    Source.objects.filter(pk=source.pk).update(rights="private")
    assert ask("grind barley").count == 0


def test_a_text_brought_in_anew_is_found_by_its_new_words_at_its_old_anchors(source: Source) -> None:
    ingest(source, (TEXT[0], Block("A word from the miller."), *TEXT[1:]))
    assert found("grind barley") == ["p2"]
    assert found("word miller") == ["p13"]  # the first number that neither the text nor a citation used
    sync.catch_up()
    assert not compare()


def test_they_are_not_suggested(source: Source, client: Client) -> None:
    assert client.get("/search/suggest/", {"q": "paragraph"}).json()["suggestions"] == []
