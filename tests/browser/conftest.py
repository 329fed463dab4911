"""The whole site as `make run` serves it, and Chromium to look at it; nothing here touches the test database."""

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.governance.curating import PASSWORD
from tests.serving import SERVE_ONLY, free_port, start, wait_until_up

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--no-first-run",
]  # fmt: skip

expect.set_options(timeout=30_000)  # the machine may be busy with something else


@pytest.fixture(scope="session")
def site(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a site with all of `fixtures/`, served as in production.

    Each process of tests serves the one folder of data. A site that already runs with the fixtures is used in its place
    when TEST_SITE names it, which saves the start while one writes a test.
    """
    if running := os.environ.get("TEST_SITE"):
        yield running.rstrip("/")
        return
    folder: Path = request.getfixturevalue("site_folder")
    port = free_port()
    log = folder / f"output-{port}"
    with log.open("w") as output:
        server = start(folder, port, output, SERVE_ONLY, PAGE_RATE="off")
        wait_until_up(server, port, log)
    yield f"http://127.0.0.1:{port}"
    server.send_signal(signal.SIGTERM)
    try:
        server.wait(30)
    finally:
        server.kill()


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def context_options() -> dict:
    """What a test may change about its window; a wide, light one with JavaScript where it says nothing."""
    return {}


@pytest.fixture
def tolerated() -> str:
    """What the console may complain of: the browser itself says so when a page answers with an error."""
    return ""


@pytest.fixture
def context(browser: Browser, site: str, context_options: dict, tolerated: str) -> Iterator[BrowserContext]:
    """A window of its own for each test. It fails when a request leaves the site or the console shows an error."""
    requested, said = [], []
    options = {"base_url": site, "viewport": {"width": 1280, "height": 900}, "reduced_motion": "reduce"}
    opened = browser.new_context(**options | context_options)
    opened.set_default_timeout(60_000)
    opened.on("request", lambda request: requested.append(request.url))
    opened.on("console", lambda message: said.append((message.type, message.text)))
    opened.on("weberror", lambda error: said.append(("error", str(error.error))))
    yield opened
    opened.close()
    assert [url for url in requested if not url.startswith((f"{site}/", "data:"))] == []
    complaints = [text for kind, text in said if kind in ("error", "warning")]
    assert [text for text in complaints if not tolerated or tolerated not in text] == []


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


@pytest.fixture
def visit(browser: Browser, live_server) -> Iterator[Callable[..., Page]]:
    """Opens the site under test as somebody, each in a window of their own.

    No page may log an error, such as a breach of the CSP.
    """
    logged: list[str] = []
    contexts = []

    def open_as(name: str = "", **options) -> Page:
        context = browser.new_context(base_url=live_server.url, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.on("pageerror", lambda error: logged.append(str(error)))
        page.on("console", lambda message: logged.append(message.text) if message.type == "error" else None)
        if name:
            page.goto("/admin/login/?next=/admin/")
            page.get_by_label("Username").fill(name)
            page.get_by_label("Password").fill(PASSWORD)
            page.get_by_role("button", name="Log in").click()
        return page

    yield open_as
    for context in contexts:
        context.close()
    # a page that is not there, or a form sent back with its errors, is logged by the browser itself
    assert [line for line in logged if "the server responded with a status of 4" not in line] == []
