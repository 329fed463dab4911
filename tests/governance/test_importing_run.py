"""Plans written: drafts and pending revisions, resumed after a kill, taken back as a whole."""

import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings

from governance import publishing
from governance.curation.heads import open_revision
from governance.importing.dryrun import Wishes, dry_run
from governance.importing.run import CannotImport, run, store
from governance.importing.undo import undo
from governance.knowledge import apply, digest, dump
from governance.models import Import, ImportMapping, ImportState, Outcome, Progress, Record
from governance.models.vocabulary import State
from tests.governance.curating import agreement, make_user, make_world, publish
from tests.governance.tables import AGREEMENT_HEADINGS, write_csv

pytestmark = pytest.mark.django_db
CHECKOUT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def people():
    make_world()
    return {name: make_user(name, role) for name, role in {"amal": "curator", "rosa": "reviewer", "no": ""}.items()}


def plan_of(path: Path, *rows: list[str], head: list[str] = AGREEMENT_HEADINGS, **wishes):
    return dry_run(write_csv(path / "table.csv", head, *rows), Wishes(**wishes)).plan


def bring_in(plan, user=None, **options) -> Import:
    batch = store(plan, Import(file_name="table.csv", author=user, options=options))
    run(batch, user)
    return batch


def row(title: str, other: str = "Morocco", signed: str = "2001", **_fields) -> list[str]:
    return [title, "bilateral agreement", "Spain", other, signed, "yes", "bilateral"]


def record(slug: str = "labour-agreement") -> Record:
    return Record.objects.get(type="instrument", slug=slug)


def state_of(one: Record) -> tuple[str, str]:
    return one.state, digest(dump(one, public=False))


def edit(slug: str = "labour-agreement", summary: str = "A new summary.") -> tuple[list[str], list[str]]:
    return ["slug", "summary"], [slug, summary]


def test_new_records_arrive_as_drafts_of_whoever_imports(people, tmp_path) -> None:
    batch = bring_in(plan_of(tmp_path, row("One"), row("Two", "Tunisia")), people["amal"])
    made = Record.objects.filter(pk__in=batch.records.values("record"))
    assert {(each.slug, each.state) for each in made} == {("one", State.DRAFT), ("two", State.DRAFT)}
    assert batch.state == ImportState.DONE
    assert made[0].revisions.get().was_written_by(people["amal"])


def test_what_readers_see_changes_only_by_a_revision_that_another_person_approves(people, tmp_path) -> None:
    published = publish(agreement(), people["amal"], people["rosa"]).record
    before = state_of(published)
    head, change = edit()
    bring_in(plan_of(tmp_path, change, head=head), people["amal"])
    assert state_of(record()) == before
    revision = open_revision(published)
    assert revision is not None and revision.document["summary"] == "A new summary."
    publishing.approve(publishing.submit(published, people["amal"]), people["rosa"])
    assert record().summary == "A new summary."


def test_what_was_changed_after_the_dry_run_is_not_overwritten(people, tmp_path) -> None:
    apply(agreement(), state=State.DRAFT)
    head, change = edit()
    plan = plan_of(tmp_path, change, head=head)
    apply(agreement(summary="Somebody was faster."), state=State.DRAFT)
    batch = bring_in(plan)
    item = batch.records.get()
    assert (item.progress, record().summary) == (Progress.FAILED, "Somebody was faster.")
    assert "changed by somebody after the dry run" in item.message


def test_all_or_nothing_takes_back_what_was_written_before_the_failure(people, tmp_path) -> None:
    plan = plan_of(tmp_path, row("One"), row("Two", "Tunisia"))
    apply(agreement("two"), state=State.DRAFT)
    batch = store(plan, Import(file_name="table.csv", options={"all_or_nothing": True}))
    with pytest.raises(CannotImport, match="Nothing was written"):
        run(batch)
    assert not Record.objects.filter(slug="one").exists()
    assert Import.objects.get(pk=batch.pk).state == ImportState.FAILED
    assert set(batch.records.values_list("progress", flat=True)) == {Progress.WAITING}


def test_without_all_or_nothing_the_others_are_written(people, tmp_path) -> None:
    plan = plan_of(tmp_path, row("One"), row("Two", "Tunisia"))
    apply(agreement("two"), state=State.DRAFT)
    batch = bring_in(plan)
    assert sorted(batch.records.values_list("slug", "progress")) == [("one", "done"), ("two", "failed")]


def test_undo_brings_back_every_state_there_was(people, tmp_path) -> None:
    publish(agreement(), people["amal"], people["rosa"])
    publishing.create_draft(agreement("a-draft"), people["amal"])
    in_review = publishing.create_draft(agreement("in-review"), people["amal"]).record
    publishing.submit(in_review, people["amal"])
    slugs = ("labour-agreement", "a-draft", "in-review")
    before = {slug: (state_of(record(slug)), open_revision(record(slug))) for slug in slugs}
    head = ["slug", "summary", *AGREEMENT_HEADINGS]
    plan = plan_of(
        tmp_path,
        *([slug, "New.", *[""] * 7] for slug in slugs),
        ["", "", *row("Brand new", "Morocco", "1977")],
        head=head,
    )
    batch = bring_in(plan, people["amal"])
    assert batch.records.filter(progress=Progress.DONE).count() == 4
    undo(batch, people["amal"])
    assert {slug: (state_of(record(slug)), open_revision(record(slug))) for slug in slugs} == before
    assert not Record.objects.filter(slug="brand-new").exists()
    assert set(batch.records.values_list("progress", flat=True)) == {Progress.UNDONE}
    publishing.approve(open_revision(record("in-review")), people["rosa"])
    assert record("in-review").state == State.PUBLISHED


def test_undo_leaves_what_was_edited_published_or_referred_to_since_and_says_so(people, tmp_path) -> None:
    rows = [row("One", "Morocco", "1991"), row("Two", "Morocco", "1992"), row("Three", "Morocco", "1993")]
    batch = bring_in(plan_of(tmp_path, *rows), people["amal"])
    publishing.save_draft({**dump(record("one"), public=False), "summary": "Edited."}, people["amal"])
    apply(dump(record("two"), public=False), state=State.PUBLISHED)
    apply(agreement("other", relations=[{"predicate": "follows", "to": "instrument/three"}]))
    undo(batch, people["amal"])
    kept = dict(batch.records.values_list("slug", "message"))
    assert "edited after the import" in kept["one"]
    assert "Published" in kept["two"]
    assert "other records refer to it: Other" in kept["three"]
    assert Record.objects.filter(slug__in=("one", "two", "three")).count() == 3


def test_records_that_refer_to_each_other_come_and_go_together(people, tmp_path) -> None:
    path = tmp_path / "circle.yaml"
    path.write_text("""
- {type: actor, slug: a, title: A, kind: network, relations: [{predicate: works-with, to: actor/b}]}
- {type: actor, slug: b, title: B, kind: network, relations: [{predicate: works-with, to: actor/a}]}
- {type: actor, slug: c, title: C, kind: network, relations: [{predicate: works-with, to: actor/missing}]}
""")
    plan = dry_run(path, Wishes()).plan
    assert [each.outcome for each in plan.rows] == [Outcome.CREATE, Outcome.CREATE, Outcome.REFUSE]
    batch = bring_in(plan, people["amal"])
    assert Record.objects.filter(type="actor", state=State.DRAFT).count() == 2
    undo(batch, people["amal"])
    assert not Record.objects.filter(type="actor").exists()


def test_who_has_no_right_imports_nothing(people, tmp_path) -> None:
    batch = store(plan_of(tmp_path, row("One")), Import(file_name="table.csv"))
    with pytest.raises(CannotImport, match="no right to import"):
        run(batch, people["no"])
    assert not Record.objects.filter(slug="one").exists()


def test_publishing_at_once_needs_the_right_and_a_site_of_one_person(people, tmp_path) -> None:
    head = [*AGREEMENT_HEADINGS, "Source"]
    batch = store(
        plan_of(tmp_path, [*row("Cited"), "S9.1"], [*row("Bare", "Tunisia"), ""], head=head),
        Import(file_name="table.csv", options={"publish": True}),
    )
    with pytest.raises(CannotImport, match="no right to publish"):
        run(batch, people["amal"])
    with pytest.raises(CannotImport, match="second person"):
        run(batch, people["rosa"])
    with override_settings(REVIEW="one"):
        run(batch, people["rosa"])
    assert (record("cited").state, record("bare").state) == (State.PUBLISHED, State.DRAFT)
    undo(batch, people["rosa"])
    assert record("cited").state == State.WITHDRAWN
    assert not Record.objects.filter(slug="bare").exists()


def test_the_command_shows_first_writes_when_asked_and_takes_back(people, tmp_path, capsys) -> None:
    path = str(write_csv(tmp_path / "table.csv", AGREEMENT_HEADINGS, row("One"), row("Bad", "Atlantis")))
    call_command("import_records", path)
    said = capsys.readouterr().out
    assert "row 2: create: One" in said and "“Atlantis” is not the name" in said
    assert "1 create, 0 change, 0 leave, 0 held back, 1 refused" in said
    assert not Record.objects.filter(slug="one").exists()
    with pytest.raises(CommandError, match="1 rows cannot be imported"):
        call_command("import_records", path, apply=True, all_or_nothing=True)
    call_command("import_records", path, apply=True, user="amal")
    assert record("one").state == State.DRAFT
    call_command("import_records", undo=Import.objects.get().pk)
    assert not Record.objects.filter(slug="one").exists()


def test_the_columns_that_people_chose_are_remembered(people, tmp_path) -> None:
    path = write_csv(
        tmp_path / "table.csv", ["What", "Type", "Country A", "Country B"], ["A", "mou", "Spain", "Morocco"]
    )
    assert "There is no column for: Title" in dry_run(path, Wishes()).plan.faults[0]
    call_command("import_records", str(path), apply=True, column=["What=title"], verbosity=0)
    assert ImportMapping.objects.get().columns["What"] == "title"
    again = write_csv(
        tmp_path / "again.csv", ["Country B", "What", "Type", "Country A"], ["Tunisia", "B", "mou", "Spain"]
    )
    assert [each.outcome for each in dry_run(again, Wishes()).plan.rows] == [Outcome.CREATE]


def test_an_import_that_ran_is_not_planned_or_run_again(people, tmp_path) -> None:
    plan = plan_of(tmp_path, row("One"))
    batch = bring_in(plan)
    with pytest.raises(CannotImport, match="has run already"):
        store(plan, batch)
    with pytest.raises(CannotImport, match="cannot be applied"):
        run(batch)


INSTRUMENTS = "record WHERE type = 'instrument'"
ROWS = 80


def ask(folder: Path, what: str) -> int:
    """What is committed, seen from outside."""
    with closing(sqlite3.connect(folder / "data" / "db.sqlite3", timeout=30)) as connection:
        return connection.execute(f"SELECT {what}").fetchone()[0]


def count(folder: Path, what: str) -> int:
    """How many rows of a table are committed."""
    return ask(folder, f"count(*) FROM governance_{what}")


@pytest.mark.slow
@pytest.mark.once
def test_killed_in_the_middle_and_resumed_nothing_is_lost_or_doubled(tmp_path: Path, other_site) -> None:
    """On a database of its own, since the killed process needs one that it can commit to."""

    def manage(*arguments: str) -> str:
        command = [sys.executable, str(CHECKOUT / "manage.py"), *arguments]
        done = subprocess.run(command, env=other_site, capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done.stderr
        return done.stdout

    world = "- {type: level, slug: bilateral, title: Bilateral}\n" + "".join(
        f"- {{type: country, slug: {code}, iso2: {code}, title: {title}}}\n"
        for code, title in (("ES", "Spain"), ("MA", "Morocco"))
    )
    (tmp_path / "world.yaml").write_text(world)
    rows = [row(f"Agreement number {n}", "Morocco", f"{1600 + n}") for n in range(ROWS)]
    table = write_csv(tmp_path / "table.csv", AGREEMENT_HEADINGS, *rows)
    manage("load_knowledge", str(tmp_path / "world.yaml"))
    command = [sys.executable, str(CHECKOUT / "manage.py"), "import_records", str(table), "--apply"]
    process = subprocess.Popen(command, env=other_site, stdout=subprocess.DEVNULL)
    until = time.monotonic() + 120
    while count(tmp_path, "importedrecord WHERE progress = 'done'") < 1 and time.monotonic() < until:
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.wait()
    written = count(tmp_path, INSTRUMENTS)
    assert 0 < written < ROWS, "the process was killed before or after its work"
    assert count(tmp_path, "importedrecord WHERE progress = 'done'") == written
    number = str(ask(tmp_path, "max(id) FROM governance_import"))
    manage("import_records", "--resume", number)
    assert count(tmp_path, INSTRUMENTS) == ROWS
    assert count(tmp_path, "revision JOIN governance_record r ON r.id = record_id WHERE r.type = 'instrument'") == ROWS
    manage("import_records", "--undo", number)
    assert count(tmp_path, INSTRUMENTS) == 0
