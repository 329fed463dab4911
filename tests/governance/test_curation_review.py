"""Review, history, lists, and steps that are taken with many records at once."""

import json

import pytest
from django.urls import reverse

from governance import publishing
from governance.curation import compare, wording
from governance.curation.heads import current, head, open_revision, waiting_for_review
from governance.ingest.blocks import Block
from governance.ingest.store import ingest
from governance.knowledge import compact
from governance.models import Record, Revision, Source
from tests.governance.curating import agreement, form_data, publish

pytestmark = pytest.mark.django_db
LIST = "/admin/instruments/instrument/"


def submitted(user, slug: str = "labour-agreement", **fields) -> Revision:
    return publishing.submit(publishing.create_draft(agreement(slug, **fields), user).record, user, "Please look.")


def one(revision: Revision) -> str:
    return reverse("admin:review_one", args=(revision.pk,))


# Review


def test_what_waits_is_listed_oldest_first_and_counted(client, amal, rosa):
    first, second = submitted(amal), submitted(amal, "second", title="Second agreement")
    publishing.create_draft(agreement("third", title="Unfinished"), amal)
    assert list(waiting_for_review()) == [first, second]
    client.force_login(rosa)
    html = client.get("/admin/review/").content.decode()
    assert html.index("Labour Agreement") < html.index("Second agreement")
    assert "Unfinished" not in html
    assert "Review (2)" in client.get("/admin/").content.decode()


def test_a_reviewer_sees_what_changes_and_publishes_it(client, amal, rosa):
    record = publish(agreement(summary="Old words stay."), amal, rosa).record
    publishing.save_draft({**head(record).document, "summary": "New words stay."}, amal)
    waiting = publishing.submit(record, amal)
    client.force_login(rosa)
    html = client.get(one(waiting)).content.decode()
    assert "<del>Old </del>" in html
    assert "<ins>New </ins>" in html
    assert html.count('role="rowheader"') == 1
    response = client.post(one(waiting), {"_approve": "1", "comment": "Good."}, follow=True)
    assert "was published" in response.content.decode()
    assert current(record)["summary"] == "New words stay."


def test_a_quote_that_its_source_does_not_hold_is_named_to_author_and_reviewer(client, amal, rosa):
    ingest(Source.objects.get(slug="S9"), [Block("Rivers join here."), Block("It was signed on the first of May.")])
    waiting = submitted(amal, summary={"value": "What it is.", "cite": ["S9.1 'rivers part'"]})
    fault = "S9.1 &#x27;rivers part&#x27;: the quote does not stand in this paragraph"
    client.force_login(rosa)
    html = client.get(one(waiting)).content.decode()
    assert fault in html
    assert "signed on the first of May&#x27;: the quote" not in html
    page = f"{LIST}{waiting.record_id}/change/"
    client.force_login(amal)
    saved = client.post(page, form_data(client.get(page)) | {"_continue": "1"}, follow=True).content.decode()
    assert "was saved" in saved
    assert fault in saved


def test_a_reviewer_sends_back_with_a_comment_that_reaches_the_author(client, amal, rosa):
    waiting = submitted(amal)
    client.force_login(rosa)
    response = client.post(one(waiting), {"_send_back": "1", "comment": ""})
    assert response.status_code == 400
    assert "Say what is to be changed" in response.content.decode()
    client.post(one(waiting), {"_send_back": "1", "comment": "Cite the level."})
    client.force_login(amal)
    assert "Cite the level." in client.get("/admin/").content.decode()
    page = client.get(f"{LIST}{waiting.record_id}/change/").content.decode()
    assert "Sent back by rosa" in page
    assert "Cite the level." in page


def test_an_author_and_a_curator_are_told_that_another_decides(client, amal, rosa):
    mine = publishing.submit(publishing.create_draft(agreement(), rosa).record, rosa)
    client.force_login(rosa)
    html = client.get(one(mine)).content.decode()
    assert "another reviewer has to approve it" in html
    assert "_approve" not in html
    assert client.post(one(mine), {"_approve": "1"}).status_code == 400
    client.force_login(amal)
    assert "_approve" not in client.get(one(mine)).content.decode()
    assert client.post(one(mine), {"_approve": "1"}).status_code == 400
    assert Record.objects.get(type="instrument").state == "in-review"


def test_a_revision_that_another_overtook_leads_to_where_both_are_brought_together(client, amal, rosa, ada):
    first = publish(agreement(), amal, rosa)
    record = first.record
    publishing.save_draft({**head(record).document, "summary": "Second."}, amal)
    publishing.approve(publishing.submit(record, amal), rosa)
    publishing.save_draft({**head(record).document, "title": "Third"}, amal)
    waiting = publishing.submit(record, amal)
    publishing.restore(record, first, ada)
    client.force_login(rosa)
    assert "Bring both together" in client.get(one(waiting)).content.decode()
    response = client.post(one(waiting), {"_approve": "1"})
    assert response.status_code == 400
    assert "Nothing was overwritten" in response.content.decode()


def test_a_decided_revision_stays_to_be_read(client, amal, rosa):
    revision = publish(agreement(), amal, rosa)
    client.force_login(amal)
    response = client.get(one(revision))
    assert response.status_code == 200
    assert "_approve" not in response.content.decode()
    client.force_login(rosa)
    assert client.post(one(revision), {"_approve": "1"}).status_code == 400


# History


def test_the_history_says_who_did_what_and_compares_any_two(client, amal, rosa, ada):
    record = publish(agreement(), amal, rosa).record
    for summary in ("One.", "Two."):
        publishing.save_draft({**head(record).document, "summary": summary}, amal, comment=f"Comment {summary}")
        publishing.approve(publishing.submit(record, amal), rosa, f"Answer {summary}")
    client.force_login(amal)
    address = f"{LIST}{record.pk}/history/"
    html = client.get(address).content.decode()
    for words in ("amal", "reviewed by", "rosa", "Comment One.", "Answer Two."):
        assert words in html
    assert "Restore" not in html
    numbers = list(record.revisions.filter(state="published").order_by("number").values_list("number", flat=True))
    html = client.get(address, {"from": numbers[1], "to": numbers[2]}).content.decode()
    assert "<del>One</del>" in html
    assert "<ins>Two</ins>" in html
    assert "They say the same" in client.get(address, {"from": numbers[2], "to": numbers[2]}).content.decode()
    for nonsense in ({"from": "x"}, {"from": "99", "to": "-1"}, {"p": "nine"}, {"to": "9" * 30}):
        assert client.get(address, nonsense).status_code == 200
    client.force_login(ada)
    response = client.post(address, {"restore": numbers[0]}, follow=True)
    assert "is what readers see again" in response.content.decode()
    assert current(record) == record.revisions.get(number=numbers[0]).document
    assert client.post(address, {"restore": "77"}, follow=True).status_code == 200


# Lists


def test_a_curator_finds_records_by_any_name_state_and_kind(client, amal, rosa):
    publish(agreement(names=[{"text": "Zanzibar pact", "kind": "alias"}]), amal, rosa)
    draft = publishing.create_draft(agreement("other", title="Other agreement"), amal).record
    client.force_login(amal)

    def titles(**query) -> list[str]:
        response = client.get(LIST, query)
        assert response.status_code == 200
        return [str(row) for row in response.context["cl"].result_list]

    assert titles(q="zanzibar") == ["Labour Agreement"]
    assert titles(state__exact="draft") == ["Other agreement"]
    assert titles(kind="treaty") == []
    assert len(titles(kind="bilateral-agreement")) == 2
    assert titles(open="in-review") == []
    publishing.submit(draft, amal)
    assert titles(open="in-review") == ["Other agreement"]
    record = Record.objects.get(slug="labour-agreement")
    publishing.save_draft({**head(record).document, "summary": "x"}, amal)
    assert titles(open="draft") == ["Labour Agreement"]
    assert "change being written" in client.get(LIST).content.decode()


def test_many_records_are_taken_a_step_at_once_each_by_itself(client, amal, rosa):
    good, lame = publishing.create_draft(agreement("good", title="Good"), amal).record, None
    lame = publishing.create_draft(agreement("lame", title="Lame", participation=[]), amal).record
    chosen = {"_selected_action": [good.pk, lame.pk]}
    client.force_login(amal)
    html = client.post(LIST, {"action": "submit_selected", **chosen}, follow=True).content.decode()
    assert "1 of 2 submitted for review" in html
    assert "“Lame”: A bilateral agreement has two sides" in html
    assert "no right" in client.post(LIST, {"action": "publish_selected", **chosen}, follow=True).content.decode()
    client.force_login(rosa)
    html = client.post(LIST, {"action": "publish_selected", **chosen}, follow=True).content.decode()
    assert "1 of 2 published" in html
    assert "“Lame” does not wait for review" in html
    asked = client.post(LIST, {"action": "withdraw_selected", **chosen})
    assert "Why?" in asked.content.decode()
    assert Record.objects.get(slug="good").state == "published"
    nothing_said = client.post(LIST, {"action": "withdraw_selected", "apply": "1", "reason": " ", **chosen})
    assert "Say why" in nothing_said.content.decode()
    client.post(LIST, {"action": "withdraw_selected", "apply": "1", "reason": "Both wrong.", **chosen})
    assert set(Record.objects.filter(type="instrument").values_list("state", flat=True)) == {"withdrawn"}
    assert "delete_selected" not in client.get(LIST).content.decode()


@pytest.mark.parametrize(
    ("step", "given", "words"),
    [
        ("withdraw", "", "Say why the record is withdrawn"),
        ("rename", "with space", "letters, digits and hyphens"),
        ("reopen", "", "is not withdrawn"),
        ("submit", "", "nothing that could be submitted"),
        ("discard", "", "nothing to discard"),
    ],
)
def test_a_step_that_cannot_be_taken_says_why(client, amal, rosa, ada, step, given, words):
    record = publish(agreement(), amal, rosa).record
    client.force_login(ada)
    address = f"{LIST}{record.pk}/{step}/"
    assert client.get(address).status_code == 200
    response = client.post(address, {"given": given})
    assert response.status_code == 400
    assert words in response.content.decode()


def test_the_steps_are_taken_from_their_pages(client, amal, rosa, ada):
    record = publish(agreement(), amal, rosa).record
    client.force_login(ada)
    for step, given, state in (
        ("rename", "new-address", "published"),
        ("withdraw", "Wrong.", "withdrawn"),
        ("reopen", "", "withdrawn"),
    ):
        assert client.post(f"{LIST}{record.pk}/{step}/", {"given": given}).status_code == 302
        record.refresh_from_db()
        assert (record.state, record.slug) == (state, "new-address")
    assert client.post(f"{LIST}{record.pk}/discard/").status_code == 302
    assert open_revision(record) is None
    assert client.get(f"{LIST}999999/change/").status_code == 302
    assert client.get(f"{LIST}999999/withdraw/").status_code == 302


# Differences

ROW_A, ROW_B, ROW_C = ({"text": text, "language": "en", "kind": "alias"} for text in "ABC")


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ([ROW_A, ROW_B], [ROW_A, ROW_B], []),
        ([ROW_A], [ROW_A, ROW_B], [("/names/1", "added")]),
        ([ROW_A, ROW_B], [ROW_B], [("/names/0", "removed")]),
        ([ROW_A, ROW_B, ROW_C], [ROW_C, ROW_A, ROW_B], [("/names/0", "moved")]),
        ([ROW_A, ROW_B], [{**ROW_A, "kind": "short"}, ROW_B], [("/names/0", "changed")]),
        ([ROW_A], [{**ROW_A, "text": "corrected"}], [("/names/0", "changed")]),
        ([ROW_A], [{**ROW_A, "cite": ["S9.1"]}], [("/names/0", "changed")]),
    ],
)
def test_lists_are_compared_row_by_row(amal, before, after, expected):
    found = compare.differences(agreement(names=before), agreement(names=after))
    assert [(line.place, line.kind) for line in wording.lines(found)] == expected


def test_two_edits_are_brought_together_field_by_field(amal):
    base = compact(agreement(summary="Old.", names=[ROW_A]))
    mine = compact(agreement(summary="Mine.", names=[ROW_A, ROW_B], binding="binding"))
    theirs = compact(agreement(summary="Theirs.", names=[ROW_A], title="Their title", dates=[]))
    merged, clashes = compare.merge(base, mine, theirs)
    assert (merged["summary"], merged["title"], merged["binding"]) == ("Mine.", "Their title", "binding")
    assert [row["text"] for row in merged["names"]] == ["A", "B"]
    assert "dates" not in merged
    assert [(clash.place, clash.before, clash.after) for clash in clashes] == [("/summary", "Theirs.", "Mine.")]


def test_long_texts_are_compared_in_no_time(amal):
    text = " ".join(f"word{n % 97}" for n in range(60_000))
    lines = wording.lines(compare.differences(agreement(body=text), agreement(body=f"{text} end")))
    assert [line.kind for line in lines] == ["changed"]


def test_a_difference_is_json_nowhere_but_text(amal, client):
    revision = submitted(amal, names=[{"text": "N", "kind": "short", "cite": ["S9.1 'a phrase'"]}])
    client.force_login(amal)
    html = client.get(one(revision)).content.decode()
    assert "Source: S9.1" in html
    assert json.dumps({"text": "N"})[:8] not in html
    assert "[&#x27;" not in html
