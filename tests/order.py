"""In which order the files of tests are dealt out to the processes of a run.

What takes long comes early, so that no process is left alone with it at the end, and among other files, since much of
it waits for processes of its own. What wants the knowledge comes together, so that a process puts it into its database
once (`tests.snapshot`). Within a file nothing changes.
"""

from collections.abc import Iterable
from itertools import islice
from pathlib import Path

import pytest

File = list[pytest.Item]


def in_good_order(items: Iterable[pytest.Item]) -> list[pytest.Item]:
    files: dict[Path, File] = {}
    for item in items:
        files.setdefault(item.path, []).append(item)
    knowing = [file for file in files.values() if wants_knowledge(file)]
    others = [file for file in files.values() if not wants_knowledge(file)]
    long = sorted(filter(takes_long, others), key=lambda file: any(map(wants_tables, file)))
    short = [file for file in others if not takes_long(file)]
    ordered = [*long[:1], *knowing, *among(long[1:], short)]
    return [item for file in ordered for item in file]


def among(some: list[File], others: list[File]) -> list[File]:
    """Each of some, and two of the others after it; what is left comes last."""
    rest = iter(others)
    return [file for one in some for file in (one, *islice(rest, 2))] + list(rest)


def takes_long(file: File) -> bool:
    run = [item for item in file if not item.get_closest_marker("skip")]
    return any(item.get_closest_marker("slow") or item.get_closest_marker("browser") for item in run)


def wants_tables(item: pytest.Item) -> bool:
    """Is it for the database that the tests run on, and not for one of its own?"""
    return bool(item.get_closest_marker("django_db")) or "django_db_setup" in getattr(item, "fixturenames", ())


def wants_knowledge(file: File) -> bool:
    asking = [item for item in file if wants_tables(item)]
    return bool(asking) and all("knowledge" in getattr(item, "fixturenames", ()) for item in asking)
