import pytest

from actors.models import Actor
from governance.knowledge import apply, check, dump
from tests.factories import make_document

pytestmark = pytest.mark.django_db


def test_an_actor_has_a_website():
    document = make_document("actor", "iom", website="https://www.iom.int/")
    record = apply(document).record
    assert Actor.objects.get(pk=record.pk).website == dump(record)["website"] == "https://www.iom.int/"


def test_no_other_type_has_one():
    problems = check(make_document("event", "forum", website="https://www.iom.int/"))
    assert [problem.place for problem in problems] == ["/website"]
