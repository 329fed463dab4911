import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.db import connection, transaction
from django.utils import translation

from tests.snapshot import put_knowledge

if TYPE_CHECKING:
    from governance.knowledge.load import Report

# These write and search in one transaction; on PostgreSQL an index takes in what is committed.
UNCOMMITTED = (
    "tests/search/test_passages.py", "tests/search/test_questions.py", "tests/search/test_leaks.py",
    "tests/search/test_views.py::TestPage::test_an_answer_from_an_index_that_is_behind",
)  # fmt: skip
FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"


def pytest_report_header() -> str:
    return f"database: {connection.vendor}; chromium: {shutil.which('chromium') or 'none'}"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: Iterable[pytest.Item]) -> None:
    """Say by name what cannot be run here; keep in one process what would otherwise be loaded in each.

    That is all that wants the knowledge, and besides each module, whose fixtures are then made once.
    """
    for item in items:
        group = "knowledge" if "knowledge" in getattr(item, "fixturenames", ()) else item.nodeid.partition("::")[0]
        item.add_marker(pytest.mark.xdist_group(group))
        if item.get_closest_marker("postgres") and connection.vendor != "postgresql":
            item.add_marker(pytest.mark.skip(reason="runs on PostgreSQL only"))
        if connection.vendor == "postgresql" and item.nodeid.startswith(UNCOMMITTED):
            item.add_marker(pytest.mark.skip(reason="searches what is not committed: runs on SQLite only"))
        if item.get_closest_marker("browser") and not shutil.which("chromium"):
            item.add_marker(pytest.mark.skip(reason="Chromium is missing: apt-get install chromium"))


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Each test begins in English; a request in another language leaves that behind in its thread."""
    with translation.override("en"):
        yield


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of Debian's Chromium, for playwright's `launch(executable_path=…)`."""
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("Chromium is missing: apt-get install chromium")
    return path


@pytest.fixture(scope="module")
def knowledge(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator["Report"]:
    """All of `fixtures/`, there for a module of tests and gone after it; the report of their load.

    They share one transaction; what a test itself writes goes with the savepoint that the `db` fixture makes.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        yield put_knowledge(FIXTURES)
        transaction.set_rollback(True)
