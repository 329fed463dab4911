"""What a machine can tell of WCAG 2.2 AA, on every type of page, in both themes, wide and narrow."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.paths import PAGES

pytestmark = pytest.mark.browser
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 360, "height": 740}
# All rules of axe that are on by default, and the one on the size of targets, which is not.
RULES = {"rules": {"target-size": {"enabled": True}}}




@pytest.mark.parametrize("name", [name for name in PAGES if name != "not found"])
def test_axe_finds_nothing(page, name):
    page.goto(PAGES[name])
    for scheme, size in (("light", WIDE), ("dark", NARROW)):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        page.set_viewport_size(size)
        results = Axe().run(page, options=RULES)
        assert results.violations_count == 0, f"{name}, {scheme}, {size['width']}:\n{results.generate_report()}"


@pytest.mark.parametrize("name", ["home", "instruments", "instrument", "participation"])
def test_axe_finds_nothing_with_everything_opened(page, name):
    page.goto(PAGES[name])
    page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
    for scheme, size in (("dark", WIDE), ("light", NARROW)):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        page.set_viewport_size(size)
        results = Axe().run(page, options=RULES)
        assert results.violations_count == 0, f"{name}, {scheme}, {size['width']}:\n{results.generate_report()}"


@pytest.mark.parametrize("name", [name for name in PAGES if name != "not found"])
def test_nothing_is_wider_than_a_narrow_or_a_magnified_window(page, name):
    page.goto(PAGES[name])
    for width in (360, 320, 640):  # 640 is a window of 1280 at 200 %, 320 at 400 %
        page.set_viewport_size({"width": width, "height": 740})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, (name, width)


def test_text_may_be_twice_as_large(page):
    for name in ("home", "instruments", "treaty", "country"):
        page.goto(PAGES[name])
        page.evaluate("document.documentElement.className += ' doubled'")
        page.evaluate("document.styleSheets[0].insertRule('html.doubled { font-size: 200% }')")
        assert page.evaluate("document.documentElement.scrollWidth") <= 1280, name
