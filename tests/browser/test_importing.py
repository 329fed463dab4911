"""A curator's morning without JavaScript: forty rows of a messy spreadsheet looked at, imported and undone."""

from pathlib import Path

import pytest
from django.test import override_settings
from playwright.sync_api import expect

from governance.models import Import, Record
from governance.models.vocabulary import State
from tests.factories import make_country, make_level, make_source
from tests.governance.agreements import PARTNERS, forty
from tests.governance.curating import make_user
from tests.governance.tables import AGREEMENT_HEADINGS, write_xlsx

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    return write_xlsx(tmp_path / "agreements.xlsx", ["Agreements of Spain, 2024"], AGREEMENT_HEADINGS, *forty())


@pytest.fixture
def world(transactional_db, tmp_path):
    make_source("S9", title="A source")
    make_level("bilateral", title="Bilateral")
    for n, name in enumerate(dict.fromkeys([*PARTNERS, "Spain", "Ethiopia", "Lebanon"])):
        make_country(f"{chr(65 + n // 26)}{chr(65 + n % 26)}", title=name)
    make_user("amal", "curator")
    with override_settings(MEDIA_ROOT=tmp_path / "uploads"):
        yield


def test_a_messy_spreadsheet_is_imported_and_undone_without_javascript(visit, world, sheet: Path) -> None:
    page = visit("amal", java_script_enabled=False)
    page.get_by_role("link", name="Import", exact=True).click()
    page.get_by_label("File", exact=True).set_input_files(sheet)
    page.get_by_role("button", name="Look at it").click()
    expect(page.get_by_label("Country A")).to_have_value("party.1")
    page.get_by_role("button", name="Show what would happen").click()
    expect(page.get_by_text("Create: 32")).to_be_visible()
    expect(page.get_by_text("Refuse: 6")).to_be_visible()
    expect(page.get_by_text("Is one of these meant: Ethiopia?")).to_be_visible()
    page.get_by_role("link", name="Held back: likely duplicate: 2").click()
    page.get_by_label("This row").first.select_option("new")
    page.get_by_role("button", name="Take over what I chose").click()
    expect(page.get_by_text("Create: 33")).to_be_visible()
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_role("button", name="Undo the whole import")).to_be_visible()
    assert Record.objects.filter(type="instrument", state=State.DRAFT).count() == 33
    page.get_by_role("link", name="Agreement with Chile on seasonal workers").click()
    expect(page.get_by_label("Title", exact=True)).to_have_value("Agreement with Chile on seasonal workers")
    page.go_back()
    page.get_by_role("button", name="Undo the whole import").click()
    expect(page.get_by_text("Undone", exact=True)).to_be_visible()
    assert not Record.objects.filter(type="instrument").exists()
    assert Import.objects.get().rows.count() == 40
