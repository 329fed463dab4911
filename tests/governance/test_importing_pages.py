"""The import pages of the admin: upload, columns, account, apply, undo; no JavaScript, for those with the right."""

import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import override_settings
from django.utils import timezone

from governance.importing import work
from governance.models import Import, ImportState, Record
from governance.models.vocabulary import State
from tests.governance.curating import form_data, make_user
from tests.governance.tables import AGREEMENT_HEADINGS, write_csv

pytestmark = pytest.mark.django_db
CHECKOUT = Path(__file__).resolve().parent.parent.parent
GOOD = ["Agreement on nurses", "bilateral agreement", "Spain", "Morocco", "4 May 2001", "yes", "bilateral"]
BAD = ["Agreement on sailors", "bilateral agreement", "Spain", "Atlantis", "2001", "yes", "bilateral"]
AGAIN = ["agreement on NURSES", "bilateral agreement", "Spain", "Tunisia", "2005", "yes", "bilateral"]


@pytest.fixture
def curator(curator, tmp_path):
    with override_settings(MEDIA_ROOT=tmp_path / "uploads"):
        yield curator


def upload(client, path: Path):
    return client.post("/admin/import/", {"file": SimpleUploadedFile(path.name, path.read_bytes())})


def uploaded(client, tmp_path: Path, *rows: list[str], head: list[str] = AGREEMENT_HEADINGS) -> str:
    response = upload(client, write_csv(tmp_path / "table.csv", head, *rows))
    assert response.status_code == 302, response.content
    return response["Location"]


def press(client, page: str, step: str, **fields):
    """Send the form of a page as it stands, with `fields` changed, by one of its buttons."""
    data = form_data(client.get(page), "import")
    response = client.post(page, {**data, **fields, "step": step})
    return client.get(response["Location"]) if response.status_code == 302 else response


def test_a_file_is_looked_at_applied_and_undone(client, curator, tmp_path) -> None:
    page = uploaded(client, tmp_path, GOOD, BAD)
    assert "Country A" in client.get(page).content.decode()
    account = press(client, page, "columns").content.decode()
    assert "“Atlantis” is not the name of a known country" in account
    assert "Create: 1" in account and "Refuse: 1" in account
    assert not Record.objects.filter(type="instrument").exists()
    press(client, page, "apply")
    made = Record.objects.get(type="instrument")
    assert (made.title, made.state) == ("Agreement on nurses", State.DRAFT)
    assert f"/admin/edit/{made.pk}/" in client.get(page).content.decode()
    press(client, page, "undo")
    assert not Record.objects.filter(type="instrument").exists()
    assert Import.objects.get().state == ImportState.UNDONE


def test_a_file_that_is_gone_is_told_and_can_be_discarded(client, curator, tmp_path) -> None:
    page = uploaded(client, tmp_path, GOOD)
    Path(Import.objects.get().upload.path).unlink()
    for answer in (client.get(page), client.post(page, {"step": "columns"}, follow=True)):
        assert answer.status_code == 200
        assert "cannot be read: No such file" in answer.content.decode()
    client.post(page, {"step": "discard"})
    assert not Import.objects.exists()


def test_columns_are_chosen_and_remembered(client, curator, tmp_path) -> None:
    head = ["Name of the deal", *AGREEMENT_HEADINGS[1:]]
    page = uploaded(client, tmp_path, GOOD, head=head)
    assert "There is no column for: Title" in press(client, page, "columns").content.decode()
    page = press(client, page, "back").request["PATH_INFO"]
    press(client, page, "columns", column_0="title")
    assert Import.objects.get().rows.get().outcome == "create"
    again = uploaded(client, tmp_path, AGAIN, head=head)
    assert "as they were chosen last" in client.get(again).content.decode()


def test_two_columns_cannot_be_one_field(client, curator, tmp_path) -> None:
    page = uploaded(client, tmp_path, GOOD)
    response = press(client, page, "columns", column_1="title")
    assert response.status_code == 400
    assert "is chosen for “Title” already" in response.content.decode()


def test_another_kind_of_table_has_other_fields(client, curator, tmp_path) -> None:
    page = uploaded(client, tmp_path, ["icrmw", "Morocco", "ratified"], head=["Instrument", "Country", "Act"])
    assert 'value="participation" selected' in client.get(page).content.decode()
    changed = press(client, page, "columns", table_type="actor").content.decode()
    assert 'value="actor" selected' in changed and "Website" in changed


def test_a_row_held_back_is_decided_about(client, curator, tmp_path) -> None:
    page = uploaded(client, tmp_path, GOOD, AGAIN)
    assert "Likely the same as row 2" in press(client, page, "columns").content.decode()
    press(client, page, "decide", row_3="new")
    press(client, page, "apply")
    assert Record.objects.filter(type="instrument").count() == 2


def test_all_or_nothing_writes_nothing_when_a_row_is_refused(client, curator, tmp_path) -> None:
    page = uploaded(client, tmp_path, GOOD, BAD)
    press(client, page, "columns")
    assert "1 rows cannot be imported" in press(client, page, "apply", all_or_nothing="on").content.decode()
    assert not Record.objects.filter(type="instrument").exists()


def test_a_status_table_asks_for_its_treaty(client, curator, tmp_path) -> None:
    from tests.factories import make_instrument

    make_instrument("a-treaty", title="A Treaty")
    page = uploaded(client, tmp_path, ["Morocco", "4 Dec 1952 a"], head=["Participant", "Ratification, Accession(a)"])
    assert "Say which treaty" in press(client, page, "columns").content.decode()
    press(client, page, "back")
    said = press(client, page, "columns", record="A Treaty").content.decode()
    assert "Morocco – Acceded – 4 December 1952" in said


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("t.exe", b"x", "Choose a file that ends in"),
        ("t.xlsx", b"not a workbook", "not an Excel workbook"),
        ("t.csv", b"a\0b", "not a text file"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_beside_its_field_and_not_kept(
    client, curator, name, data, words
) -> None:
    response = client.post("/admin/import/", {"file": SimpleUploadedFile(name, data)})
    assert response.status_code == 400
    assert words in response.content.decode()
    assert not Import.objects.exists()


def test_a_hostile_title_is_shown_as_text(client, curator, tmp_path) -> None:
    page = uploaded(client, tmp_path, ["<script>alert(1)</script>", *GOOD[1:]])
    for content in (client.get(page).content.decode(), press(client, page, "columns").content.decode()):
        assert "<script>alert" not in content
        assert "&lt;script&gt;alert" in content


def test_what_was_discarded_leaves_nothing(client, curator, tmp_path) -> None:
    page = uploaded(client, tmp_path, GOOD)
    file = Path(Import.objects.get().upload.path)
    press(client, page, "discard")
    assert not Import.objects.exists() and not file.exists()


def test_work_under_way_shows_how_far_it_has_come_and_goes_on_when_it_was_stopped(client, curator, tmp_path) -> None:
    page = uploaded(client, tmp_path, GOOD)
    press(client, page, "columns")
    batch = Import.objects.get()
    batch.tell(ImportState.RUNNING, 3, 10)
    content = client.get(page).content.decode()
    assert 'http-equiv="refresh"' in content and "3 of 10" in content
    Import.objects.update(seen=timezone.now() - timedelta(minutes=5))
    content = client.get(page).content.decode()
    assert 'http-equiv="refresh"' not in content and "goes on where it stopped" in content
    press(client, page, "resume")
    assert Import.objects.get().state == ImportState.DONE
    assert Record.objects.filter(type="instrument").count() == 1


@pytest.mark.parametrize(
    ("table_type", "suffix"),
    [("instrument", "csv"), ("participation", "csv"), ("names", "csv"), ("instrument", "xlsx"), ("names", "xlsx"),
     ("participation", "xlsx"), ("instrument", "yaml"), ("actor", "yaml")],
)  # fmt: skip
def test_an_exported_table_can_be_uploaded_again(client, curator, tmp_path, table_type, suffix) -> None:
    from tests.governance.small import make_small_world

    make_small_world()
    response = client.get(f"/admin/export/?type={table_type}&format={suffix}")
    assert f'filename="{table_type}.{suffix}"' in response["Content-Disposition"]
    path = tmp_path / f"{table_type}.{suffix}"
    path.write_bytes(b"".join(response.streaming_content))
    page = upload(client, path)["Location"]
    press(client, page, "columns")
    assert set(Import.objects.get().rows.values_list("outcome", flat=True)) <= {"leave"}


@pytest.mark.parametrize(
    "query",
    ["", "?type=instrument", "?type=secrets&format=csv", "?type=status-table&format=csv", "?type=names&format=yaml"],
)
def test_an_export_of_nothing_known_is_no_error(client, curator, query) -> None:
    assert client.get(f"/admin/export/{query}").status_code == 302


@pytest.mark.parametrize("address", ["/admin/import/", "/admin/import/1/", "/admin/export/?type=instrument&format=csv"])
def test_the_pages_are_for_curators(client, address) -> None:
    assert client.get(address).status_code == 302
    client.force_login(make_user("nobody"))
    assert client.get(address).status_code == 403


def test_only_its_author_or_a_reviewer_undoes_an_import(client, curator, tmp_path) -> None:
    page = uploaded(client, tmp_path, GOOD)
    press(client, page, "columns")
    press(client, page, "apply")
    client.force_login(make_user("ben", "curator"))
    assert "Only its author or a reviewer" in press(client, page, "undo").content.decode()
    client.force_login(make_user("rosa", "reviewer"))
    press(client, page, "undo")
    assert Import.objects.get().state == ImportState.UNDONE


def test_the_command_plans_an_uploaded_file(curator, tmp_path) -> None:
    path = write_csv(tmp_path / "table.csv", AGREEMENT_HEADINGS, GOOD)
    upload_ = ContentFile(path.read_bytes(), name="table.csv")
    batch = Import.objects.create(file_name="table.csv", upload=upload_, state=ImportState.UPLOADED, author=curator)
    call_command("import_records", plan=batch.pk)
    batch.refresh_from_db()
    assert (batch.state, batch.rows.get().outcome) == (ImportState.PLANNED, "create")


@pytest.mark.slow
@pytest.mark.once
def test_a_process_beside_does_what_takes_long(tmp_path: Path, other_site) -> None:
    """On a database of its own, since another process must see what is in it."""
    (tmp_path / "t.yaml").write_text("- {type: topic, slug: t, title: T, kind: theme}\n")
    begin = f"""
from django.core.files.base import ContentFile
from governance.importing import work
from governance.models import Import
upload = ContentFile(open({str(tmp_path / "t.yaml")!r}, "rb").read(), name="t.yaml")
work.start(Import.objects.create(file_name="t.yaml", upload=upload, state="uploaded"), {work.PLAN!r})
"""
    command = [sys.executable, CHECKOUT / "manage.py", "shell", "-v0", "-c", begin]
    subprocess.run(command, env=other_site, check=True, timeout=120)
    until = time.monotonic() + 60
    state = ""
    while state != "planned" and time.monotonic() < until:
        time.sleep(0.2)
        with closing(sqlite3.connect(tmp_path / "data" / "db.sqlite3", timeout=30)) as connection:
            [state] = connection.execute("SELECT state FROM governance_import").fetchone()
    assert state == "planned"
