"""Of several who take one step in the same moment, one gets through and the others are told."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from governance import publishing
from governance.curation.heads import head
from governance.knowledge import DocumentError
from tests.governance.curating import agreement, make_user, make_world, publish
from tests.governance.publishing.standing import propose

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("step", ["save", "approve", "create"])
def test_of_several_in_the_same_moment_one_gets_through(step):
    make_world()
    amal, rosa = make_user("amal", "curator"), make_user("rosa", "reviewer")
    record = publish(agreement(), amal, rosa).record
    begun, document = head(record).token, head(record).document
    if step == "approve":
        propose(record, amal, summary="Waiting.")
        waiting = publishing.submit(record, amal)
    ways = {
        "save": lambda n: publishing.save_draft({**document, "summary": f"No. {n}"}, amal, base=begun),
        "approve": lambda n: publishing.approve(waiting, rosa),
        "create": lambda n: publishing.create_draft(agreement("same-address"), amal),
    }

    def attempt(number: int) -> str:
        try:
            ways[step](number)
            return "done"
        except (publishing.PublishingError, DocumentError) as error:
            return type(error).__name__
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        outcomes = sorted(pool.map(attempt, range(4)))
    refusal = {"save": "Conflict", "approve": "WrongState", "create": "DocumentError"}[step]
    assert outcomes == sorted(["done", *[refusal] * 3])
