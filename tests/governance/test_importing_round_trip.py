"""What export writes import takes back, and finds nothing to change."""

import csv
from pathlib import Path

import openpyxl
import pytest
from django.core.management import CommandError, call_command

from governance.importing.dryrun import Wishes, dry_run
from governance.importing.export import export, records_of
from governance.knowledge import apply, compact, dump
from governance.models import Outcome, Record
from tests.factories import make_instrument
from tests.governance.tables import write_csv

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("knowledge")]


def csv_rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


TYPES = ("instrument", "actor", "event", "practice", "principle", "topic", "participation", "names")


@pytest.mark.parametrize("table_type", TYPES)
@pytest.mark.parametrize("suffix", [".csv", pytest.param(".xlsx", marks=pytest.mark.once)])
def test_a_table_comes_back_without_a_change(tmp_path: Path, table_type: str, suffix: str) -> None:
    path = tmp_path / f"records{suffix}"
    count = export(path, table_type, records_of(table_type))
    found = dry_run(path, Wishes())
    assert found.table_type == table_type
    assert count > 0
    assert found.plan.counts() == {Outcome.LEAVE: count}


def test_documents_come_back_without_a_change(tmp_path: Path) -> None:
    count = export(tmp_path / "records.yaml", "instrument", records_of("instrument"))
    assert dry_run(tmp_path / "records.yaml", Wishes()).plan.counts() == {Outcome.LEAVE: count}


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_no_cell_starts_a_formula_and_the_text_comes_back(tmp_path: Path, suffix: str) -> None:
    title = '=HYPERLINK("https://evil.example";"x")'
    record = make_instrument("hostile", title=title, summary="+1 or -1", body="'quoted'")
    path = tmp_path / f"records{suffix}"
    export(path, "instrument", Record.objects.filter(pk=record.pk))
    if suffix == ".csv":
        rows = csv_rows(path)
    else:
        sheet = openpyxl.load_workbook(path).active
        assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
        rows = [[str(cell or "") for cell in row] for row in sheet.iter_rows(values_only=True)]
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]
    assert dry_run(path, Wishes()).plan.counts() == {Outcome.LEAVE: 1}


def test_a_value_edited_in_the_table_changes_alone(tmp_path: Path) -> None:
    path = tmp_path / "records.csv"
    record = Record.objects.get(type="instrument", slug="agreement-lebanon-ethiopia")
    before = compact(dump(record, public=False))
    export(path, "instrument", Record.objects.filter(pk=record.pk))
    heads, row = csv_rows(path)
    row[heads.index("date.concluded")] = "2023-04"
    write_csv(path, heads, row)
    plan = dry_run(path, Wishes()).plan
    assert plan.rows[0].messages[0].startswith("Dates: Concluded 2023 becomes Concluded April 2023")
    after = compact(next(iter(plan.targets.values())).after)
    assert after.pop("dates") == [{"event": "concluded", "value": "2023-04"}]
    before.pop("dates")
    assert after == before


def test_an_emptied_value_goes_and_an_empty_cell_says_nothing(tmp_path: Path) -> None:
    apply({"type": "instrument", "slug": "x", "title": "X", "kind": "treaty", "summary": "Old.", "binding": "binding"})
    path = tmp_path / "records.csv"
    path.write_text("slug,title,summary,legal force\ninstrument/x,X,(empty),\n")
    plan = dry_run(path, Wishes()).plan
    assert plan.rows[0].messages[0] == "Summary: “Old.” is removed"
    assert plan.targets["instrument", "x"].after["binding"] == "binding"


def test_the_command_filters_and_names_what_it_cannot_use(tmp_path: Path, capsys) -> None:
    call_command("export_records", str(tmp_path / "r.csv"), filter=["level=bilateral", "q=Ethiopia"])
    assert "rows written" in capsys.readouterr().out
    heads, *rows = csv_rows(tmp_path / "r.csv")
    assert {row[heads.index("level")] for row in rows} == {"bilateral"}
    with pytest.raises(CommandError, match="level: There is no “lunar”"):
        call_command("export_records", str(tmp_path / "r.csv"), filter=["level=lunar"])
    with pytest.raises(CommandError, match="must end in one of"):
        call_command("export_records", str(tmp_path / "r.doc"))
