"""The people of all tests of publishing, and a record that they have published."""

from collections.abc import Iterator
from copy import deepcopy

import pytest

from governance.models import Record
from tests.governance.curating import agreement, make_user, make_world, publish
from tests.sharing import until_the_file_ends


@pytest.fixture(scope="module")
def known(django_db_setup, django_db_blocker) -> Iterator[dict]:
    """The people, in a world with what an agreement needs, for a file of tests."""
    roles = {
        "amal": "curator",
        "ben": "curator",
        "rosa": "reviewer",
        "raj": "reviewer",
        "ada": "administrator",
        "no": "",
    }
    with until_the_file_ends(django_db_blocker):
        make_world()
        yield {name: make_user(name, role) for name, role in roles.items()}


@pytest.fixture
def people(known: dict, db) -> dict:
    return deepcopy(known)


@pytest.fixture
def published(people) -> Record:
    return publish(agreement(), people["amal"], people["rosa"]).record
