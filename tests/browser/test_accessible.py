"""What a machine can tell of WCAG 2.2 AA on every type of page, in both themes, both directions, wide and narrow.

One window serves all tests, and every page is opened once in each direction: themes and sizes turn in place.
"""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page

from tests.browser.axe import EVERY_RULE, LOOKS, bring_axe, violations
from tests.browser.paths import PAGES
from tests.browser.windows import Window, Windows

pytestmark = pytest.mark.browser
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 360, "height": 740}
# The same document in another language: what its texts and its direction may break, beside the looks.
NAMED = [
    "html-has-lang", "html-lang-valid", "valid-lang", "document-title", "image-alt", "svg-img-alt",
    "button-name", "link-name", "label", "aria-input-field-name",
]  # fmt: skip
TURNED = {"runOnly": [*LOOKS["runOnly"], *NAMED]}
OPENED = ("home", "instruments", "treaty", "participation", "source", "style guide")
ONE_LANGUAGE = ("API",)  # an address without a language


@pytest.fixture(scope="module")
def window(windows: Windows, site: str) -> Iterator[Window]:
    """A window for all tests of this module, and for no other: axe is in it."""
    opened = windows.open(site, {})
    bring_axe(opened.page)
    yield opened
    opened.close()


@pytest.fixture
def reader(window: Window) -> Iterator[Page]:
    """The window, wide and light."""
    window.complaints.clear()
    window.page.emulate_media(color_scheme="light")
    window.page.set_viewport_size(WIDE)
    yield window.page
    assert [text for text in window.complaints if "status of 404" not in text] == []


def check_all(page: Page) -> None:
    """Every rule, light and wide; dark and narrow, what a theme or a width may break. It must fit."""
    page.emulate_media(color_scheme="light")
    assert violations(page, EVERY_RULE) == [], "light, wide"
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size(NARROW)
    assert violations(page, LOOKS) == [], "dark, narrow"
    check_width(page)


def check_width(page: Page) -> None:
    for width in (320, 640):  # a window of 1280 at 400 % and at 200 %
        page.set_viewport_size({"width": width, "height": 740})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, width


def open_all(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_for_everyone(reader: Page, name: str) -> None:
    assert reader.goto(PAGES[name]).status == 200
    assert reader.get_by_role("heading", level=1).count() == 1
    if name in OPENED:
        open_all(reader)
    check_all(reader)


@pytest.mark.parametrize("name", [name for name in PAGES if name not in ONE_LANGUAGE])
def test_it_is_so_from_right_to_left(reader: Page, name: str) -> None:
    assert reader.goto(f"/ar{PAGES[name]}").status == 200
    assert reader.evaluate("document.documentElement.dir + document.documentElement.lang") == "rtlar"
    reader.emulate_media(color_scheme="dark")  # the other half of what the page from left to right is looked at in
    assert violations(reader, TURNED) == []
    check_width(reader)


@pytest.mark.parametrize("path", ["/nothing/", "/ar/instruments/nothing/", "/instruments/?page=99"])
def test_an_error_page_is_for_everyone(reader: Page, path: str) -> None:
    assert reader.goto(path).status == 404
    check_all(reader)


def test_text_may_be_twice_as_large(reader: Page) -> None:
    for name in ("home", "instruments", "treaty", "country"):
        reader.goto(PAGES[name])
        reader.evaluate("document.documentElement.className += ' doubled'")
        reader.evaluate("document.styleSheets[0].insertRule('html.doubled { font-size: 200% }')")
        assert reader.evaluate("document.documentElement.scrollWidth") <= 1280, name


def test_the_first_page_is_light_and_needs_no_script(reader: Page) -> None:
    sizes: list[int] = []
    weigh: Callable = lambda answer: sizes.append(len(answer.body()))  # noqa: E731
    reader.on("response", weigh)
    reader.goto("/", wait_until="networkidle")
    reader.remove_listener("response", weigh)
    assert sum(sizes) < 100_000  # before it is compressed
    assert reader.locator("script[src*=htmx]").count() == 0
