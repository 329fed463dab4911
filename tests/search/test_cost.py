"""A page of results asks the database a constant and small number of times, however much is found."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from search import sync

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("collection")]
PATHS = (
    "/search/?q=protocol",
    "/search/?q=protocol&type=instrument&page_size=100",
    "/search/",
    "/search/suggest/?q=pro",
)
MOST = 15


def counts() -> dict[str, int]:
    found = {}
    for path in PATHS:
        with CaptureQueriesContext(connection) as queries:
            assert Client(HTTP_HOST="localhost").get(path).status_code == 200
        found[path] = len(queries)
    return found


def test_the_number_of_queries_is_small_and_does_not_grow(publish):
    counts()  # what a process asks once is not counted
    few = counts()
    for number in range(25):
        dates = [{"event": "signed", "value": f"20{number:02}"}]
        publish("instrument", f"protocol-{number}", kind="protocol", level="global", dates=dates)
    sync.catch_up()
    many = counts()
    assert many == few
    assert max(many.values()) <= MOST, many
