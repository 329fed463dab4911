"""What a machine can tell of WCAG 2.2 AA, on every type of page, in both themes, wide and narrow."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.paths import PAGES

pytestmark = pytest.mark.browser
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 360, "height": 740}
# All rules of axe that are on by default, and the one on the size of targets, which is not.
RULES = {"rules": {"target-size": {"enabled": True}}}


def check(page: Page, *looks: tuple[str, dict]) -> None:
    """Run axe in each look, a theme and a size of the window."""
    for scheme, size in looks:
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        page.set_viewport_size(size)
        results = Axe().run(page, options=RULES)
        assert results.violations_count == 0, f"{scheme}, {size['width']}:\n{results.generate_report()}"


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(page, name):
    page.goto(PAGES[name])
    check(page, ("light", WIDE), ("dark", NARROW))


@pytest.mark.parametrize("name", ["home", "instruments", "instrument", "participation"])
def test_axe_finds_nothing_with_everything_opened(page, name):
    page.goto(PAGES[name])
    page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
    check(page, ("dark", WIDE), ("light", NARROW))


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_served_whole_and_fits_narrow_and_magnified_windows(page, name):
    """The window of each test watches besides: no request leaves the site, and the console stays empty."""
    assert page.goto(PAGES[name], wait_until="networkidle").status == 200
    assert page.get_by_role("heading", level=1).count() == 1
    for width in (360, 320, 640):  # 640 is a window of 1280 at 200 %, 320 at 400 %
        page.set_viewport_size({"width": width, "height": 740})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, (name, width)


@pytest.mark.parametrize("tolerated", ["status of 404"])
def test_axe_finds_nothing_on_an_error_page(page, tolerated):
    for path in ("/nothing/", "/instruments/nothing/", "/instruments/?page=99"):
        assert page.goto(path).status == 404
        check(page, ("light", WIDE), ("dark", NARROW))


def test_text_may_be_twice_as_large(page):
    for name in ("home", "instruments", "treaty", "country"):
        page.goto(PAGES[name])
        page.evaluate("document.documentElement.className += ' doubled'")
        page.evaluate("document.styleSheets[0].insertRule('html.doubled { font-size: 200% }')")
        assert page.evaluate("document.documentElement.scrollWidth") <= 1280, name
