import pytest

from tests.factories import make_record
from tests.governance.knowledge.documents import WORLD


@pytest.fixture
def world(db):
    """The records that generated documents refer to, by reference."""
    made = {}
    for type_, slugs in WORLD.items():
        for slug in slugs:
            extra = {"iso2": slug} if type_ == "country" else {}
            made[f"{type_}/{slug}"] = make_record(type_, slug, **extra)
    return made
