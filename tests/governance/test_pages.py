"""The pages of the real knowledge, as a reader without a login gets them."""

import json
import re

import pytest
from django.conf import settings
from django.test import Client
from django.utils.html import escape, strip_tags

from governance.locales import permanent
from governance.models import Name, Participation, Record
from governance.models.vocabulary import PLURALS, Type
from instruments.models import Provision
from tests.factories import make_principle

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("knowledge")]

OTHERS = [
    "/", "/about/", "/disputed/", "/compare/", "/participation/", "/levels/", "/styleguide/", "/pictures/",
    "/pictures/timeline/", "/pictures/overlap/", "/pictures/acting/", "/pictures/principles/", "/pictures/map/",
    "/pictures/principles/?principle=non-refoulement", "/pictures/lineage/refugee-convention-1951/",
]  # fmt: skip
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def text_of(response) -> str:
    """What a reader reads, spaces run together."""
    main = re.search(r"<main.*</main>", response.content.decode(), re.DOTALL)
    return " ".join(re.sub(r" (?=[,.])", "", strip_tags(main[0].replace("<", " <"))).split())


@pytest.mark.parametrize("type_", Type)
def test_records_have_pages(client, type_):
    records = Record.objects.published().of_type(type_)
    for record in records[:: records.count() // 25 + 1]:
        response = client.get(record.get_absolute_url())
        assert response.status_code == 200
        assert record.title in response.context["record"].title
        assert not re.search(r">None<|{{|{%", response.content.decode())


def test_provisions_have_pages(client):
    for provision in Provision.objects.filter(instrument__state="published").select_related("instrument")[::5]:
        response = client.get(provision.get_absolute_url())
        assert response.status_code == 200
        assert text_of(response).count(provision.label) >= 1


@pytest.mark.parametrize("path", [*OTHERS, *(f"/{plural}/" for plural in PLURALS.values())])
def test_every_other_page_opens_with_few_queries_and_answers_head(client, path, django_assert_max_num_queries):
    with django_assert_max_num_queries(40):
        shown = client.get(path)
    head = client.head(path)
    assert (shown.status_code, head.status_code, head.content) == (200, 200, b"")
    assert shown["Content-Type"] == "text/html; charset=utf-8"


@pytest.mark.once
@pytest.mark.parametrize("path", ["/", "/instruments/", "/instruments/refugee-convention-1951/", "/sources/S4/"])
def test_the_policy_is_sent_exactly_as_it_is_set(client, path):
    sent = client.get(path)["Content-Security-Policy"]
    assert sorted(sent.split("; ")) == sorted(POLICY.split("; "))


@pytest.mark.once
@pytest.mark.parametrize("path", ["/", "/instruments/?level=regional", "/actors/unhcr/", "/participation/"])
def test_no_page_has_inline_script_or_style(client, path):
    html = client.get(path).content.decode()
    assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)|javascript:", html, re.IGNORECASE)


@pytest.mark.once
def test_styles_name_no_side_of_the_page_so_that_they_mirror_from_right_to_left():
    for sheet in settings.BASE_DIR.glob("governance/static/css/*.css"):
        for name, values in re.findall(r"([\w-]+):\s*([^;{}]+)", sheet.read_text("utf-8")):
            assert not re.fullmatch(r"(padding|margin|border)-(left|right).*", name), (sheet.name, name)
            assert (name, values) not in (("text-align", "left"), ("text-align", "right")), sheet.name
            sides = re.findall(r"(?:[^\s()]|\([^()]*\))+", values)
            if name in ("padding", "margin") and len(sides) == 4:
                assert sides[1] == sides[3], (sheet.name, values)


def test_a_record_answers_at_a_glance(client):
    text = text_of(client.get("/instruments/refugee-convention-1951/"))
    for answer in (
        "Convention", "Global level", "Binding", "In force", "28 July 1951", "22 April 1954", "189 UNTS 137",
        "Article 33", "Non-refoulement", "Supplemented by 1967 Protocol", "Needs care", "Rests on S2",
    ):  # fmt: skip
        assert answer in text, answer


def test_a_process_says_who_takes_part(client):
    text = text_of(client.get("/actors/rabat-process/"))
    assert "Partner 57" in text
    assert "Partner African partner country 26" in text


def test_what_a_whole_group_rests_on_is_said_once(client):
    html = client.get("/actors/rabat-process/").content.decode()
    parties = html[html.index('id="parties"') : html.index('id="topics"')]
    assert parties.count('<details class="evidence') < 12


def test_a_country_says_in_what_it_takes_part_and_since_when(client):
    text = text_of(client.get("/countries/MA/"))
    assert "Rabat Process (Euro-African Dialogue on Migration and Development)" in text
    assert "Counter-trafficking agreement between Niger and Morocco Party since 2022" in text


def test_a_country_is_bound_by_what_it_ratified_and_not_by_what_it_only_signed(client):
    of_countries = Participation.objects.filter(party__type=Type.COUNTRY, record__binding="binding")
    ratified = of_countries.filter(act="ratified", record__slug="kampala-convention").select_related("party").first()
    bound = client.get(ratified.party.get_absolute_url()).context["page"].binding
    assert [row.item.record.slug for row in bound] == ["kampala-convention"]
    signed = of_countries.filter(act="signatory").select_related("party").first()
    bound = client.get(signed.party.get_absolute_url()).context["page"].binding
    assert signed.record_id not in {row.item.record_id for row in bound}


def nameless(type_: str, language: str) -> Record:
    """A record of a type that has no name in a language."""
    named = Name.objects.filter(language=language).values("record")
    return Record.objects.published().of_type(type_).exclude(pk__in=named).order_by("title").first()


def test_names_stand_in_the_readers_language_or_are_marked_as_english(client):
    text = client.get("/ar/instruments/?level=regional").content.decode()
    applied = re.search(r'<ul class="applied".*?</ul>', text, re.DOTALL)[0]
    assert "المستوى الإقليمي" in applied
    assert re.search(r'id="c-level-bilateral".*?المستوى الثنائي', text, re.DOTALL)
    foreign = nameless(Type.EVENT, "ar")
    heading = re.search(r"<h1>.*?</h1>", client.get(f"/ar{permanent(foreign)}").content.decode(), re.DOTALL)[0]
    assert f'<bdi lang="en">{escape(foreign.title)}</bdi>' in heading


def test_a_record_says_in_which_languages_no_name_of_it_is_known(client):
    record = nameless(Type.EVENT, "es")
    assert re.search(r"No name is known here in: [^.]*Spanish", text_of(client.get(permanent(record))))


def test_an_address_at_which_there_is_nothing_offers_to_search_for_its_words(client):
    assert "/search/?q=refugee%20convention" in client.get("/instruments/refugee-convention/").content.decode()


def test_a_page_beyond_the_last_leads_to_the_first_with_the_query_kept(client):
    for path in ("/instruments/?level=regional&page=99", "/search/?q=gcm&level=global&page=99"):
        response = client.get(path)
        assert response.status_code == 404
        html = response.content.decode()
        assert f'href="?{escape(path.split("?")[1].removesuffix("&page=99"))}"' in html
        assert "Search for" not in text_of(response)


def test_words_of_a_source_are_marked_with_its_language_on_pages_in_another(client):
    page = client.get("/ar/instruments/refugee-convention-1951/").content.decode()
    quotes = re.findall(r"<q\b[^>]*>", page)
    assert quotes and all('lang="en"' in quote and 'dir="auto"' in quote for quote in quotes)
    source = client.get("/ar/sources/S4/").content.decode()
    assert "<q>" not in source and '<q dir="auto" lang="en">' in source


def test_participation_takes_the_day_under_its_name_on_the_lists_too(client):
    asked = [client.get(f"/participation/?format=json&{name}=2015-03-01").json() for name in ("on", "in_force_on")]
    assert asked[0] == asked[1] and asked[0]["on"] == "2015-03-01"


def test_participation_tells_a_record_without_countries_from_one_that_is_not_there(client):
    known, unknown = (
        text_of(client.get(f"/participation/?not_in=instrument/{slug}")) for slug in ("protocol-1967", "nothing")
    )
    assert "name no country in “instrument/protocol-1967”" in known
    assert "There is no “instrument/nothing” to choose here" in unknown


def test_a_page_count_of_one_is_said_in_the_singular(client):
    assert "This list has 1 page." in text_of(client.get("/levels/?page=2"))


def test_a_mark_opens_to_the_phrase_it_rests_on(client):
    html = client.get("/instruments/global-compact-for-migration/").content.decode()
    mark = re.search(r'<details class="evidence[^>]*>.*?Evidence for the legal force:.*?</details>', html, re.DOTALL)[0]
    assert "S4 ¶5" in mark
    assert 'href="/sources/S4/#p5"' in mark
    assert "non-legally binding" in mark


def test_what_no_source_states_is_marked(client):
    html = client.get("/actors/iom/").content.decode()
    mark = re.search(r"Evidence for the level:.*?</details>", html, re.DOTALL)[0]
    assert "inferred" in mark


def test_what_rests_on_weak_sources_alone_is_marked(client):
    html = client.get("/actors/iom/").content.decode()
    weak, strong = (re.search(rf"Evidence for {of}:.*?</summary>", html) for of in ("Resettlement", "the summary"))
    assert "weak source" in weak[0]
    assert "weak source" not in strong[0]


def test_a_contradicted_value_is_flagged_where_it_stands(client):
    html = client.get("/instruments/global-compact-for-migration/").content.decode()
    mark = re.search(r"Evidence for the legal force:.*?</summary>", html, re.DOTALL)[0]
    assert "needs care" in mark


def test_a_mark_in_running_text_leads_to_its_paragraph(client):
    html = client.get("/principles/non-refoulement/").content.decode()
    assert re.search(r'<a href="/sources/S2/#p18"[^>]*>S2 ¶18</a>', html)


def test_a_summary_leads_to_the_source_that_it_speaks_of_and_stays_text(client: Client) -> None:
    make_principle("hearsay", summary="S2 says <b>so</b>, BS20 does not.")
    html = client.get("/principles/hearsay/").content.decode()
    assert '<a href="/sources/S2/">S2</a> says &lt;b&gt;so&lt;/b&gt;, BS20 does not.' in html


def test_a_source_lists_what_rests_on_each_paragraph(client):
    response = client.get("/sources/S4/")
    html = response.content.decode()
    numbers = [int(n) for n in re.findall(r'id="p(\d+)"', html)]
    assert numbers == sorted(numbers)
    twelve = re.search(r'id="p12">.*?</section>', html, re.DOTALL)[0]
    assert "/actors/rabat-process/" in twelve


def test_events_are_a_timeline_by_year(client):
    years = [int(y) for y in re.findall(r"<h2>(\d{4})</h2>", client.get("/events/").content.decode())]
    assert years == sorted(set(years))
    assert years[0] == 1951


def test_countries_stand_under_their_regions(client):
    html = client.get("/countries/").content.decode()
    headings = [html.index(f">{name}<") for name in ("Africa", "Egypt", "Americas", "Asia", "Europe", "Oceania")]
    assert headings == sorted(headings)
    assert len(re.findall(r'href="/countries/[A-Z]{2}/"', html)) == 249


def test_levels_count_what_stands_on_them_and_on_narrower_ones(client):
    rows = {row["level"].slug: row for row in client.get("/levels/").context["levels"]}
    for slug, row in rows.items():
        for type_, plural in (("instrument", "instruments"), ("actor", "actors"), ("event", "events")):
            listed = json.loads(client.get(f"/{plural}/?level={slug}&format=json").content)
            assert listed["count"] == row[type_], (slug, type_)


def test_a_list_as_data_has_the_same_records_as_its_page(client):
    query = "/instruments/?level=regional&page_size=100"
    shown = [record.slug for record in client.get(query).context["listing"].page]
    given = client.get(query, headers={"Accept": "application/json"}).json()
    assert [document["slug"] for document in given["results"]] == shown
    assert given["count"] == len(shown)


def test_links_to_other_pages_keep_the_query(client):
    path = "/instruments/?kind=convention&kind=declaration&page_size=5&q=on"
    html = client.get(path).content.decode()
    onward = re.search(r'rel="next" href="([^"]+)"', html)[1].replace("&amp;", "&")
    assert onward == "?kind=convention&kind=declaration&page_size=5&q=on&page=2"
    given = client.get(f"{path}&format=json").json()
    assert given["next"].endswith("?kind=convention&kind=declaration&page_size=5&q=on&format=json&page=2")
    assert client.get("/instruments/" + onward).context["listing"].page.number == 2


def test_a_list_that_finds_nothing_helps_on(client):
    text = text_of(client.get("/instruments/?q=xyzzy&level=regional"))
    assert "Nothing matches all of this" in text
    assert f"see all {Record.objects.published().of_type('instrument').count()}" in text
    assert "search everything for “xyzzy”" in text


def test_the_home_page_leads_to_the_three_jobs(client):
    html = client.get("/").content.decode()
    for address in ("/search/", "/instruments/?level=regional", "/levels/regional/", "/admin/"):
        assert f'"{address}"' in html


def test_dates_of_several_days_are_said_briefly(client):
    text = text_of(client.get("/events/high-level-dialogue-2006/"))
    assert "14–15 September 2006" in text


@pytest.mark.parametrize(
    "path",
    [
        "/instruments/global-compact-for-migration/", "/actors/rabat-process/", "/countries/MA/", "/sources/S4/",
        "/principles/non-refoulement/", "/levels/regional/", "/ar/pictures/acting/",
    ],
)  # fmt: skip
def test_the_page_of_a_record_costs_a_bounded_number_of_queries(client, path, django_assert_max_num_queries):
    with django_assert_max_num_queries(40):
        client.get(path)
