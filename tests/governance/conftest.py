from collections.abc import Iterator

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from django.test import Client


@pytest.fixture(scope="module")
def small_world(django_db_setup: None, django_db_blocker) -> Iterator[dict]:
    """The small world, made once for a module of tests; what a test writes goes with its own savepoint."""
    from tests.governance.small import make_small_world

    with django_db_blocker.unblock(), transaction.atomic():
        yield make_small_world()
        transaction.set_rollback(True)


@pytest.fixture
def amal(db: None) -> User:
    """A curator, in a world with what an agreement needs."""
    from tests.governance.curating import make_user, make_world

    make_world()
    return make_user("amal", "curator")


@pytest.fixture
def rosa(db: None) -> User:
    from tests.governance.curating import make_user

    return make_user("rosa", "reviewer")


@pytest.fixture
def ada(db: None) -> User:
    from tests.governance.curating import make_user

    return make_user("ada", "administrator")


@pytest.fixture
def curator(client: Client, amal: User) -> User:
    """Amal, signed in."""
    client.force_login(amal)
    return amal
