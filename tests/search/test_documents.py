"""What is written into the index for a record."""

from dataclasses import replace
from datetime import date

import pytest
from django.utils import translation

from governance.models import Date, Record
from search.dates import ALWAYS
from search.documents import SearchDocument, documents_of
from search.zones import prose

pytestmark = pytest.mark.usefixtures("collection")


def documents(*slugs: str) -> dict[str, SearchDocument]:
    records = Record.objects.visible_to(None).filter(slug__in=slugs)
    return {document.slug: document for document in documents_of(records)}


def words(document: SearchDocument, zone: str) -> str:
    return " | ".join(text.text for text in document.zones.get(zone, ()))


def test_a_record_is_one_document_and_each_provision_another() -> None:
    found = documents("refugee-convention-1951")
    assert set(found) == {"refugee-convention-1951", "article-33", "article-31"}
    whole, part = found["refugee-convention-1951"], found["article-33"]
    assert part.key == f"{whole.key}/article-33"
    assert part.record == whole.record
    assert part.type == "provision"
    assert part.url == "/instruments/refugee-convention-1951/article-33/"
    assert part.parent == {"type": whole.type, "slug": whole.slug, "title": whole.title, "url": whole.url}


def test_names_are_kept_apart_by_kind_and_have_their_language() -> None:
    document = documents("non-refoulement")["non-refoulement"]
    languages = {text.text: text.language for text in document.zones["names"]}
    assert languages["no devolución"] == "es"
    assert "sending people back" not in languages
    assert words(document, "plain") == "sending people back"


def test_an_abbreviation_has_both_numbers_and_no_stem() -> None:
    names = documents("global-compact-for-migration")["global-compact-for-migration"].zones["names"]
    assert {text.text for text in names if not text.stemmed} == {"GCM", "GCMs"}


def test_everything_a_record_is_called_is_filed_with_a_rank() -> None:
    filed = documents("non-refoulement")["non-refoulement"].exact
    assert filed["name=nonrefoulement"] == 4
    assert filed["name=refoulement"] == 3
    assert filed["name=sendingpeopleback"] == 2
    assert documents("global-compact-for-migration")["global-compact-for-migration"].exact["pair=73/195"] == 4


def test_a_provision_is_called_by_its_label_with_a_name_of_its_instrument() -> None:
    filed = documents("refugee-convention-1951")["article-33"].exact
    assert {"name=article331951convention", "name=1951conventionarticle33"} <= set(filed)
    assert "name=article33" not in filed


def test_facets_of_a_record() -> None:
    facets = documents("agreement-niger-morocco")["agreement-niger-morocco"].facets
    assert facets["level"] == ("subregional", "regional")
    assert facets["binding"] == ("unstated",)
    assert facets["country"] == ("MA", "NE")
    assert set(facets["region"]) == {"015", "011", "002"}
    assert facets["topic"] == ("human-trafficking",)


def test_a_provision_has_the_facets_of_its_instrument_but_its_own_principles() -> None:
    found = documents("refugee-convention-1951")
    assert found["article-33"].facets["level"] == ("global",)
    assert found["article-33"].facets["principle"] == ("non-refoulement",)
    assert found["article-31"].facets["principle"] == ()
    assert found["article-33"].carried == {"non-refoulement": 3}


def test_dates_become_years_a_first_day_and_a_time_in_force() -> None:
    calendar = documents("dublin-iii")["dublin-iii"].calendar
    assert calendar.years == ((2013, 2013), (2026, 2026))
    assert calendar.starts == date(2013, 7, 19).toordinal()
    assert calendar.force == (date(2013, 7, 19).toordinal(), date(2026, 6, 11).toordinal())
    assert documents("global-compact-for-migration")["global-compact-for-migration"].calendar.force[1] == ALWAYS


def test_a_date_that_is_none_is_passed_over() -> None:
    Date.objects.filter(record__slug="dublin-iii").update(value="soon")
    calendar = documents("dublin-iii")["dublin-iii"].calendar
    assert (calendar.years, calendar.starts, calendar.force) == ((), None, None)


def test_short_phrases_of_the_sources_are_searched() -> None:
    assert "who is a refugee" in words(documents("refugee-convention-1951")["refugee-convention-1951"], "evidence")


def test_a_record_is_found_with_what_it_is_linked_to() -> None:
    found = documents("MA", "trafficking-protocol", "refugee-convention-1951")
    assert "Agreement between Niger and Morocco party" in words(found["MA"], "related")
    assert "UNHCR" in words(found["refugee-convention-1951"], "related")
    assert "Human trafficking" in words(found["trafficking-protocol"], "tags")


def test_whoever_indexes_in_whatever_language_writes_the_same() -> None:
    with translation.override("fr"):
        french = documents("dublin-iii")["dublin-iii"]
    assert french.digest == documents("dublin-iii")["dublin-iii"].digest


def test_the_order_in_which_forms_are_filed_does_not_matter() -> None:
    """Sets of texts have another order in every process."""
    document = documents("dublin-iii")["dublin-iii"]
    turned = replace(document, exact=dict(reversed(document.exact.items())))
    assert list(turned.exact) != list(document.exact)
    assert turned.digest == document.digest


def test_another_word_is_another_digest() -> None:
    before = documents("dublin-iii")["dublin-iii"]
    Record.objects.filter(slug="dublin-iii").update(summary="New words.")
    after = documents("dublin-iii")["dublin-iii"]
    assert after.digest != before.digest
    assert after.mention == before.mention


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("**Four** wordings, see [there](https://x.org).", "Four wordings, see there ."),
        ("# Head\n\n- one\n- two\n\n> quoted", "Head one two quoted"),
        ("1. first\n2. second", "first second"),
        ("", ""),
    ],
)
def test_markdown_becomes_words(markdown: str, text: str) -> None:
    assert prose(markdown).replace(".", "").split() == text.replace(".", "").split()
