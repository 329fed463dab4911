"""Whatever is asked, by whatever method, the answer is clear and never a 500."""

import re

import pytest
from django.test import Client
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from governance.markdown import TAGS
from governance.models.vocabulary import PLURALS
from governance.templatetags.knowledge import to_html

pytestmark = pytest.mark.django_db

LISTS = [f"/{plural}/" for plural in PLURALS.values()]
RECORDS = [
    "/instruments/a-treaty/", "/instruments/a-treaty/article-1/", "/actors/a-process/", "/principles/solidarity/",
    "/levels/regional/", "/topics/asylum/", "/events/a-meeting/", "/practices/a-practice/", "/countries/MA/",
    "/sources/S4/",
]  # fmt: skip
OTHERS = ["/", "/about/", "/disputed/", "/compare/", "/participation/", "/robots.txt", "/healthz", "/readyz"]
THOROUGHLY = ["/instruments/", "/countries/", "/sources/", "/compare/", "/participation/"]
HOSTILE = [
    "year_min=abc", "year_min=1e400", "year_max=NaN", "year_min=" + "9" * 400, "year_min=-5&year_max=-10", "page=0",
    "page=-1", "page=99999999999", "page=" + "9" * 5000, "page=1.5", "page=%D9%A1", "page_size=101", "page_size=0",
    "page_size=" + "9" * 50, "in_force_on=2026-13-01", "in_force_on=0000-00-00", "in_force_on=9999-12-31",
    "in_force_on=2026-02-30T10:00", "level=%00", "q=%00", "q=%ff%fe", "%ff=%c3%28", "level=global&level=&level=nope",
    "kind=" + "&kind=".join("abc"), "q=" + "a" * 3000, "q=" + "%20".join("ab" * 200), "q=%25_%5C'%22;--",
    "q=%F0%9F%98%80",
    "ordering=-", "ordering=id", "ordering=title&ordering=date", "format=xml", "format=json", "format=", "format=%00",
    "a=%00/%00&b=instrument/", "a=instrument/a-treaty&b=instrument/a-treaty", "a=instrument/%00", "on=2026-13-01",
    "on=0001-01-01", "region=%00", "region=002", "__class__=x", "q[]=x", "country=MA&country=ma", "source=" + "S" * 500,
    "&".join(f"topic=t{n}" for n in range(300)), "=", "&&&=&", "q", "%", "%2", "?",
]  # fmt: skip


@pytest.mark.parametrize("path", [*LISTS, *RECORDS, *OTHERS])
def test_hostile_queries_get_a_clear_answer(client, small_world, path):
    for query in HOSTILE[:: 1 if path in THOROUGHLY else 6]:
        for accept in ("text/html", "application/json"):
            response = client.get(path, QUERY_STRING=query, headers={"Accept": accept})
            assert response.status_code in (200, 400, 404), query
            if response.status_code == 400:
                assert response.json()["error"]["message"], query


@pytest.mark.parametrize("path", ["/instruments/", "/countries/", "/sources/"])
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=st.text(st.characters(max_codepoint=255), max_size=120), value=st.text(max_size=60))
@example(query="q=a&q=b", value="\0")
def test_no_text_breaks_a_list(client, small_world, path, query, value):
    for asked in ({"QUERY_STRING": query}, {"data": {"q": value, "level": value, "year_min": value, "page": value}}):
        assert client.get(path, **asked).status_code in (200, 400, 404)


@pytest.mark.parametrize(
    "path",
    [
        "/instruments/%00/", "/instruments/a-treaty/%00/", "/countries/%ff/", "/actors/" + "a" * 4000 + "/",
        "/sources/../../etc/passwd", "/nothing/", "/instruments/a-treaty/article-1/more/", "/%E2%80%AE/", "/xx/",
        "/levels/%F0%9F%98%80/", "/instruments/'%22%3E%3Cscript%3E/", "/static/../manage.py",
    ],
)  # fmt: skip
def test_unknown_addresses_are_not_found(client, small_world, path):
    response = client.get(path)
    assert response.status_code == 404
    html = response.content.decode()
    assert "There is nothing at this address" in html
    assert "Traceback" not in html
    assert "<script>" not in html
    assert response.has_header("Content-Security-Policy")


@pytest.mark.once
@pytest.mark.parametrize("path", [*LISTS, *RECORDS, *OTHERS])
def test_pages_are_only_read(small_world, path):
    for method in ("POST", "PUT", "PATCH", "DELETE", "OPTIONS"):
        response = Client(enforce_csrf_checks=True).generic(method, path)
        assert response.status_code == 405, method
        assert response["Allow"] == "GET, HEAD"


@pytest.mark.parametrize(
    "accept", ["", "*/*", ";;;", "text/html;q=x", "a/b/c, ,", "\xff", "application/json;q=0.1, text/html", "text/*"]
)
@pytest.mark.once
def test_any_accept_header_is_taken(client, small_world, accept):
    assert client.get("/instruments/", headers={"Accept": accept}).status_code == 200


def test_an_unknown_format_is_named_with_those_there_are(client, small_world):
    for path in ("/instruments/", "/instruments/a-treaty/", "/instruments/a-treaty/article-1/"):
        answer = client.get(path, {"format": "xml"})
        assert answer.status_code == 400
        assert "json" in answer.json()["error"]["details"]["format"]


def test_a_list_names_what_it_cannot_use_on_the_page_and_in_data(client, small_world):
    query = {"colour": "red", "level": "nowhere"}
    page, given = client.get("/instruments/", query), client.get("/instruments/", query | {"format": "json"})
    assert page.status_code == 200
    assert "<strong>colour</strong>: There is no filter with this name." in page.content.decode()
    assert "There is no “nowhere” to choose here." in page.content.decode()
    assert given.status_code == 400
    assert set(given.json()["error"]["details"]) == {"colour", "level"}


def test_what_was_typed_is_shown_as_text(client, small_world):
    html = client.get("/instruments/", {"q": '"><script>alert(1)</script>', "<b>": "1"}).content.decode()
    assert "<script>alert" not in html
    assert "<b>" not in html.replace("<body", "")


def test_a_failure_shows_no_trace(client, small_world, monkeypatch):
    def broken(*args):
        raise RuntimeError("secret detail")

    monkeypatch.setattr("governance.pages.overviews.levels", broken)
    client.raise_request_exception = False
    response = client.get("/")
    assert response.status_code == 500
    assert "Something went wrong here" in response.content.decode()
    assert "secret detail" not in response.content.decode()
    assert response.has_header("Content-Security-Policy")
    given = client.get("/", headers={"Accept": "application/json"})
    assert given.json() == {
        "error": {"code": "server-error", "message": "Something went wrong here. It has been noted.", "details": {}}
    }


def test_a_host_that_is_not_ours_gets_a_400_that_fits(client, small_world):
    response = client.get("/", headers={"Host": "evil.example"})
    assert response.status_code == 400
    assert "This request cannot be understood" in response.content.decode()


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>", "[x](javascript:alert(1))", "<img src=x onerror=alert(1)>",
        '<a href="data:text/html,x">y</a>',
        "<style>*{}</style>", "<iframe src=//evil.example></iframe>", "[x](vbscript:1)", "<svg/onload=alert(1)>",
        '<p style="position:fixed">x</p>', "![x](https://evil.example/track.png)",
        "<form action=//evil.example><input></form>",
        "<math><mi xlink:href='javascript:alert(1)'>x</mi></math>", "[a]: javascript:alert(1)\n[b][a]",
        "<!--><script>x</script>",
        "`</code><script>1</script>`", "<a href='&#106;avascript:alert(1)'>x</a>", "<base href=//evil.example>",
    ],
)  # fmt: skip
@pytest.mark.once
def test_markdown_cannot_act(text):
    html = to_html(f"before\n\n{text}\n\nafter")
    shown = re.sub(r"&lt;.*?&gt;", "", html)
    assert not re.search(r"<(script|style|iframe|img|svg|form|input|base|math)|\son\w+=|style=", shown, re.IGNORECASE)
    assert not re.search(r'href="\s*(javascript|data|vbscript)', html, re.IGNORECASE)
    assert "before" in html and "after" in html


@pytest.mark.once
def test_markdown_nested_past_all_reason_is_shown_as_typed():
    nested = "\n".join(" " * (4 * depth) + "- <b>x" for depth in range(150))

    def from_far_down(depth: int) -> str:
        """As a template in a template would call it."""
        return from_far_down(depth - 1) if depth else to_html(nested)

    html = from_far_down(400)
    assert html.startswith("<pre>- &lt;b&gt;x")
    assert len(html) >= len(nested)


@pytest.mark.once
@settings(max_examples=60, deadline=None)
@given(st.text(alphabet=st.sampled_from("<>\"'&/=()[]!`*_#:\n abjsx¶S1"), max_size=80))
def test_no_markdown_makes_a_tag_of_its_own(text):
    assert {tag.lower() for tag in re.findall(r"<\s*/?\s*([a-zA-Z][^\s>/]*)", to_html(text))} <= TAGS
