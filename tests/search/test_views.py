"""The search page, the API and the suggestions, as a client sees them."""

import re

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search import views
from search.engines import Busy

pytestmark = pytest.mark.usefixtures("collection")

RESULT_KEYS = {"type", "slug", "title", "url", "snippet", "score", "level", "kind", "year"}
FACETS = {"type", "level", "kind", "binding", "country", "region", "principle", "topic", "actor", "source", "year"}


class TestApi:
    def test_the_shape_of_an_answer(self, client: Client) -> None:
        answer = client.get("/api/v1/search/", {"q": "expulsion"})
        assert answer.status_code == 200
        assert answer.headers["Content-Type"] == "application/json"
        body = answer.json()
        assert set(body) == {"query", "count", "next", "previous", "notices", "suggestion", "facets", "results"}
        assert set(body["facets"]) == FACETS
        assert body["facets"]["type"][0] == {
            "value": "instrument",
            "label": "Instrument",
            "count": 1,
            "selected": False,
        }
        provision, instrument = body["results"]
        assert set(instrument) == RESULT_KEYS
        assert set(provision) == RESULT_KEYS | {"parent"}
        assert provision["parent"] == {
            "type": "instrument",
            "slug": "refugee-convention-1951",
            "title": "Convention relating to the Status of Refugees",
        }
        assert "<mark>expulsion</mark>" in provision["snippet"]
        assert instrument["kind"] == "convention"
        assert instrument["level"] == "global"
        assert instrument["year"] == 1951

    def test_a_chosen_value_is_marked(self, client: Client) -> None:
        kinds = client.get("/api/v1/search/", {"kind": "protocol"}).json()["facets"]["kind"]
        assert [kind["value"] for kind in kinds if kind["selected"]] == ["protocol"]
        assert len(kinds) > 1

    def test_pages_link_to_each_other_and_keep_the_query(self, client: Client) -> None:
        first = client.get("/api/v1/search/", {"q": "", "type": "instrument", "page_size": "4"}).json()
        assert first["previous"] is None
        second = client.get(first["next"]).json()
        assert second["next"] is None
        assert len(first["results"]) + len(second["results"]) == first["count"] == second["count"] == 6
        assert client.get(second["previous"]).json() == first

    @pytest.mark.parametrize(
        ("query", "name"),
        [
            ({"foo": "1"}, "foo"),
            ({"level": "nowhere"}, "level"),
            ({"page_size": "101"}, "page_size"),
            ({"page": "0"}, "page"),
            ({"ordering": "size"}, "ordering"),
            ({"q": "a" * 501}, "q"),
            ({"q": " ".join(["word"] * 41)}, "q"),
            ({"q": "(" * 11 + "a" + ")" * 11}, "q"),
        ],
    )
    def test_what_cannot_be_used_is_a_400_that_names_it(self, client: Client, query: dict, name: str) -> None:
        answer = client.get("/api/v1/search/", query)
        assert answer.status_code == 400
        error = answer.json()["error"]
        assert error["code"] == "invalid"
        assert error["message"]
        assert list(error["details"]) == [name]

    def test_a_page_past_the_end_is_a_404(self, client: Client) -> None:
        answer = client.get("/api/v1/search/", {"page": "7"})
        assert answer.status_code == 404
        assert answer.json()["error"]["code"] == "not-found"

    def test_only_reading_is_allowed(self, client: Client) -> None:
        assert client.post("/api/v1/search/").status_code == 405

    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
    @given(st.text(max_size=80))
    def test_no_text_is_a_server_error(self, client: Client, text: str) -> None:
        assert client.get("/api/v1/search/", {"q": text.encode("utf-8", "surrogatepass")}).status_code in (200, 400)


class TestPage:
    def test_it_shows_hits_grouped_under_their_records(self, client: Client) -> None:
        page = client.get("/search/", {"q": "expulsion"}).content.decode()
        assert page.count('<article class="card hit">') == 1
        assert 'href="/instruments/refugee-convention-1951/article-33/"' in page
        assert "<mark>expulsion</mark>" in page

    def test_the_words_stay_in_the_box(self, client: Client) -> None:
        assert 'value="a &amp; &lt;b&gt;"' in client.get("/search/", {"q": "a & <b>"}).content.decode()

    def test_every_link_of_a_facet_finds_as_many_as_it_says(self, client: Client) -> None:
        page = client.get("/search/", {"q": "protocol"}).content.decode()
        links = re.findall(r'<li><a href="\?([^"]+)"[^>]*>.*?<span class="count">(\d+)</span>', page)
        assert links
        for query, count in links:
            found = client.get("/api/v1/search/?" + query.replace("&amp;", "&")).json()
            assert found["count"] == int(count)

    def test_pages_keep_the_query(self, client: Client) -> None:
        page = client.get("/search/", {"type": "instrument", "page_size": "4"}).content.decode()
        query = re.search(r'rel="next" href="\?([^"]+)"', page)
        assert query
        following = client.get("/search/?" + query.group(1).replace("&amp;", "&")).content.decode()
        assert "page 2 of 2" in following

    def test_what_is_applied_can_be_taken_off(self, client: Client) -> None:
        page = client.get("/search/", {"q": "protocol", "kind": "protocol", "level": "global"}).content.decode()
        links = re.findall(r'<li><a href="\?([^"]+)" rel="nofollow"><span class="quiet">', page)
        assert [link.replace("&amp;", "&") for link in links] == ["q=protocol&level=global", "q=protocol&kind=protocol"]

    def test_what_cannot_be_used_is_shown_and_the_rest_is_answered(self, client: Client) -> None:
        answer = client.get("/search/", {"q": "dublin", "colour": "red"})
        assert answer.status_code == 200
        assert "<strong>colour</strong>" in answer.content.decode()
        assert "Dublin III Regulation" in answer.content.decode()

    def test_a_query_over_the_limits_is_a_400_that_explains(self, client: Client) -> None:
        answer = client.get("/search/", {"q": "a" * 501})
        assert answer.status_code == 400
        assert "500" in answer.content.decode()

    def test_no_hits_help(self, client: Client) -> None:
        page = client.get("/search/", {"q": "xyzzy", "type": "actor"}).content.decode()
        assert "Nothing was found" in page
        assert 'href="?q=xyzzy"' in page
        assert 'href="/instruments/"' in page

    def test_a_name_is_a_card_above_the_hits(self, client: Client) -> None:
        page = client.get("/search/", {"q": "UNHCR"}).content.decode()
        assert 'class="named__card" href="/actors/unhcr/"' in page

    def test_data_is_given_where_it_is_asked_for(self, client: Client) -> None:
        as_data = client.get("/search/", {"q": "dublin", "format": "json"})
        assert as_data.json()["count"] == 1
        assert client.get("/search/", {"q": "dublin"}, headers={"accept": "application/json"}).json()["count"] == 1

    def test_a_page_past_the_end_is_a_404(self, client: Client) -> None:
        assert client.get("/search/", {"page": "9"}).status_code == 404

    def test_while_the_index_is_built_the_page_says_so(self, client: Client, monkeypatch) -> None:
        def busy(request):
            raise Busy("somebody builds")

        monkeypatch.setattr(views, "find", busy)
        answer = client.get("/search/", {"q": "dublin"})
        assert answer.status_code == 503
        assert "being built" in answer.content.decode()


class TestSuggestions:
    def test_names_as_json(self, client: Client) -> None:
        body = client.get("/search/suggest/", {"q": "abu"}).json()
        assert body == {
            "query": "abu",
            "suggestions": [
                {
                    "text": "Abu Dhabi Dialogue",
                    "title": "Abu Dhabi Dialogue",
                    "type": "actor",
                    "label": "Actor",
                    "url": "/actors/abu-dhabi-dialogue/",
                }
            ],
        }

    @pytest.mark.parametrize("query", [{}, {"q": ""}, {"q": "("}, {"q": "x" * 5000}])
    def test_nothing_to_suggest(self, client: Client, query: dict) -> None:
        assert client.get("/search/suggest/", query).json()["suggestions"] == []
