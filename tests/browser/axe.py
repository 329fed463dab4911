"""What axe finds wrong with a page, for a fraction of the time that it takes out of the box.

Nearly all of that time goes into the contrast of every text with whatever lies behind it: of hundreds of rows that
look alike, and of the same head and foot on every page. So contrast is judged once for each look (`axe.js` says what
that is) in a run of the tests. Every other rule sees every element of every page.
"""

from pathlib import Path

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

# The levels of WCAG, and the rule on the size of targets, which is not on by default.
WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"], "rules": {"target-size": {"enabled": True}}}
# All rules that are on by default, and that one.
EVERY_RULE = {"rules": WCAG["rules"]}
# A theme changes colours, and a width changes places; nothing else can become wrong by them.
LOOKS = {"runOnly": ["color-contrast", "target-size", "scrollable-region-focusable"]}

RUN = Path(__file__).with_name("axe.js").read_text()
JUDGED: set[str] = set()


def bring_axe(page: Page) -> None:
    """Have axe at hand on every address that the page will open, which costs less than to bring it each time."""
    page.add_init_script(AXE_SCRIPT)


def violations(page: Page, options: dict, within: str = "") -> list[str]:
    """The rules that are broken on a page, or in the part of it that a selector names, each with elements that do so.

    Their ids name them: https://dequeuniversity.com/rules/axe/
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found = page.evaluate(RUN, [within, options, sorted(JUDGED)])
    JUDGED.update(found["good"])
    return [": ".join([rule, *elements]) for rule, *elements in found["broken"]]
