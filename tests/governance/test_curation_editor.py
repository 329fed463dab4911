"""The editor over documents, as a browser without JavaScript uses it."""

import pytest
from bs4 import BeautifulSoup

from governance import publishing
from governance.curation.heads import current, head, open_revision
from governance.knowledge import apply, own
from governance.models import Record, Revision
from governance.models.vocabulary import Type
from tests.factories import make_actor, make_document, make_principle, make_topic
from tests.governance.curating import address, agreement, error_near, fill, form_data

pytestmark = pytest.mark.django_db
CARRIED = "provisions-0-principles-0"
ADD = "/admin/instruments/instrument/add/"

RICH: dict[str, dict] = {
    "instrument": agreement(
        "rich",
        body="Two\n\nparagraphs, *one* of them.\n",
        title={"value": "Rich", "basis": "editorial"},
        binding={"value": "binding", "basis": "inferred", "cite": ["S9.3", "!S9.4 'not binding'"]},
        summary={"value": "Short.", "cite": ["S9.1+2 'a quote, with \"marks\"'"]},
        names=[
            {"text": "اتفاق", "language": "ar", "kind": "official", "cite": ["S9 [art. 1]"]},
            {"text": "<b>Deal</b> & “more”", "kind": "plain"},
        ],
        identifiers=[{"scheme": "unts", "value": "189 UNTS 137", "cite": ["S9"]}],
        relations=[
            {"predicate": "related-to", "to": "country/ES", "date": "2001/..", "note": "n", "basis": "inferred"},
        ],
        provisions=[
            {"label": "Article 2", "heading": "H", "gist": "G", "cite": ["S9.7"],
             "principles": [{"slug": "solidarity", "strength": "implied", "cite": ["S9.7"]}, {"slug": "return"}]},
            {"label": "Article 10", "slug": "tenth"},
        ],
        principles=[{"slug": "return", "strength": "explicit", "basis": "inferred"}],
        topics=[{"slug": "labour", "cite": ["S9.1"]}, {"slug": "visas", "basis": "inferred"}],
        participation=[
            {"party": "country/MA", "act": "party", "role": "origin", "from": "2001", "until": "2002",
             "effect": "2001~", "note": "n", "cite": ["S9.2", "S9.3"]},
            {"party": "actor/iom", "act": "observer"}, {"party": "country/TN", "act": "signatory"},
        ],
        caveats=[
            {"kind": "contradiction", "field": "/dates/0", "text": "May,\nor June?", "cite": ["S9.1", "S9.2"]},
            {"kind": "doubtful", "field": "/provisions/0/principles/0", "text": "Is it?"},
            {"kind": "provenance", "text": "From one source."},
        ],
    ),
    "actor": make_document("actor", "who", website="https://example.org/", binding="non-binding"),
    "principle": make_document("principle", "narrow", parent="return", body="Text."),
    "level": make_document("level", "local", parent="bilateral", position=3),
    "topic": make_document("topic", "sub", parent={"value": "labour", "cite": ["S9.1"]}),
    "event": make_document("event", "summit", place={"value": "Marrakesh", "cite": ["S9.2"]}, binding="unstated"),
    "practice": make_document("practice", "case", place="Tunis"),
    "country": make_document("country", "FR", iso3="FRA", m49="250", region="155"),
    "source": make_document(
        "source", "S10", author="A", publisher="P", date_stated="2020", address="https://example.org/x", seen="2024",
        languages=["en", "uz"], reliability="low", reliability_note="Weak.\n\nVery.", rights="open", disclosure="D",
        residue=[2, 3], joined=[[4, 5], [7, 8, 9]], footnotes=[11],
    ),
}  # fmt: skip


@pytest.fixture
def curator(curator):
    make_actor("iom", title="IOM")
    for slug in ("solidarity", "return"):
        make_principle(slug)
    for slug in ("labour", "visas"):
        make_topic(slug)
    return curator


@pytest.mark.parametrize("type_", Type)
def test_a_record_of_any_type_opened_and_saved_unchanged_stays_what_it_was(client, curator, type_):
    record = apply(RICH[type_]).record
    before = current(record)
    assert before == own(RICH[type_])
    page = client.get(address(record))
    data = form_data(page)
    assert client.post(address(record), {**data, "_save": "1"}).status_code == 302
    assert open_revision(record) is None
    # and once more with one word changed: that word, and nothing else, is another
    client.post(address(record), {**data, "title": "Another title", "_save": "1"})
    assert open_revision(record).document == before | {"title": "Another title"}


@pytest.mark.parametrize("type_", Type)
def test_a_record_of_any_type_is_added(client, curator, type_):
    app = {"instrument": "instruments", "actor": "actors"}.get(type_, "governance")
    data = form_data(client.get(f"/admin/{app}/{type_}/add/"))
    data |= {"title": "A new one"}
    data |= {"kind": RICH[type_]["kind"]} if "kind" in RICH[type_] else {}
    data |= {"country": {"iso2": "PT"}, "source": {"slug": "S11"}}.get(type_, {})
    response = client.post(f"/admin/{app}/{type_}/add/", {**data, "_continue": "1"})
    record = Record.objects.get(title="A new one")
    assert (response.status_code, response["Location"]) == (302, address(record))
    assert (record.state, record.slug) == ("draft", {"country": "PT", "source": "S11"}.get(type_, "a-new-one"))


def test_an_agreement_is_added_with_rows_and_evidence_and_submitted(client, curator):
    data = form_data(client.get(ADD))
    data |= {
        "title": "Morocco–Spain agreement",
        "kind": "bilateral-agreement",
        "level": "bilateral",
        "level_cite": "S9.1",
    }
    fill(data, "dates", 0, event="signed", value="2024-02", cite="S9.2 'in February'\r\n!S9.3")
    fill(data, "participation", 0, party="Morocco", act="party")
    fill(data, "participation", 1, party="ES", act="party", from_="2024")
    fill(data, "provisions", 0, label="Article 1", gist="Seasonal work.")
    fill(data, "provisions-0-principles", 0, slug="solidarity", strength="implied", cite="S9.4")
    response = client.post(ADD, {**data, "_submit": "1", "comment": "Signed this morning"}, follow=True)
    assert "was submitted for review" in response.content.decode()
    record = Record.objects.get(title="Morocco–Spain agreement")
    document = current(record)
    assert record.state == "in-review"
    assert [row["slug"] for row in document["participation"]] == ["MA", "ES"]
    assert document["principles"] == ["solidarity"]
    assert [(c["field"], c["source"], c["stance"]) for c in document["citations"]] == [
        ("/dates/0", "S9", "supports"), ("/dates/0", "S9", "contradicts"), ("/level", "S9", "supports"),
        ("/provisions/0/principles/0", "S9", "supports"),
    ]  # fmt: skip
    assert open_revision(record).comment == "Signed this morning"


@pytest.mark.once
@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"title": ""}, "title", "required"),
        ({"kind": ""}, "kind", "required"),
        ({"slug": "with space"}, "slug", "letters"),
        ({"slug": "taken"}, "slug", "belongs to"),
        ({"level_cite": "see page 4"}, "level_cite", "is not a citation"),
        ({"level_cite": "S99.1"}, "level_cite", "no source “S99”"),
        ({"level_cite": "S9.1 '" + "word " * 13 + "'"}, "level_cite", "twelve words"),
        ({"dates-0-event": "signed", "dates-0-value": "last May"}, "dates-0-value", "is not a date"),
        ({"dates-0-value": "2001"}, "dates-0-event", "required"),
        ({"participation-0-party": "Maroco", "participation-0-act": "party"}, "participation-0-party", "no record"),
        ({"participation-0-party": "country/MO", "participation-0-act": "party"}, "participation-0-party", "no record"),
        ({"participation-0-party": "Twin", "participation-0-act": "party"}, "participation-0-party", "several"),
        ({"relations-0-predicate": "follows", "relations-0-to": "actor/imo"}, "relations-0-to", "no record"),
        ({"identifiers-0-scheme": "unts", "identifiers-0-value": "137"}, "identifiers-0-value", "189 UNTS 137"),
        ({"caveats-0-kind": "doubtful", "caveats-0-text": "T", "caveats-0-field": "/x"}, "caveats-0-field", "nothing"),
        ({"names-0-text": "N", "names-0-language": "english!"}, "names-0-language", "language"),
        ({"provisions-0-label": "Article 1", "provisions-1-label": "Article 1"}, "provisions-0-slug", "address"),
        ({"provisions-0-label": "A", f"{CARRIED}-slug": "nowhere"}, f"{CARRIED}-slug", "no record"),
        ({"names-0-text": "N" * 401}, "names-0-text", "400"),
    ],
)  # fmt: skip
def test_what_cannot_be_kept_comes_back_with_the_message_at_its_field(client, curator, changes, field, words):
    make_actor("twin-1", title="Twin")
    make_actor("twin-2", title="Twin")
    publishing.create_draft(agreement("taken"), curator)
    data = form_data(client.get(ADD)) | {"title": "Mine", "kind": "treaty", "summary": "Typed with care."} | changes
    count = Revision.objects.count()
    response = client.post(ADD, {**data, "_save": "1"})
    assert response.status_code == 400
    assert words in error_near(response, field)
    again = form_data(response)
    assert again["summary"] == "Typed with care."
    assert again[field].replace("\r\n", "\n") == data[field].replace("\0", "�") or "\0" in data[field]
    assert Revision.objects.count() == count
    assert not Record.objects.filter(title="Mine").exists()


def test_above_the_form_each_fault_is_named_and_leads_to_its_place(client, curator):
    changes = {"title": "", "level_cite": "S99.1", "dates-0-event": "signed", "dates-0-value": "last May"}
    page = BeautifulSoup(client.post(ADD, form_data(client.get(ADD)) | changes | {"_save": "1"}).text, "lxml")
    links = {link["href"]: link.text for link in page.select(".faults a")}
    assert {"#id_title": "Title", "#id_level_cite": "Level of cooperation", "#section-dates": "Dates"}.items() <= (
        links.items()
    )
    assert all(page.select_one(address) for address in links)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"participation-1-DELETE": "on"}, "two sides"),
        ({"level": "", "level_cite": ""}, "needs a level"),
        ({"dates-0-basis": "stated", "dates-0-cite": ""}, "source that states"),
    ],
)
def test_what_may_not_be_published_is_said_on_submitting_and_can_be_saved(client, curator, changes, words):
    record = publishing.create_draft(agreement(), curator).record
    data = form_data(client.get(address(record))) | changes
    response = client.post(address(record), {**data, "_submit": "1"})
    assert response.status_code == 400
    assert words in response.content.decode()
    assert current(record) == own(agreement())
    assert client.post(address(record), {**data, "_save": "1"}).status_code == 302
    record.refresh_from_db()
    assert record.state == "draft"
    assert current(record) != own(agreement())


def test_removing_a_row_takes_along_no_evidence_of_others(client, curator):
    record = publishing.create_draft(RICH["instrument"], curator).record
    data = form_data(client.get(address(record)))
    data |= {"topics-0-DELETE": "on", "participation-0-DELETE": "on", "names-0-ORDER": "9"}
    client.post(address(record), {**data, "_save": "1"})
    document = current(record)
    assert document["topics"] == ["visas"]
    assert [row["slug"] for row in document["participation"]] == ["iom", "TN"]
    assert [row["language"] for row in document["names"]] == ["en", "ar"]
    cited = {citation["field"] for citation in document["citations"]}
    assert "/names/1" in cited
    assert not {"/names/0", "/topics/0", "/participation/0"} & cited
    # the principle that only the provision carries stays, and what points at rows still does
    assert document["principles"] == ["return", "solidarity"]
    assert [row["field"] for row in document["caveats"]] == ["/dates/0", "/provisions/0/principles/0", ""]


def test_a_caveat_follows_the_row_it_is_about(client, curator):
    dates = [{"event": "signed", "value": "2001"}, {"event": "held", "value": "2002"}]
    caveat = {"kind": "dating", "field": "/dates/1", "text": "Or 2003."}
    record = publishing.create_draft(agreement(dates=dates, caveats=[caveat]), curator).record
    data = form_data(client.get(address(record)))
    client.post(address(record), {**data, "dates-0-DELETE": "on", "_save": "1"})
    assert current(record)["caveats"][0]["field"] == "/dates/0"
    data = form_data(client.get(address(record)))
    response = client.post(address(record), {**data, "dates-0-DELETE": "on", "_save": "1"})
    assert "is removed" in error_near(response, "caveats-0-field")


def test_a_principle_goes_with_the_provision_that_carried_it(client, curator):
    provisions = [{"label": "Article 1", "principles": [{"slug": "solidarity"}]}]
    record = publishing.create_draft(agreement(provisions=provisions), curator).record
    assert current(record)["principles"] == ["solidarity"]
    data = form_data(client.get(address(record)))
    client.post(address(record), {**data, "provisions-0-DELETE": "on", "_save": "1"})
    assert (current(record)["provisions"], current(record)["principles"]) == ([], [])


def test_evidence_typed_beside_a_value_makes_it_stated(client, curator):
    record = publishing.create_draft(agreement(summary="Words."), curator).record
    data = form_data(client.get(address(record)))
    client.post(address(record), {**data, "summary_cite": "S9.5", "_save": "1"})
    document = current(record)
    assert document["bases"]["summary"] == "stated"
    assert {
        key: value for key, value in document["citations"][-1].items() if key in ("field", "source", "paragraph")
    } == {"field": "/summary", "source": "S9", "paragraph": 5}


HOSTILE = "\"><script>alert('x')</script><img src=x onerror=alert(1)>{{ 7|add:'7' }}"


def test_markup_typed_into_any_field_is_shown_as_text(client, curator, rosa):
    record = apply(
        agreement(
            title=HOSTILE, summary=HOSTILE, body=HOSTILE, names=[{"text": HOSTILE, "kind": "short"}],
            identifiers=[{"scheme": "other", "value": HOSTILE}],
            dates=[{"event": "signed", "value": "2001", "note": HOSTILE, "cite": ["S9.1 '<i>quote</i>'"]}],
            participation=[
                {"party": "country/MA", "act": "party", "role": HOSTILE[:99], "cite": ["S9 [<u>x</u>]"]},
                {"party": "country/TN", "act": "party"},
            ],
            provisions=[{"label": HOSTILE, "slug": "one", "heading": HOSTILE, "gist": HOSTILE}],
            relations=[{"predicate": "follows", "to": "country/ES", "note": HOSTILE}],
            caveats=[{"kind": "doubtful", "text": HOSTILE}],
        )
    ).record  # fmt: skip
    publishing.save_draft({**head(record).document, "title": f"{HOSTILE} 2"}, curator, comment=HOSTILE)
    waiting = publishing.submit(record, curator, HOSTILE)
    publishing.send_back(waiting, rosa, HOSTILE)
    waiting = publishing.submit(record, curator, HOSTILE)
    pages = [
        address(record), address(record, "history"), address(record, "withdraw"), "/admin/review/", "/admin/",
        f"/admin/review/{waiting.pk}/", "/admin/instruments/instrument/", record.get_absolute_url(),
    ]  # fmt: skip
    for page in pages:
        html = client.get(page).content.decode()
        assert "<script>alert" not in html, page
        assert "<img src=x" not in html, page
        assert "<i>quote" not in html, page
        assert "<u>x" not in html, page
    bad = form_data(client.get(address(record))) | {"dates-0-value": HOSTILE[:30], "comment": HOSTILE}
    assert "<script>alert" not in client.post(address(record), {**bad, "_save": "1"}).content.decode()


def test_markdown_is_previewed_clean_with_and_without_javascript(client, curator):
    text = "## Heading\n\n*emphasis* <script>alert(1)</script> [x](javascript:alert(1))"
    html = client.post("/admin/preview/", {"text": text}).json()["html"]
    assert "<em>emphasis</em>" in html
    assert "script" not in html
    data = form_data(client.get(ADD)) | {"title": "Mine", "kind": "treaty", "body": text}
    page = client.post(ADD, {**data, "_preview": "1"})
    assert "<em>emphasis</em>" in page.content.decode()
    assert "<script>alert" not in page.content.decode()
    assert not Record.objects.filter(title="Mine").exists()
    assert form_data(page)["body"].replace("\r\n", "\n") == text


def test_records_are_proposed_by_any_of_their_names(client, curator):
    def proposed(query: str, types: str = "") -> list:
        response = client.get("/admin/reference/", {"q": query, "types": types})
        return [result["reference"] for result in response.json()["results"]]

    apply(make_document("actor", "unhcr", title="UN Refugee Agency", names=[{"text": "HCR", "kind": "abbreviation"}]))
    assert proposed("hcr")[0] == "actor/unhcr"
    assert proposed("moro", "country") == ["country/MA"]
    assert proposed("MA", "country")[0] == "country/MA"
    assert proposed("country/mor", "country,actor") == ["country/MA"]
    assert proposed("refugee agency", "country") == []
    assert proposed("100%_\0\"'") == []
    record = Record.objects.get(slug="unhcr")
    Record.objects.filter(pk=record.pk).update(state="withdrawn")
    assert proposed("hcr") == []


@pytest.mark.parametrize("missing", ["dates-TOTAL_FORMS", "names-0-text", "csrf", "title"])
def test_a_mangled_form_is_an_answer_and_no_crash(client, curator, missing):
    record = publishing.create_draft(RICH["instrument"], curator).record
    data = form_data(client.get(address(record)))
    data.pop(missing, None)
    response = client.post(address(record), {**data, "dates-INITIAL_FORMS": "x", "_save": "1"})
    assert response.status_code in (400, 409)
    assert current(record) == own(RICH["instrument"])
