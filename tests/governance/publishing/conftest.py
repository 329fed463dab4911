"""The people of all tests of publishing, and a record that they have published."""

import pytest

from governance.models import Record
from tests.governance.curating import agreement, make_user, make_world, publish


@pytest.fixture
def people():
    make_world()
    roles = {
        "amal": "curator",
        "ben": "curator",
        "rosa": "reviewer",
        "raj": "reviewer",
        "ada": "administrator",
        "no": "",
    }
    return {name: make_user(name, role) for name, role in roles.items()}


@pytest.fixture
def published(people) -> Record:
    return publish(agreement(), people["amal"], people["rosa"]).record
