"""What is made once: for all processes of one run of the tests, or in the database for a file of them.

Of the processes, who comes first makes it, the others wait and find it made.
"""

import fcntl
import os
import pickle
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker


def common_folder(factory: pytest.TempPathFactory) -> Path:
    """A folder that all processes of this run have in common."""
    base = factory.getbasetemp()
    return base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base


@contextmanager
def alone(place: Path) -> Iterator[None]:
    """Be the only process at it until the block ends."""
    with place.with_name(f"{place.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def made_once(place: Path, make: Callable[[Path], Any]) -> Path:
    """The file or folder at `place`, as `make` made it; nothing of a `make` that failed is taken for it."""
    with alone(place):
        if not place.exists():
            draft = place.with_name(f"{place.name}.draft-{os.getpid()}")
            make(draft)
            draft.rename(place)
    return place


def reckoned_once(place: Path, reckon: Callable[[], Any]) -> Any:
    """What `reckon` returned to the process that came first."""
    made_once(place, lambda draft: draft.write_bytes(pickle.dumps(reckon())))
    return pickle.loads(place.read_bytes())


@contextmanager
def until_the_file_ends(blocker: DjangoDbBlocker) -> Iterator[None]:
    """Keep in the database what the block makes, until the fixture around it ends; what a test itself writes goes with
    the savepoint that the `db` fixture makes. No file may ask for it that has tests with transactions of their own."""
    with blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)
