"""Searching in a real browser: a principle, and the provisions that carry it."""

import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


def search_from_home(page: Page, words: str) -> None:
    page.goto("/")
    page.get_by_role("main").locator("input[type=search]").fill(words)
    page.keyboard.press("Enter")


@pytest.mark.parametrize(
    "context_options", [{}, {"java_script_enabled": False}, {"viewport": {"width": 360, "height": 740}}]
)
def test_a_principle_comes_first_and_the_provisions_that_carry_it_next(page, context_options):
    search_from_home(page, "non-refoulement")
    expect(page.locator(".hit__title").first).to_have_text("Non-refoulement")
    expect(page.get_by_role("link", name="Article 33").first).to_be_visible()
    page.locator(".hit__title a").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Non-refoulement")


def test_what_is_misspelled_is_found_all_the_same(page):
    search_from_home(page, "refoulment")
    expect(page.locator(".hit__title").first).to_have_text("Non-refoulement")


def test_nothing_found_leads_on(page):
    search_from_home(page, "xyzzy")
    expect(page.get_by_role("main")).to_contain_text("Nothing was found")
    expect(page.get_by_role("main").get_by_role("link").first).to_be_visible()


@pytest.mark.parametrize("context_options", [{}, {"java_script_enabled": False}])
def test_a_facet_narrows_and_can_be_taken_off_by_keyboard_alone(page, context_options):
    search_from_home(page, "non-refoulement")
    choice = page.get_by_role("link", name="Provision").first
    choice.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("type=provision"))
    expect(page.locator(".hit__title").first).to_be_visible()


def test_names_are_suggested_and_gone_to_by_keyboard_alone(page):
    page.goto("/")
    box = page.get_by_role("main").get_by_role("combobox")
    box.focus()
    page.keyboard.type("abu dh")
    expect(page.get_by_role("option", name="Abu Dhabi Dialogue").first).to_be_visible()
    expect(box).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowDown")
    marked = page.locator("#" + box.get_attribute("aria-activedescendant"))
    expect(marked).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(box).to_have_value("abu dh")
    page.keyboard.type("a")
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/actors/abu-dhabi-dialogue/"))


@pytest.mark.parametrize("context_options", [{"java_script_enabled": False}])
def test_without_scripts_the_results_list_names_that_begin_so(page, context_options):
    search_from_home(page, "abu dh")
    page.get_by_role("main").get_by_role("link", name="Abu Dhabi Dialogue", exact=True).first.click()
    expect(page).to_have_url(re.compile("/actors/abu-dhabi-dialogue/"))
