"""A treaty's status table as people download it."""

from pathlib import Path

import pytest

from governance.importing.dryrun import Wishes, dry_run
from governance.models import Outcome
from tests.factories import make_instrument
from tests.governance.tables import write_csv

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("knowledge")]

HEAD = [
    "Participant",
    "Signature, Succession to signature(d)",
    "Ratification, Accession(a), Succession(d), Acceptance(A)",
]


def plan(tmp_path: Path, *rows: list[str], head: list[str] | None = None):
    make_instrument("the-treaty", title="The Treaty")
    path = write_csv(tmp_path / "status.csv", ["Status as at : 22-11-2024", "", ""], head or HEAD, *rows)
    found = dry_run(path, Wishes(record="instrument/the-treaty"))
    assert found.table_type == "status-table"
    return found.plan


def acts(plan) -> list[tuple[str, ...]]:
    rows = plan.targets["instrument", "the-treaty"].after["participation"]
    return [(row["slug"], row["act"], row["from"], row["note"]) for row in rows]


def test_acts_and_dates_are_read(tmp_path: Path) -> None:
    found = plan(
        tmp_path,
        ["Algeria 2", "", "21 Feb 1963 d"],
        ["Germany 3, 4", "19 Nov 1951", "1 Dec 1953"],
        ["Türkiye¹", "24 Aug 1951", "30 Mar 1962"],
        ["Czech Republic", "11 May 1993 d", "11 May 1993 d"],
        ["Viet Nam", "", "4 Dec 1952 a 7"],
        ["Japan", "", "3 Oct 1981 A"],
    )
    assert acts(found) == [
        ("DZ", "party", "1963-02-21", "Succession"),
        ("DE", "signatory", "1951-11-19", ""),
        ("DE", "ratified", "1953-12-01", ""),
        ("TR", "signatory", "1951-08-24", ""),
        ("TR", "ratified", "1962-03-30", ""),
        ("CZ", "signatory", "1993-05-11", "Succession to signature"),
        ("CZ", "party", "1993-05-11", "Succession"),
        ("VN", "acceded", "1952-12-04", ""),
        ("JP", "party", "1981-10-03", "Acceptance"),
    ]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (["Yugoslavia", "28 Jul 1951", ""], "“Yugoslavia” is not the name of a known country"),
        (["Monaco", "", "18 May 1954 x"], "does not explain the letter “x” (it has: a, d, A)"),
        (["Monaco", "", "[18 May 1954]"], "not a date that can be read"),
        (["Monaco", "", "18/05/54"], "year of two digits"),
        (["Monaco", "", "05/04/1954 a"], "can be 5 April 1954 or 4 May 1954"),
    ],
)
def test_what_is_not_understood_is_listed_and_not_guessed(tmp_path: Path, row: list[str], words: str) -> None:
    found = plan(tmp_path, row, ["France", "11 Sep 1952", "23 Jun 1954"])
    assert (found.rows[0].outcome, found.rows[1].outcome) == (Outcome.REFUSE, Outcome.CHANGE)
    assert words in " ".join(found.rows[0].messages)
    assert {slug for slug, *_rest in acts(found)} == {"FR"}


def test_a_date_without_a_letter_is_refused_where_the_heading_names_two_such_acts(tmp_path: Path) -> None:
    found = plan(tmp_path, ["France", "", "23 Jun 1954"], head=["State", "Signature", "Ratification, Acceptance"])
    assert "names several acts without one" in " ".join(found.rows[0].messages)


def test_effect_is_taken_only_from_its_own_column(tmp_path: Path) -> None:
    head = ["State", "Accession", "Entry into force"]
    found = plan(tmp_path, ["France", "23 Jun 1954", "21 Sep 1954"], ["Chad", "19 Aug 1981", ""], head=head)
    rows = found.targets["instrument", "the-treaty"].after["participation"]
    assert [(row["slug"], row["effect"]) for row in rows] == [("FR", "1954-09-21"), ("TD", "")]


def test_the_notes_below_the_table_are_not_read(tmp_path: Path) -> None:
    found = plan(tmp_path, ["France", "", "23 Jun 1954"], ["End Note", "", ""], ["1. On 3 May …", "", ""])
    assert len(found.rows) == 1
    assert any("From row 4 on" in notice for notice in found.notices)


def test_a_party_that_is_there_already_is_left_or_brought_up_to_date(tmp_path: Path) -> None:
    first = plan(tmp_path, ["France", "11 Sep 1952", "23 Jun 1954"])
    from governance.knowledge import apply

    apply(first.targets["instrument", "the-treaty"].after)
    path = write_csv(tmp_path / "again.csv", HEAD, ["France", "11 Sep 1952", "23 Jun 1955"])
    row = dry_run(path, Wishes(record="The Treaty")).plan.rows[0]
    assert row.outcome == Outcome.CHANGE
    assert row.messages == ["Participation: France – Ratified – 23 June 1954 becomes France – Ratified – 23 June 1955"]


def test_without_its_treaty_nothing_is_done(tmp_path: Path) -> None:
    found = dry_run(write_csv(tmp_path / "status.csv", HEAD, ["France", "", "23 Jun 1954"]), Wishes())
    assert found.plan.faults == ["This is a status table. Say which treaty it belongs to."]
