"""Two people who edit one record at once: nothing is overwritten, and both changes can be brought together."""

import pytest

from governance import publishing
from governance.curation.heads import current, head, open_revision
from tests.governance.curating import address, agreement, form_data, make_user, publish

pytestmark = pytest.mark.django_db


def test_the_second_to_save_gets_their_text_back_with_what_changed_and_can_merge(client, curator, rosa):
    record = publish(agreement(), curator, rosa).record
    mine = form_data(client.get(address(record)))
    theirs = {**head(record).document, "summary": "Their summary.", "title": "Their title"}
    publishing.save_draft(theirs, make_user("ben", "curator"))
    mine |= {"title": "My title", "binding": "binding"}
    response = client.post(address(record), {**mine, "_save": "1"})
    html = response.content.decode()
    assert response.status_code == 409
    assert "changed while you were editing" in html
    assert "Their summary." in html
    assert (form_data(response)["title"], form_data(response)["base"]) == ("My title", mine["base"])
    assert open_revision(record).document["title"] == "Their title"
    # saving the same again overwrites nothing either
    assert client.post(address(record), {**form_data(response), "_save": "1"}).status_code == 409
    merged = client.post(address(record), {**form_data(response), "_merge": "1"})
    data = form_data(merged)
    assert (data["title"], data["summary"], data["binding"]) == ("My title", "Their summary.", "binding")
    assert "<del>Their </del>" in merged.content.decode()
    assert client.post(address(record), {**data, "_save": "1"}).status_code == 302
    document = open_revision(record).document
    assert (document["title"], document["summary"], document["binding"]) == ("My title", "Their summary.", "binding")


def test_a_change_begun_before_another_was_published_is_brought_together_with_it(client, curator, rosa):
    ada = make_user("ada", "administrator")
    first = publish(agreement(), curator, rosa)
    record = first.record
    publishing.save_draft({**head(record).document, "summary": "Second."}, curator)
    publishing.approve(publishing.submit(record, curator), rosa)
    publishing.save_draft({**head(record).document, "title": "Third"}, curator)
    publishing.restore(record, first, ada)
    page = client.get(address(record))
    assert "changed while you were editing" in page.content.decode()
    data = form_data(client.post(address(record), {**form_data(page), "_merge": "1"}))
    assert client.post(address(record), {**data, "_submit": "1"}).status_code == 302
    publishing.approve(open_revision(record), rosa)
    assert (current(record)["title"], current(record)["summary"]) == ("Third", "")


def test_rows_added_by_somebody_else_do_not_mix_into_a_form_sent_later(client, curator):
    record = publishing.create_draft(agreement(), curator).record
    mine = form_data(client.get(address(record)))
    more = [{"event": event, "value": "2001"} for event in ("opened", "held", "launched")]
    publishing.save_draft(agreement(dates=more), make_user("ben", "curator"))
    response = client.post(address(record), {**mine, "_save": "1"})
    assert response.status_code == 409
    assert "errornote" not in response.content.decode()


@pytest.mark.once
@pytest.mark.parametrize("noise", ["", "x", "-", "999999999999999999999-abc", "1", "'; drop table"])
def test_a_form_whose_state_cannot_be_told_overwrites_nothing(client, curator, noise):
    record = publishing.create_draft(agreement(), curator).record
    data = form_data(client.get(address(record))) | {"base": noise, "title": "Changed", "onto": noise}
    assert client.post(address(record), {**data, "_save": "1"}).status_code == 409
    assert current(record)["title"] == "Labour Agreement"
