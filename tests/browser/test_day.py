"""A day of curation in a real browser, from the spreadsheet in the morning to all of it undone in the evening."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import override_settings
from playwright.sync_api import Page, expect

from governance.curation.heads import current
from governance.ingest.blocks import Block
from governance.ingest.store import ingest
from governance.knowledge import apply
from governance.models import Import, Record, Report, Source
from tests.browser.axe import WCAG, violations
from tests.browser.windows import sign_in
from tests.factories import make_country, make_level, make_source
from tests.governance.agreements import PARTNERS, forty
from tests.governance.curating import agreement, make_user, publish
from tests.governance.tables import AGREEMENT_HEADINGS, write_xlsx

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

FAULTS = (
    "“Ethopia” is not the name of a known country or actor. Is one of these meant: Ethiopia?",
    "“04/05/2004” can be 4 May 2004 or 5 April 2004",
    "A bilateral agreement has two sides",
    "“Gentlemen's handshake” is not one of the words used here",
    "The row has no title.",
    "“perhaps” is not one of the words used here",
)
DUPLICATES = ("Labour agreement between Lebanon and Ethiopia", "the same parties and the same date", "the same name")


@pytest.fixture
def world(transactional_db, tmp_path: Path) -> Iterator[dict]:
    """A published agreement whose source has its text, the countries of the spreadsheet, and four people."""
    source = make_source("S9", title="Background note", rights="open")
    ingest(Source.objects.get(pk=source.pk), [Block("Rivers join here."), Block("It was signed on the first of May.")])
    make_level("bilateral", title="Bilateral")
    for n, name in enumerate(dict.fromkeys([*PARTNERS, "Spain", "Ethiopia", "Lebanon"])):
        make_country(f"{chr(65 + n // 26)}{chr(65 + n % 26)}", title=name)
    for code, name in (("MA", "Morocco"), ("TN", "Tunisia")):
        Record.objects.filter(slug=code).exists() or make_country(code, title=name)
    for slug, title in (("solidarity", "Solidarity"), ("burden-sharing", "Sharing of burdens")):
        apply({"type": "principle", "slug": slug, "title": title, "kind": "principle",
               "summary": {"value": "What it is.", "cite": ["S9.1"]}})  # fmt: skip
    roles = {"amal": "curator", "rosa": "reviewer", "zoe": "reviewer", "ada": "administrator"}
    people = {name: make_user(name, role) for name, role in roles.items()}
    known = agreement("agreement-lebanon-ethiopia", title="Labour agreement between Lebanon and Ethiopia")
    publish(known, people["amal"], people["rosa"])
    tagged = agreement(summary="As it was in the morning.", principles=[{"slug": "burden-sharing", "cite": ["S9.1"]}])
    with override_settings(MEDIA_ROOT=tmp_path / "uploads"):
        yield {"record": publish(tagged, people["amal"], people["rosa"]).record, "folder": tmp_path}


def accessible(page: Page) -> None:
    assert violations(page, WCAG, "#content") == []


def save(page: Page, button: str, words: str) -> None:
    page.get_by_role("button", name=button, exact=True).click()
    expect(page.get_by_text(words).first).to_be_visible()


def test_a_day_of_curation_is_done_and_undone(visit, world):
    record = world["record"]
    address, editor = record.get_absolute_url(), f"/admin/edit/{record.pk}/"
    sign_in(amal := visit(), "amal")
    rosa, zoe, ada = (visit(name) for name in ("rosa", "zoe", "ada"))
    reader = visit()

    _import_the_spreadsheet(amal, world["folder"])
    _edit_at_once(amal, rosa, editor)
    _send_back_and_approve(amal, zoe, reader, editor, address)
    _trace_to_the_paragraph(reader, address)
    _report_and_handle(reader, amal, address)
    _merge_and_take_back(ada, reader)
    _restore(ada, reader, record, address)
    _undo_the_import(amal)
    assert current(Record.objects.get(pk=record.pk))["summary"] == "As it was in the morning."
    assert set(Record.objects.filter(type="instrument").values_list("slug", flat=True)) == {
        "labour-agreement", "agreement-lebanon-ethiopia",
    }  # fmt: skip


def _import_the_spreadsheet(page: Page, folder: Path) -> None:
    """Forty rows, six faults and three duplicates, each told in words."""
    sheet = write_xlsx(folder / "agreements.xlsx", ["Agreements of Spain, 2024"], AGREEMENT_HEADINGS, *forty())
    page.get_by_role("link", name="Import", exact=True).click()
    page.get_by_label("File", exact=True).set_input_files(sheet)
    page.get_by_role("button", name="Look at it").click()
    expect(page.get_by_label("Country A")).to_have_value("party.1")
    accessible(page)
    page.get_by_role("button", name="Show what would happen").click()
    for words in ("Create: 31", "Refuse: 6", "Held back: likely duplicate: 3", *FAULTS, *DUPLICATES):
        expect(page.get_by_text(words).first).to_be_visible()
    accessible(page)
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_role("button", name="Undo the whole import")).to_be_visible()


def _edit_at_once(first: Page, second: Page, editor: str) -> None:
    """The second is told, keeps what was typed, and brings both together."""
    for page in (first, second):
        page.goto(editor)
    first.get_by_label("Summary").first.fill("Written by Amal.")
    save(first, "Save and continue editing", "was saved")
    second.get_by_label("Title").fill("Written by Rosa")
    second.get_by_role("button", name="Save", exact=True).click()
    expect(second.locator(".meanwhile")).to_contain_text("Written by Amal.")
    expect(second.get_by_label("Title")).to_have_value("Written by Rosa")
    accessible(second)
    second.get_by_role("button", name="Bring both together").click()
    expect(second.get_by_label("Summary").first).to_have_value("Written by Amal.")
    save(second, "Save and submit for review", "was submitted for review")


def _send_back_and_approve(curator: Page, reviewer: Page, reader: Page, editor: str, address: str) -> None:
    """Nobody sees the revision before it is approved."""
    reviewer.goto("/admin/review/")
    reviewer.get_by_role("link", name="Labour Agreement").click()
    reviewer.get_by_label("Comment").fill("Name the parties in the summary.")
    save(reviewer, "Send back", "was sent back")
    curator.goto("/admin/")
    curator.get_by_role("link", name="Labour Agreement").first.click()
    expect(curator.get_by_text("Name the parties in the summary.")).to_be_visible()
    curator.goto(editor)
    curator.get_by_label("Summary").first.fill("Morocco and Tunisia agree.")
    save(curator, "Save and submit for review", "was submitted for review")
    reader.goto(address)
    expect(reader.locator("main")).to_contain_text("As it was in the morning.")
    reviewer.goto("/admin/review/")
    reviewer.get_by_role("link", name="Labour Agreement").click()
    save(reviewer, "Approve and publish", "was published")
    reader.goto(address)
    expect(reader.get_by_role("heading", level=1)).to_have_text("Written by Rosa")
    expect(reader.locator("main")).to_contain_text("Morocco and Tunisia agree.")


def _trace_to_the_paragraph(reader: Page, address: str) -> None:
    """From a value to the paragraph it rests on in two clicks."""
    reader.goto(address)
    signed = reader.locator("#glance ~ dl > div", has_text="Signed")
    signed.locator("summary").click()
    signed.get_by_role("link", name="S9 ¶2").click()
    expect(reader.locator("#p2")).to_contain_text("It was signed on the first of May.")
    expect(reader.locator("#p2")).to_be_in_viewport()


def _report_and_handle(reader: Page, curator: Page, address: str) -> None:
    """What a reader reports reaches the curators with the value that it is about."""
    reader.goto(address)
    signed = reader.locator("#glance ~ dl > div", has_text="Signed")
    signed.locator("summary").click()
    signed.get_by_role("link", name="Report an error").click()
    expect(reader.get_by_label("Which value?")).to_have_value("/dates/0")
    reader.get_by_label("What is wrong").fill("It was the second of May.")
    save(reader, "Send to the curators", "Your report is with the curators.")
    curator.goto("/admin/care/")
    curator.get_by_role("link", name="Reported by readers").click()
    curator.get_by_role("link", name="Written by Rosa").click()
    expect(curator.get_by_text("Signed: 1 May 2023")).to_be_visible()
    accessible(curator)
    curator.get_by_label("What was done").fill("The source says the first.")
    save(curator, "Decline", "declined")
    assert Report.objects.get().state == "declined"


def _merge_and_take_back(administrator: Page, reader: Page) -> None:
    """Two principles made one, with what carries them; then two again."""
    loser = Record.objects.get(slug="burden-sharing")
    administrator.goto(f"/admin/governance/principle/{loser.pk}/merge/")
    administrator.get_by_label("The record that stays").press_sequentially("soli", delay=20)
    administrator.get_by_role("option", name="Solidarity").click()
    administrator.get_by_role("button", name="Show what would change").click()
    expect(administrator.get_by_role("link", name="Written by Rosa")).to_be_visible()
    accessible(administrator)
    save(administrator, "Merge", "was merged into")
    reader.goto("/principles/burden-sharing/")
    assert reader.url.endswith("/principles/solidarity/")
    expect(reader.locator("main")).to_contain_text("Written by Rosa")
    administrator.goto(f"/admin/governance/principle/{loser.pk}/merge/")
    save(administrator, "Take the merge back", "is a record of its own again")
    reader.goto("/principles/burden-sharing/")
    expect(reader.locator("main")).to_contain_text("Written by Rosa")


def _restore(administrator: Page, reader: Page, record: Record, address: str) -> None:
    """The state of the morning comes back at once, and the public history tells so without names."""
    administrator.goto(f"/admin/instruments/instrument/{record.pk}/history/")
    morning = record.revisions.filter(state="published").order_by("number").first().number
    administrator.get_by_label(f"from revision {morning}", exact=True).check()
    administrator.get_by_role("button", name="Compare").click()
    save(administrator, f"Restore revision {morning}", "is what readers see again")
    reader.goto(address)
    expect(reader.locator("main")).to_contain_text("As it was in the morning.")
    reader.get_by_role("link", name="History of this record").click()
    expect(reader.locator(".states > li").first).to_contain_text("Changed: Title, Summary")
    for name in ("amal", "rosa", "zoe", "ada"):
        assert name not in reader.locator("main").inner_text().lower().replace("written by rosa", "")


def _undo_the_import(page: Page) -> None:
    page.goto(f"/admin/import/{Import.objects.get().pk}/")
    page.get_by_role("button", name="Undo the whole import").click()
    expect(page.get_by_text("Undone", exact=True)).to_be_visible()
