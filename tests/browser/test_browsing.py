"""A reader goes from a level to an instrument and to the paragraph a statement rests on."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.paths import PAGES

pytestmark = pytest.mark.browser
NARROW = {"viewport": {"width": 360, "height": 740}, "has_touch": True}


def browse_by_level(page: Page) -> None:
    """Home → regional instruments → only binding ones → one of them → its evidence → the paragraph."""
    page.goto("/")
    page.locator('.ladder a[href="/instruments/?level=regional"]').click()
    expect(page).to_have_url(re.compile(r"/instruments/\?level=regional$"))
    expect(page.locator(".results__count")).to_contain_text(re.compile(r"\d+ records of \d+"))
    fold = page.get_by_text("Narrow the list")
    if fold.is_visible():
        fold.click()
    page.get_by_role("link", name=re.compile(r"^Binding \d+$")).click()
    expect(page).to_have_url(re.compile(r"level=regional&binding=binding"))
    applied = page.get_by_role("list", name="Applied")
    expect(applied.get_by_role("link")).to_have_count(3)
    page.get_by_role("link", name="Kampala Convention", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Kampala Convention")
    mark = page.locator(".summary details.evidence")
    mark.locator("summary").click()
    mark.get_by_role("link").first.click()
    expect(page).to_have_url(re.compile(r"/sources/\w+/"))


def test_by_mouse(page):
    browse_by_level(page)


@pytest.mark.parametrize("context_options", [NARROW])
def test_on_a_narrow_screen(page, context_options):
    browse_by_level(page)


@pytest.mark.parametrize("context_options", [{"java_script_enabled": False} | NARROW])
def test_without_javascript(page, context_options):
    browse_by_level(page)


def press_until(page: Page, name: str, most: int = 120) -> None:
    """Move on with the Tab key until something with this text or label has the focus."""
    for _n in range(most):
        page.keyboard.press("Tab")
        found = page.evaluate("(document.activeElement.innerText || document.activeElement.ariaLabel || '').trim()")
        if re.match(name, found):
            return
    pytest.fail(f"{name} cannot be reached with the Tab key")


def test_by_keyboard_alone(page):
    page.goto("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    press_until(page, "Regional level")
    press_until(page, r"\d+ instruments")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("level=regional"))
    press_until(page, "Binding")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("binding=binding"))
    press_until(page, "Kampala Convention")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Kampala Convention")
    press_until(page, "Evidence for the summary")
    assert page.locator(".summary details.evidence").get_attribute("open") is None
    page.keyboard.press("Enter")
    assert page.locator(".summary details.evidence").get_attribute("open") is not None
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/sources/"))


def test_the_focus_is_always_seen(page):
    page.goto("/instruments/")
    for _n in range(20):
        page.keyboard.press("Tab")
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline == "solid", page.evaluate("document.activeElement.outerHTML.slice(0, 80)")


@pytest.mark.parametrize("context_options", [NARROW])
def test_results_come_first_on_a_narrow_screen(page, context_options):
    page.goto("/instruments/")
    assert page.get_by_role("heading", name="1951 Refugee Convention").bounding_box()["y"] < 740
    assert not page.get_by_label("Words in name or summary").is_visible()


@pytest.mark.parametrize("context_options", [{"java_script_enabled": False}])
def test_facets_stand_open_beside_the_results_on_a_wide_screen(page, context_options):
    page.goto("/instruments/")
    expect(page.get_by_label("Words in name or summary")).to_be_visible()
    expect(page.get_by_text("Narrow the list")).to_be_hidden()
    page.get_by_label("Words in name or summary").fill("schengen")
    page.get_by_role("button", name="Apply").click()
    expect(page).to_have_url(re.compile("q=schengen"))


def test_a_condition_is_taken_off_with_one_click(page):
    page.goto("/instruments/?level=regional&kind=convention")
    page.get_by_role("list", name="Applied").get_by_role("link", name=re.compile("Convention")).click()
    expect(page).to_have_url(re.compile(r"\?level=regional$"))


@pytest.mark.parametrize("context_options", [{"java_script_enabled": False}])
def test_sorting_keeps_what_is_chosen(page, context_options):
    page.goto("/instruments/?level=regional")
    page.get_by_label("Sort by").select_option("-date")
    page.get_by_role("button", name="Sort").click()
    expect(page).to_have_url(re.compile("level=regional.*ordering=-date"))


def test_a_paragraph_is_reached_by_its_address(page):
    page.goto("/sources/S4/#p12")
    expect(page.locator("#p12")).to_be_in_viewport()


def test_a_picture_is_walked_and_followed_by_keyboard(page):
    page.goto("/pictures/principles/?principle=non-refoulement")
    press_until(page, "1951 Refugee Convention, Article 33: Explicit")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/instruments/refugee-convention-1951/article-33/$"))


def test_compare_and_participation_work_as_forms(page):
    page.goto("/compare/")
    page.get_by_label("This").select_option("instrument/protocol-1967")
    page.get_by_label("with that").select_option("instrument/refugee-convention-1951")
    page.get_by_role("button", name="Compare").click()
    expect(page.get_by_role("region", name="Comparison")).to_contain_text("only here")
    page.set_viewport_size({"width": 360, "height": 800})
    for side in ("1967 Protocol", "1951 Refugee Convention"):
        expect(page.get_by_role("columnheader", name=side)).to_be_in_viewport(ratio=1)
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto("/participation/")
    page.get_by_label("On", exact=True).fill("2007-01-01")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("columnheader", name="Rabat Process")).to_be_visible()
    expect(page.get_by_role("columnheader", name="Khartoum Process")).to_have_count(0)


def test_print_leaves_out_the_frame_and_says_how_to_cite(page):
    page.goto(PAGES["treaty"])
    page.emulate_media(media="print")
    expect(page.locator(".site-header")).to_be_hidden()
    expect(page.locator(".site-footer .print-only")).to_contain_text(
        "Convention relating to the Status of Refugees (28 July 1951, 189 UNTS 137). Global Migration Governance"
    )
    spelled_out = page.locator("#sources .print-only").first
    expect(spelled_out).to_be_visible()
    expect(spelled_out).to_contain_text("https://")
    page.goto("/pictures/acting/")
    page.emulate_media(media="print")
    expect(page.locator(".as-table table")).to_be_visible()
