"""Whoever writes and searches at the same time as others finds what was written, and nothing is lost between them."""

import threading
import time

import pytest
from django.db import connection

from governance.knowledge import apply
from search.checking import compare
from tests.search.conftest import ask, slugs

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("lasting")]


def soon_found(slug: str, words: str) -> bool:
    """At once on SQLite. On PostgreSQL the log is read up to the oldest transaction that still runs in the server, so
    what is written beside others' writes is found when those have ended."""
    until = time.monotonic() + (20 if connection.vendor == "postgresql" else 0)
    while slug not in slugs(ask(words)):
        if time.monotonic() >= until:
            return False
        time.sleep(0.05)
    return True


def test_threads_that_search_and_write_agree_in_the_end() -> None:
    wrong: list[object] = []

    def work(number: int) -> None:
        try:
            for round_ in range(3):
                apply(
                    {
                        "type": "topic",
                        "slug": f"t{number}-{round_}",
                        "title": f"Quokka {number} {round_}",
                        "kind": "theme",
                    }
                )
                if not soon_found(f"t{number}-{round_}", f"quokka {number} {round_}"):
                    wrong.append((number, round_))
        except Exception as error:
            wrong.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert soon_found("t2-2", "quokka")
    assert ask("quokka").count == 9
    assert not compare()
