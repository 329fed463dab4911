"""The whole site as `make run` serves it, and Chromium to look at it; nothing here touches the test database."""

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.test import Client
from playwright.sync_api import Page, expect, sync_playwright

from tests.browser.windows import Windows
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
def windows(chromium: str) -> Iterator[Windows]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield Windows(browser)
        browser.close()


@pytest.fixture
def context_options() -> dict:
    """What a test may change about its window; a wide, light one with JavaScript where it says nothing."""
    return {}


@pytest.fixture
def tolerated() -> str:
    """What the console may complain of: the browser itself says so when a page answers with an error."""
    return ""


@pytest.fixture
def page(windows: Windows, site: str, context_options: dict, tolerated: str) -> Iterator[Page]:
    """A page that is empty yet. The test fails when a request leaves the site or the console shows an error."""
    window = windows.take(site, context_options)
    yield window.page
    complaints = windows.give_back(window)
    assert [text for text in complaints if not tolerated or tolerated not in text] == []


@pytest.fixture
def visit(windows: Windows, live_server) -> Iterator[Callable[..., Page]]:
    """Opens the site under test, for somebody who has signed in and is at the start of curation, or for a reader.

    Each has a window of their own, and a new one: the next test has other records at the same addresses, of which the
    browser must keep nothing. No request may leave the site and no page may log an error, such as a breach of the
    CSP.
    """
    taken = []

    def open_for(name: str = "", **options) -> Page:
        taken.append(window := windows.open(live_server.url, options))
        if name:
            (client := Client()).force_login(get_user_model().objects.get(username=name))
            session = {"name": settings.SESSION_COOKIE_NAME, "value": client.session.session_key}
            window.context.add_cookies([session | {"url": live_server.url}])
            window.page.goto("/admin/")
        return window.page

    yield open_for
    complaints = [text for window in taken for text in window.complaints]
    for window in taken:
        window.close()
    # a page that is not there, or a form sent back with its errors, is logged by the browser itself
    usual = "the server responded with a status of 4"
    assert [text for text in complaints if usual not in text or "/static/" in text] == []
