"""What needs care is found, counted and led to its mending, whatever its number with the same number of queries."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from governance import publishing, reports
from governance.curation.care import BY_NAME, CHECKS
from governance.ingest.blocks import Block
from governance.ingest.store import ingest
from governance.knowledge import apply
from governance.models import Revision
from tests.factories import make_source
from tests.governance.curating import agreement, make_user, make_world

pytestmark = pytest.mark.django_db
CITED = {"value": "What it is.", "cite": ["S9.1"]}


def topic(slug: str, **fields) -> dict:
    return {"type": "topic", "slug": slug, "title": slug.title(), "kind": "theme", "summary": CITED} | fields


def titles(name: str) -> list[str]:
    check = BY_NAME[name]
    return [row.title for row in check.rows(list(check.found()))]


@pytest.fixture
def world() -> dict:
    make_world()
    make_source("S8", title="A weak source", reliability="low")
    return {"amal": make_user("amal", "curator")}


def test_records_without_a_source_and_on_weak_ones_only(world):
    apply(topic("sourced"))
    apply(topic("weak", summary={"value": "It is said.", "cite": ["S8.1"]}))
    apply(topic("both", summary={"value": "It is said.", "cite": ["S8.1", "S9.1"]}))
    apply(topic("bare", summary="Nobody says so."))
    assert titles("unsourced") == ["Bare"]
    assert titles("weak") == ["Weak"]
    assert [row.note for row in BY_NAME["weak"].rows(list(BY_NAME["weak"].found()))] == ["rests on: S8"]


def test_counts_older_than_a_year_are_found_by_their_wording(world):
    year = timezone.now().year
    apply(topic("old", body=f"It had 124 parties as of 26 September {year - 2}."))
    apply(topic("older", summary=CITED | {"value": "Fifteen States at the end of 2009."}))
    apply(topic("fresh", body=f"It had 124 parties as of May {year}."))
    apply(topic("dated", body="It was adopted in 1951 as of right."))
    assert sorted(titles("counts")) == ["Old", "Older"]


def test_drafts_and_pending_changes_stand_in_the_order_of_their_waiting(world):
    for days, slug in ((1, "young"), (30, "old")):
        record = publishing.create_draft(agreement(slug), world["amal"]).record
        moment = timezone.now() - timedelta(days=days)
        Revision.objects.filter(record=record).update(created=moment)
    changed = apply(topic("changed")).record
    publishing.save_draft(topic("changed", body="More."), world["amal"])
    assert titles("waiting") == ["Old", "Young", str(changed)]


def test_principles_that_no_provision_carries_lead_to_the_instruments_that_carry_them(world):
    for slug in ("placed", "unplaced"):
        apply({"type": "principle", "slug": slug, "title": slug.title(), "kind": "principle", "summary": CITED})
    provision = {"label": "Article 1", "gist": "First.", "principles": [{"slug": "placed"}]}
    treaty = apply(agreement(provisions=[provision], principles=[{"slug": "unplaced", "cite": ["S9.3"]}])).record
    (row,) = BY_NAME["principles"].rows(list(BY_NAME["principles"].found()))
    assert row.title == "Unplaced"
    assert row.links == [("Labour Agreement", f"/admin/edit/{treaty.pk}/#section-provisions")]


def test_names_that_lack_a_language_of_the_site(world):
    names = [{"text": code, "language": code, "kind": "short"} for code in ("fr", "es", "ar")]
    apply(topic("whole", names=names))
    apply(topic("partial", names=names[:1]))
    rows = {row.title: row.note for row in BY_NAME["untranslated"].rows(list(BY_NAME["untranslated"].found()))}
    assert rows["Partial"] == "missing: es, ar"
    assert "Whole" not in rows


def test_citations_that_do_not_stand_in_the_text_lead_to_their_value(world):
    source = make_source("S7", title="A text")
    ingest(source, [Block("Rivers join here."), Block("The mill has three wheels.")])
    dates = [{"event": "held", "value": "2020", "cite": ["S7.2 'three wheels'", "S7.1 'four wheels'"]}]
    record = apply({"type": "event", "slug": "e", "title": "A meeting", "kind": "meeting", "dates": dates}).record
    (row,) = BY_NAME["citations"].rows(BY_NAME["citations"].found())
    assert row.address == f"/admin/edit/{record.pk}/#dates-0-head"
    assert row.note.startswith("/dates/0 S7.1 'four wheels': the quote does not stand in this paragraph")


def test_near_duplicates_but_not_what_a_relation_joins(world):
    apply(topic("asylum", title="The right of asylum"))
    apply(topic("asylum-right", title="Right of asylum"))
    apply(topic("return", title="Voluntary return"))
    apply(topic("returns", title="Voluntary return", relations=[{"predicate": "part-of", "to": "topic/return"}]))
    assert titles("duplicates") == ["The right of asylum – Right of asylum"]


def test_each_row_leads_to_a_page_that_is_there_and_queries_do_not_grow(client, world):
    client.force_login(world["amal"])

    def fill(n: int) -> None:
        record = apply(topic(f"gap-{n}", summary="Nobody says so.", body="Three as of 2009.")).record
        apply({"type": "principle", "slug": f"p-{n}", "title": "Twin", "kind": "principle", "summary": CITED})
        apply(topic(f"weak-{n}", summary={"value": "It is said.", "cite": ["S8.1"]}))
        publishing.create_draft(agreement(f"draft-{n}"), world["amal"])
        reports.take_in(record, field="", value="", text="Wrong.", source="", language="en")

    def queries() -> dict[str, int]:
        found = {}
        for address in ("", *(f"{check.name}/" for check in CHECKS)):
            with CaptureQueriesContext(connection) as captured:
                assert client.get(f"/admin/care/{address}").status_code == 200
            found[address] = len(captured)
        return found

    queries()  # what a process looks up once is looked up
    fill(1)
    fill(2)
    few = queries()
    for n in range(3, 9):
        fill(n)
    assert queries() == few
    for check in CHECKS:
        for row in check.rows(list(check.found()))[:2]:
            assert client.get(row.address, follow=True).status_code == 200, row


def test_care_is_for_curators(client, world):
    assert client.get("/admin/care/").status_code == 302
    client.force_login(make_user("nobody"))
    assert client.get("/admin/care/").status_code == 403
    client.force_login(world["amal"])
    assert client.get("/admin/care/nothing/").status_code == 404
