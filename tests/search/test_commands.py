from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from governance.environment import SearchAddress
from governance.models import Change, Record
from search import sync
from search.documents import documents_of
from search.engines import get_engine
from tests.cluster.ports import free_ports
from tests.search.conftest import ask, slugs

pytestmark = pytest.mark.usefixtures("growing")


def run(*command: str) -> str:
    out = StringIO()
    call_command(*command, stdout=out, stderr=out)
    return out.getvalue()


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
        settings.SEARCH = SearchAddress("opensearch", host=f"127.0.0.1:{free_ports(1)[0]}", prefix="away")
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
