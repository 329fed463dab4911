import shutil
from collections.abc import Iterable

import pytest
from django.db import connection


def pytest_report_header() -> str:
    return f"database: {connection.vendor}; chromium: {shutil.which('chromium') or 'none'}"


def pytest_collection_modifyitems(items: Iterable[pytest.Item]) -> None:
    """Say by name what cannot be run here."""
    for item in items:
        if item.get_closest_marker("postgres") and connection.vendor != "postgresql":
            item.add_marker(pytest.mark.skip(reason="runs on PostgreSQL only"))
        if item.get_closest_marker("browser") and not shutil.which("chromium"):
            item.add_marker(pytest.mark.skip(reason="Chromium is missing: apt-get install chromium"))


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of Debian's Chromium, for playwright's `launch(executable_path=…)`."""
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("Chromium is missing: apt-get install chromium")
    return path
