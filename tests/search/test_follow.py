"""`search_sync --follow` goes on with whatever is written, for as long as it runs."""

from io import StringIO

import pytest
from django.core.management import call_command

from governance.environment import SearchAddress
from governance.models import Change, Record
from search.engines import get_engine
from search.management.commands import search_sync
from search.waking import Waker
from tests.cluster.ports import free_ports

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("lasting")]


def test_follow_goes_on_with_what_comes_later() -> None:
    out = StringIO()
    ticks = iter([None, None])

    def tick(_waker: Waker) -> bool:
        if next(ticks, "over") == "over":
            raise KeyboardInterrupt
        return bool(Record.objects.filter(slug="dublin-iii").update(title="Quokka regulation"))

    with pytest.MonkeyPatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(Waker, "wait", tick)
        call_command("search_sync", "--follow", stdout=out)
    assert len(out.getvalue().splitlines()) == 3
    assert Change.objects.reached_by(get_engine().status().position)


def test_follow_waits_for_a_cluster_that_is_away_from_the_start(settings, engine_address) -> None:
    out = StringIO()

    def tick(_waker: Waker) -> bool:
        if settings.SEARCH is engine_address:
            raise KeyboardInterrupt
        settings.SEARCH = engine_address
        return False

    settings.SEARCH = SearchAddress("opensearch", host=f"127.0.0.1:{free_ports(1)[0]}", prefix="away")
    with pytest.MonkeyPatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(Waker, "wait", tick)
        patch.setattr(search_sync, "PAUSE", 0)
        call_command("search_sync", "--follow", stdout=out, stderr=out)
    assert [line.partition(":")[0] for line in out.getvalue().splitlines()] == [
        "Still waiting",
        f"The search index is at position {get_engine().status().position}.",
    ]


@pytest.mark.postgres
def test_who_follows_is_woken_by_a_write() -> None:
    with Waker() as waker:
        Record.objects.filter(slug="dublin-iii").update(title="Quokka regulation")
        assert waker.wait(longest=60)
