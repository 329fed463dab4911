"""Curation in a real browser: a curator adds, a reviewer approves, a reader finds."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings
from playwright.sync_api import Page, expect

from governance import publishing, reports
from governance.curation.heads import current, head
from governance.ingest import uploads
from governance.models import Record, Source
from tests.browser.axe import LOOKS, WCAG, violations
from tests.browser.windows import sign_in
from tests.factories import make_actor, make_principle
from tests.governance.curating import agreement, make_user, make_world, publish

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world(transactional_db) -> dict:
    make_world()
    make_actor("iom", title="International Organization for Migration")
    make_principle("solidarity", title="Solidarity")
    return {"amal": make_user("amal", "curator"), "rosa": make_user("rosa", "reviewer")}


def add_row(page: Page, section: str, button: str):
    """Add a row to a list of the editor and return it."""
    page.locator(f"#section-{section}").get_by_role("button", name=button).click()
    return page.locator(f"#section-{section} > .rows > [data-row]").last


def choose(row, label: str, typed: str, title: str) -> None:
    """Type into a reference and take the proposal with this title."""
    box = row.get_by_label(label)
    box.press_sequentially(typed, delay=20)
    row.get_by_role("option", name=title).click()


def test_a_new_agreement_goes_from_the_curator_over_the_reviewer_to_the_reader(visit, world):
    curator, reader, reviewer = visit("amal"), visit(), visit("rosa")

    curator.get_by_role("link", name="Add").first.click()
    curator.get_by_label("Title").fill("Agreement on seasonal work")
    expect(curator.get_by_label("Address")).to_have_value("agreement-on-seasonal-work")
    curator.locator("#id_kind").select_option("bilateral-agreement")
    curator.locator("#id_level").select_option("bilateral")
    curator.locator("#id_level_cite").fill("S9.1")
    row = add_row(curator, "dates", "Add a date")
    row.get_by_label("What").select_option("signed")
    row.get_by_label("When").fill("2024-02-12")
    row.get_by_label("Sources").fill("S9.2 'signed in Rabat'")
    for typed, title in (("moro", "Morocco"), ("spa", "Spain")):
        row = add_row(curator, "participation", "Add who takes part")
        choose(row, "Who", typed, title)
        row.get_by_label("Act").select_option("party")
    row = add_row(curator, "provisions", "Add a provision")
    row.get_by_label("Label").fill("Article 1")
    row.get_by_role("button", name="Add a principle").click()
    choose(row.locator(".nested [data-row]").last, "Carries the principle", "soli", "Solidarity")
    curator.get_by_role("button", name="Save and submit for review").click()
    expect(curator.get_by_text("was submitted for review")).to_be_visible()

    address = "/instruments/agreement-on-seasonal-work/"
    assert reader.goto(address).status == 404
    reader.goto("/instruments/")
    expect(reader.get_by_text("Agreement on seasonal work")).to_have_count(0)
    reader.goto("/search/?q=seasonal+work")
    expect(reader.get_by_role("link", name="Agreement on seasonal work")).to_have_count(0)

    reviewer.goto("/admin/")
    reviewer.get_by_role("link", name="Agreement on seasonal work").first.click()
    expect(reviewer.locator(".differences")).to_contain_text("country/MA")
    reviewer.get_by_label("Comment").fill("Well cited.")
    reviewer.get_by_role("button", name="Approve and publish").click()
    expect(reviewer.get_by_text("was published")).to_be_visible()

    reader.goto("/")
    reader.locator("input[type=search]").last.fill("seasonal work")
    reader.keyboard.press("Enter")
    expect(reader.get_by_role("link", name="Agreement on seasonal work").first).to_be_visible()
    reader.goto("/instruments/?level=bilateral")
    reader.get_by_role("link", name="Agreement on seasonal work").first.click()
    assert reader.url.endswith(address)
    for words in ("Morocco", "Spain", "12 February 2024", "Solidarity"):
        expect(reader.locator("main")).to_contain_text(words)
    record = Record.objects.get(slug="agreement-on-seasonal-work")
    assert [row["slug"] for row in current(record)["participation"]] == ["MA", "ES"]


def test_rows_are_chosen_moved_and_removed_with_the_keyboard(visit, world):
    record = publishing.create_draft(
        agreement(names=[{"text": text, "kind": "alias"} for text in ("One", "Two", "Three")]), world["amal"]
    ).record
    page = visit("amal")
    page.goto(f"/admin/edit/{record.pk}/")
    names = page.locator("#section-names > .rows > [data-row]")
    expect(names).to_have_count(3)
    names.nth(2).get_by_role("button", name="Move up").focus()
    page.keyboard.press("Enter")
    names.first.get_by_label("Remove").press("Space")
    party = page.locator("#id_participation-0-party")
    party.fill("")
    party.press_sequentially("tun", delay=20)
    expect(page.get_by_role("option", name="Tunisia")).to_be_visible()
    party.press("ArrowDown")
    party.press("Enter")
    expect(party).to_have_value("country/TN")
    add_row(page, "identifiers", "Add an identifier").get_by_label("Remove").check()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("was saved")).to_be_visible()
    document = current(record)
    assert [row["text"] for row in document["names"]] == ["Three", "Two"]
    assert document["participation"][0]["slug"] == "TN"
    assert document["identifiers"] == []


def test_markdown_shows_as_it_will_look_while_one_types(visit, world):
    page = visit("amal")
    page.goto("/admin/governance/topic/add/")
    page.locator("#id_body").press_sequentially("Some *stress* <script>alert(1)</script>")
    expect(page.locator(".preview-text em")).to_have_text("stress")
    assert page.locator(".preview-text script").count() == 0
    expect(page.get_by_role("button", name="Preview")).to_be_hidden()
    page.locator("#id_body").fill("")
    page.once("dialog", lambda dialog: dialog.accept())
    page.goto("/admin/")


def test_everything_works_without_javascript(visit, world):
    sign_in(page := visit(java_script_enabled=False), "amal")
    page.goto("/admin/instruments/instrument/add/")
    page.get_by_label("Title").fill("Agreement without scripts")
    page.locator("#id_kind").select_option("bilateral-agreement")
    page.locator("#id_level").select_option("bilateral")
    for number, party in enumerate(("Morocco", "country/ES")):
        page.locator(f"#id_participation-{number}-party").fill(party)
        page.locator(f"#id_participation-{number}-act").select_option("party")
    page.locator("#id_body").fill("Some *stress*")
    page.get_by_role("button", name="Preview").click()
    expect(page.locator(".preview-text em")).to_have_text("stress")
    page.locator("#id_dates-0-value").fill("in spring")
    page.get_by_role("button", name="Save and submit for review").click()
    expect(page.locator("#section-dates")).to_contain_text("This field is required")
    page.locator("#id_dates-0-event").select_option("signed")
    page.locator("#id_dates-0-value").fill("2024")
    page.locator("#id_dates-0-cite").fill("S9.4")
    page.get_by_role("button", name="Save and submit for review").click()
    expect(page.get_by_text("was submitted for review")).to_be_visible()


def test_the_pages_of_curation_are_accessible_and_fit_the_window(visit, world, tmp_path):
    """Every rule, light and wide; dark and narrow, what a theme or a width may break."""
    record = publish(agreement(), world["amal"], world["rosa"]).record
    publishing.save_draft({**head(record).document, "summary": "New."}, world["amal"])
    waiting = publishing.submit(record, world["amal"])
    report = reports.take_in(record, field="", value="", text="Wrong.", source="", language="en")
    source = Source.objects.get(slug="S9")
    with override_settings(MEDIA_ROOT=tmp_path):
        text = SimpleUploadedFile("text.txt", b"Rivers join here.\n\nThe mill has three wheels.")
        upload = uploads.receive(source, text, source.rights, world["amal"])
        page = visit("rosa")
        here = f"/admin/instruments/instrument/{record.pk}"
        complaints = []
        for address in (
            "/admin/", f"{here}/change/", f"{here}/history/", f"{here}/withdraw/", f"{here}/merge/",
            f"/admin/review/{waiting.pk}/", "/admin/review/", "/admin/reports/", f"/admin/reports/{report.pk}/",
            "/admin/care/", "/admin/care/waiting/", f"/admin/texts/source/{source.pk}/", f"/admin/texts/{upload.pk}/",
        ):  # fmt: skip
            page.goto(address)
            for scheme, width, rules in (("light", 1280, WCAG), ("dark", 360, LOOKS)):
                page.emulate_media(color_scheme=scheme)
                page.set_viewport_size({"width": width, "height": 800})
                assert page.evaluate("document.documentElement.scrollWidth") <= width, (address, scheme)
                complaints += [f"{address}, {scheme}: {found}" for found in violations(page, rules)]
        assert complaints == [], "\n".join(complaints)
