import gc
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.template import Context, Template
from django.utils import translation
from hypothesis import settings
from pytest_django import DjangoDbBlocker

from tests.order import in_good_order, wants_knowledge
from tests.serving import up_and_down
from tests.sharing import common_folder, made_once
from tests.snapshot import Knowledge

if TYPE_CHECKING:
    from governance.knowledge.load import Report

# Fixtures by which a test comes to the database that it is run on.
ASKING = {"growing", "db", "transactional_db", "live_server", "knowledge", "instance", "told", "django_db_setup"}
FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
KNOWLEDGE = Knowledge()

# No deadline: the machine may be busy with something else.
settings.register_profile("suite", max_examples=30, deadline=None)
settings.load_profile("suite")


def pytest_report_header() -> str:
    return f"database: {connection.vendor}; chromium: {shutil.which('chromium') or 'none'}"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Say by name what cannot be run here, and deal the files out well."""
    for item in items:
        if item.get_closest_marker("postgres") and connection.vendor != "postgresql":
            item.add_marker(pytest.mark.skip(reason="runs on PostgreSQL only"))
        if connection.vendor == "postgresql" and not asks_the_database(item):
            item.add_marker(pytest.mark.skip(reason="asks no database, or one of its own: once is enough"))
        if item.get_closest_marker("browser") and not shutil.which("chromium"):
            item.add_marker(pytest.mark.skip(reason="Chromium is missing: apt-get install chromium"))
    items[:] = in_good_order(items)


def pytest_collection_finish() -> None:
    """What is there now stays to the end: the collector of cycles need not walk through it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


@pytest.fixture(scope="session", autouse=True)
def contexts_of_pages(django_test_environment: None) -> None:
    """Django keeps a copy of the context of every template for the tests: of a page here, not of each part and widget.

    https://docs.djangoproject.com/en/5.2/topics/testing/tools/#django.test.Response.context
    """
    kept = Template._render

    def render(template: Template, context: Context) -> str:
        is_page = context.template is template and not (template.name or "").startswith("django/forms/")
        return kept(template, context) if is_page else template.nodelist.render(context)

    Template._render = render


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Each test begins in English; a request in another language leaves that behind in its thread."""
    with translation.override("en"):
        yield


def asks_the_database(item: pytest.Item) -> bool:
    """Whether a test could end otherwise on another database."""
    if item.get_closest_marker("postgres"):
        return True
    if item.get_closest_marker("once"):
        return False
    return bool(item.get_closest_marker("django_db") or ASKING.intersection(getattr(item, "fixturenames", ())))


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of Debian's Chromium, for playwright's `launch(executable_path=…)`."""
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("Chromium is missing: apt-get install chromium")
    return path


@pytest.fixture(scope="session")
def site_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data of a site with all of `fixtures/` that came up from nothing and was stopped; one for all processes."""
    return made_once(common_folder(tmp_path_factory) / "site", lambda draft: up_and_down(draft, signal.SIGTERM))


@pytest.fixture(scope="session")
def kept_knowledge(django_db_setup: None) -> Iterator[Knowledge]:
    yield KNOWLEDGE
    KNOWLEDGE.close()


@pytest.fixture(scope="module")
def knowledge(
    kept_knowledge: Knowledge, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator["Report"]:
    """All of `fixtures/`, there for a module of tests and for the next ones that want it; the report of their load.

    They share one transaction; what a test itself writes goes with the savepoint that the `db` fixture makes.
    """
    with django_db_blocker.unblock():
        yield kept_knowledge.open(FIXTURES, common_folder(tmp_path_factory) / "knowledge", django_db_blocker)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """The knowledge is gone before a file that has a test without it, and before a browser is started.

    A browser brings an event loop along, and with it this thread gets another connection to the database.
    """
    if KNOWLEDGE.is_open and not wants_knowledge([other for other in item.session.items if other.path == item.path]):
        KNOWLEDGE.close()
