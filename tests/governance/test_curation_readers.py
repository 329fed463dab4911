"""What readers see of a record that is being written, changed or withdrawn."""

import pytest

from governance import publishing
from governance.models import Record
from tests.governance.curating import agreement, publish

pytestmark = pytest.mark.django_db


SECRET = "Zanzibar protocol"


def channels(client, record: Record) -> dict[str, str]:
    """What the public gets on every way to a record, by address."""
    here = record.get_absolute_url()
    addresses = [
        "/", f"/{record.plural}/", f"/{record.plural}/?format=json", f"/{record.plural}/?q=zanzibar", here,
        f"{here}?format=json", "/data/knowledge.jsonl", "/sitemap.xml", "/countries/MA/", "/countries/ES/",
        "/countries/ES/?format=json", "/levels/", "/levels/bilateral/", "/sources/S9/", "/disputed/",
        "/search/?q=zanzibar", "/api/v1/search/?q=zanzibar",
    ]  # fmt: skip
    found = {}
    for address in addresses:
        response = client.get(address)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        found[address] = f"{response.status_code} {body.decode()}"
    return found


def test_a_pending_revision_changes_nothing_that_readers_get(client, amal, rosa):
    record = publish(agreement(), amal, rosa).record
    before = channels(client, record)
    changed = agreement(
        title=SECRET, summary=SECRET, names=[{"text": SECRET, "kind": "short"}],
        participation=[{"party": f"country/{code}", "act": "party"} for code in ("MA", "ES", "TN")],
        caveats=[{"kind": "contradiction", "text": SECRET}],
    )  # fmt: skip
    publishing.save_draft(changed, amal)
    assert channels(client, record) == before
    waiting = publishing.submit(record, amal)
    assert channels(client, record) == before
    publishing.approve(waiting, rosa)
    after = channels(client, record)
    for address in (
        record.get_absolute_url(),
        "/data/knowledge.jsonl",
        "/countries/ES/",
        "/disputed/",
        f"/{record.plural}/",
    ):
        assert SECRET in after[address], address


@pytest.mark.parametrize("state", ["draft", "in-review"])
def test_a_record_that_is_not_published_is_nowhere(client, amal, rosa, state):
    record = publishing.create_draft(agreement("zanzibar", title=SECRET), amal).record
    if state == "in-review":
        publishing.submit(record, amal)
    for address, body in channels(client, record).items():
        assert SECRET not in body, address
        if "zanzibar/" in address:
            assert body.startswith("404"), address
        elif "q=zanzibar" not in address:
            assert "zanzibar" not in body, address
    client.force_login(amal)
    page = client.get(record.get_absolute_url()).content.decode()
    assert SECRET in page
    assert "only curators see this page" in page


def test_a_withdrawn_record_leaves_a_tombstone_and_nothing_else(client, amal, rosa):
    record = publish(agreement("zanzibar", title=SECRET), amal, rosa).record
    publishing.withdraw(record, rosa, "It was a rumour.")
    for address, body in channels(client, record).items():
        assert SECRET not in body, address
        assert "rumour" not in body, address
    assert client.get(record.get_absolute_url()).status_code == 410
