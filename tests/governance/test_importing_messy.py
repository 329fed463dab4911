"""Forty bilateral agreements from a spreadsheet with six faults and three duplicates, each told in plain words."""

from pathlib import Path

import pytest
from django.utils import translation

from governance.importing.dryrun import Wishes, dry_run
from governance.importing.planned import Plan
from governance.importing.run import run, store
from governance.importing.undo import undo
from governance.knowledge.load import Report
from governance.models import Import, Outcome, Record
from governance.models.vocabulary import State
from tests.governance.agreements import forty
from tests.governance.tables import AGREEMENT_HEADINGS, write_xlsx

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("knowledge")]


@pytest.fixture(scope="module")
def sheet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("messy") / "agreements.xlsx"
    return write_xlsx(path, ["Agreements of Spain, 2024"], AGREEMENT_HEADINGS, *forty())


@pytest.fixture(scope="module")
def plan(knowledge: Report, sheet: Path) -> Plan:
    """What would be done with the sheet: looked at once, since looking writes nothing."""
    with translation.override("en"):
        return dry_run(sheet, Wishes()).plan


def account(plan: Plan) -> dict[int, str]:
    return {row.number: f"{row.outcome}: {' '.join(row.messages)}" for row in plan.rows}


def test_every_row_has_its_account(plan: Plan) -> None:
    assert plan.faults == []
    assert plan.counts() == {Outcome.CREATE: 31, Outcome.REFUSE: 6, Outcome.HOLD: 3}
    assert sorted(row.number for row in plan.rows) == list(range(3, 43))


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (
            34,
            "Column “Country B”: “Ethopia” is not the name of a known country or actor. Is one of these",
        ),
        (35, "Column “Date signed”: “04/05/2004” can be 4 May 2004 or 5 April 2004; write the one that is meant"),
        (36, "A bilateral agreement has two sides"),
        (37, "Column “Type”: “Gentlemen's handshake” is not one of the words used here. Write one of: Treaty"),
        (38, "The row has no title."),
        (39, "Column “Legally binding?”: “perhaps” is not one of the words used here. Write one of: Binding"),
    ],
)
def test_each_fault_is_told_in_plain_words(plan: Plan, number: int, words: str) -> None:
    said = account(plan)[number]
    assert said.startswith("refuse: ")
    assert words in said


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (40, "instrument/agreement-lebanon-ethiopia, “Labour agreement between Lebanon and Ethiopia”: the same name"),
        (
            41,
            "Likely the same as row 32, “Agreement with Peru on seasonal workers”: the same parties and the same date",
        ),
        (42, "Likely the same as row 27, “Agreement with Malta on seasonal workers”: the same name"),
    ],
)
def test_each_duplicate_is_proposed_and_held_back(plan: Plan, number: int, words: str) -> None:
    said = account(plan)[number]
    assert said.startswith("hold: ")
    assert words in said


def test_what_the_account_says_is_what_is_written(sheet: Path) -> None:
    plan = dry_run(sheet, Wishes()).plan
    before = set(Record.objects.values_list("pk", flat=True))
    batch = store(plan, Import(file_name=sheet.name))
    run(batch)
    made = Record.objects.exclude(pk__in=before)
    assert {record.reference for record in made} == {"/".join(key) for key in plan.targets}
    assert {record.state for record in made} == {State.DRAFT}
    undo(batch)
    assert set(Record.objects.values_list("pk", flat=True)) == before


def test_people_decide_about_duplicates(sheet: Path) -> None:
    decisions = {"40": "instrument/agreement-lebanon-ethiopia", "41": "new", "42": "skip"}
    plan = dry_run(sheet, Wishes(decisions=decisions)).plan
    outcomes = {row.number: row.outcome for row in plan.rows}
    assert (outcomes[40], outcomes[41], outcomes[42]) == (Outcome.CHANGE, Outcome.CREATE, Outcome.HOLD)
    [change] = next(row.messages for row in plan.rows if row.number == 40)
    assert change == "Dates: added Signed 2023"
