from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from governance.environment import SearchAddress
from governance.models import Change, Record
from search import sync
from search.documents import documents_of
from search.engines import get_engine
from search.management.commands import search_sync
from search.waking import Waker
from tests.cluster.ports import free_ports
from tests.search.conftest import ask, slugs

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("lasting")]


def run(*command: str) -> str:
    out = StringIO()
    call_command(*command, stdout=out, stderr=out)
    return out.getvalue()


def nowhere() -> SearchAddress:
    """Of a search cluster that is away."""
    return SearchAddress("opensearch", host=f"127.0.0.1:{free_ports(1)[0]}", prefix="p")


def damaged(*left_out: str, title: str = "") -> None:
    """Make the index say something else than the database, at the head of the log."""
    documents = list(documents_of(Record.objects.visible_to(None).exclude(slug__in=left_out)))
    if title:
        Record.objects.filter(slug="dublin-iii").update(title=title)
        documents = list(documents_of(Record.objects.visible_to(None)))
        Record.objects.filter(slug="dublin-iii").update(title="Dublin III Regulation")
    get_engine().rebuild(documents, Change.objects.reach())


class TestRebuild:
    def test_it_says_what_it_built(self) -> None:
        assert "19 documents of 17 records" in run("search_rebuild")

    def test_if_missing_leaves_a_usable_index_alone(self) -> None:
        before = get_engine().snapshot().folder
        assert "left as it was" in run("search_rebuild", "--if-missing")
        assert get_engine().snapshot().folder == before

    def test_if_missing_builds_where_there_is_none(self, engine_address) -> None:
        (engine_address.path / "CURRENT").unlink()
        assert "built in" in run("search_rebuild", "--if-missing")
        assert slugs(ask("dublin")) == ["dublin-iii"]

    def test_who_cannot_build_says_so_in_a_line(self, settings) -> None:
        settings.SEARCH = nowhere()
        with pytest.raises(CommandError, match="cannot be built: no host"):
            run("search_rebuild")
        with pytest.raises(CommandError, match="cannot be brought up to date: "):
            run("search_sync")
        with pytest.raises(CommandError, match="cannot be checked: the search cluster"):
            run("search_check")


class TestSync:
    def test_it_applies_what_is_pending(self) -> None:
        Record.objects.filter(slug="dublin-iii").update(title="Quokka regulation")
        said = run("search_sync")
        assert str(get_engine().status().position) in said
        assert Change.objects.reached_by(get_engine().status().position)


class TestCheck:
    def test_an_index_that_is_right_passes(self) -> None:
        assert "none missing, stale or orphaned" in run("search_check")

    def test_pending_changes_are_no_difference(self) -> None:
        Record.objects.filter(slug="dublin-iii").update(title="Quokka regulation")
        run("search_check")

    @pytest.mark.parametrize(
        ("damage", "words"),
        [
            (lambda: damaged("dublin-iii"), "1 missing: r"),
            (lambda: damaged(title="Quokka"), "1 stale: r"),
        ],
    )
    def test_a_difference_is_named_and_repaired(self, damage, words: str) -> None:
        damage()
        out = StringIO()
        with pytest.raises(CommandError):
            call_command("search_check", stdout=out)
        assert words in out.getvalue()
        assert "is right now" in run("search_check", "--repair")
        assert "none missing" in run("search_check")

    def test_orphans_are_named(self) -> None:
        documents = list(documents_of(Record.objects.visible_to(None)))
        Record.objects.filter(slug="dublin-iii").update(state="withdrawn")
        get_engine().rebuild(documents, Change.objects.reach())
        out = StringIO()
        with pytest.raises(CommandError):
            call_command("search_check", stdout=out)
        assert "1 orphaned: r" in out.getvalue()

    def test_a_missing_index_is_a_difference(self, engine_address) -> None:
        (engine_address.path / "CURRENT").unlink()
        with pytest.raises(CommandError):
            run("search_check")
        assert "is right now" in run("search_check", "--repair")

    def test_a_damaged_file_is_a_difference(self, engine_address) -> None:
        ask("dublin")
        path = next(engine_address.path.glob("*/*.pst"))
        path.write_bytes(b"x" + path.read_bytes()[1:])
        with pytest.raises(CommandError):
            run("search_check")
        assert "is right now" in run("search_check", "--repair")


def test_repairing_is_not_needed_for_what_the_log_tells() -> None:
    Record.objects.filter(slug="dublin-iii").update(state="withdrawn")
    sync.catch_up()
    assert "none missing" in run("search_check")


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

    settings.SEARCH = nowhere()
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
