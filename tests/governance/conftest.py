from collections.abc import Iterator

import pytest
from django.db import transaction


@pytest.fixture(scope="module")
def small_world(django_db_setup: None, django_db_blocker) -> Iterator[dict]:
    """The small world, made once for a module of tests; what a test writes goes with its own savepoint."""
    from tests.governance.small import make_small_world

    with django_db_blocker.unblock(), transaction.atomic():
        yield make_small_world()
        transaction.set_rollback(True)
