"""Filters that act at once where there is JavaScript: address and history right, focus kept, results said aloud."""

import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


def test_a_facet_narrows_in_place(page: Page) -> None:
    page.goto("/instruments/?level=regional")
    page.evaluate("window.isTheSamePage = true")
    choice = page.locator("#c-binding-binding")
    choice.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"level=regional&binding=binding$"))
    expect(page.locator("#announce")).to_have_text(re.compile(r"^\d+ records? of \d+$"))
    expect(choice).to_be_focused()
    expect(page).to_have_title(re.compile("Regional level, Binding"))
    page.locator("#facet-topic > summary").click()
    page.locator("#f-q").fill("schengen")
    expect(page).to_have_url(re.compile(r"binding=binding&q=schengen$"))
    expect(page.locator("#f-q")).to_be_focused()
    assert page.locator("#facet-topic").get_attribute("open") is not None
    page.get_by_role("list", name="Applied").get_by_role("link", name=re.compile("Binding")).click()
    expect(page).to_have_url(re.compile(r"\?level=regional&q=schengen$"))
    expect(page.locator("#results")).to_be_focused()
    assert page.evaluate("window.isTheSamePage")
    page.go_back()
    expect(page).to_have_url(re.compile("binding=binding"))
    expect(page.get_by_role("list", name="Applied")).to_contain_text("Binding")
    page.go_back()
    expect(page.locator("#f-q")).to_have_value("")


def test_a_page_of_a_search_is_turned_in_place(page: Page) -> None:
    page.goto("/search/?q=refugee")
    page.evaluate("window.isTheSamePage = true")
    page.get_by_role("link", name="Next").click()
    expect(page).to_have_url(re.compile("page=2"))
    expect(page.locator("#announce")).to_contain_text("page 2 of")
    expect(page.locator("#results")).to_be_focused()
    assert page.evaluate("window.isTheSamePage")


def test_a_choice_of_a_long_facet_is_found_by_typing(page: Page) -> None:
    page.goto("/instruments/")
    page.locator("#facet-topic > summary").click()
    page.get_by_label("Find in Topic").fill("ASYL")
    shown = page.locator("#facet-topic li:visible")
    expect(shown.first).to_contain_text("Asylum")
    assert all("asyl" in text.lower() for text in shown.all_inner_texts())


@pytest.mark.parametrize("tolerated", ["404"])
def test_an_answer_that_is_no_list_is_shown_as_the_page_it_is(page: Page, tolerated: str) -> None:
    beyond = lambda route: route.continue_(url=route.request.url.replace("page=2", "page=99"))  # noqa: E731
    page.goto("/instruments/")
    page.route(re.compile("page=2"), beyond)
    page.get_by_role("link", name="Next").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("There is nothing at this address")
    expect(page).to_have_url(re.compile("page=2$"))
