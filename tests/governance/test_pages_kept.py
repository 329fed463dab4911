"""Kept pages: what anybody may see is made once; nothing stale, nobody's own page and no draft is ever served."""

import gzip
import re
from pathlib import Path

import brotli
import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles import finders
from django.db import connection
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.test import override_settings

from governance.conditional import ConditionalMiddleware
from governance.kept import KeptPage, KeptPages, Place
from governance.knowledge import apply
from governance.models import Record

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("small_world")]
PATHS = [
    "/",
    "/instruments/",
    "/instruments/?level=global",
    "/instruments/a-treaty/",
    "/fr/instruments/",
    "/sources/S4/",
]


@pytest.mark.parametrize("path", PATHS)
def test_a_page_asked_for_again_costs_one_short_query_and_is_the_same(client, path, django_assert_num_queries):
    first = client.get(path)
    with django_assert_num_queries(1 if connection.vendor == "sqlite" else 2):
        again = client.get(path)
    assert again.content == first.content
    assert dict(again.items()) == dict(first.items())
    assert again.resolver_match.view_name == first.resolver_match.view_name


def _by_saving(record: Record) -> None:
    record.title = "Another name"
    record.save()


def _in_bulk(record: Record) -> None:
    Record.objects.filter(pk=record.pk).update(title="Another name")


def _by_hand(record: Record) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE governance_record SET title = 'Another name' WHERE id = %s", [record.pk])


@pytest.mark.parametrize("write", [_by_saving, _in_bulk, _by_hand])
@pytest.mark.parametrize("path", ["/instruments/", "/instruments/?level=global", "/instruments/a-treaty/"])
def test_after_a_write_by_whatever_way_the_page_is_made_anew(client, path, write):
    assert "Another name" not in client.get(path).text
    write(Record.objects.get(slug="a-treaty"))
    assert "Another name" in client.get(path).text


def test_a_withdrawn_record_is_gone_from_its_address_and_from_the_list(client):
    client.get("/instruments/a-treaty/"), client.get("/instruments/")
    Record.objects.filter(slug="a-treaty").update(state="withdrawn")
    assert client.get("/instruments/a-treaty/").status_code == 410
    assert "a-treaty" not in client.get("/instruments/").text


def test_a_draft_that_a_curator_sees_is_seen_by_nobody_else(client):
    draft = apply({"type": "topic", "slug": "hush", "title": "Hush", "kind": "theme"}, state="draft").record
    curator = get_user_model().objects.create_superuser("curator")
    assert client.get("/topics/hush/").status_code == 404
    client.force_login(curator)
    assert client.get("/topics/hush/").status_code == 200
    client.logout()
    client.cookies.clear()
    assert client.get("/topics/hush/").status_code == 404
    assert draft.title not in client.get("/topics/").text


def test_whoever_has_a_session_is_neither_served_a_kept_page_nor_keeps_one(client):
    public = client.get("/instruments/a-treaty/").content
    client.force_login(get_user_model().objects.create_superuser("curator"))
    own = client.get("/instruments/a-treaty/")
    assert own.content != public
    assert not own.has_header("ETag")
    client.cookies.clear()
    assert client.get("/instruments/a-treaty/").content == public


@pytest.mark.parametrize(("encoding", "unpack"), [("br", brotli.decompress), ("gzip", gzip.decompress)])
def test_a_page_is_compressed_as_the_reader_takes_it(client, encoding, unpack):
    plain = client.get("/instruments/")
    for _time in range(2):
        packed = client.get("/instruments/", headers={"Accept-Encoding": f"deflate, {encoding};q=0.5"})
        assert packed["Content-Encoding"] == encoding
        assert int(packed["Content-Length"]) == len(packed.content) < len(plain.content) / 2
        assert unpack(packed.content) == plain.content
        assert "Accept-Encoding" in packed["Vary"]
    assert not plain.has_header("Content-Encoding")
    refused = client.get("/instruments/", headers={"Accept-Encoding": f"{encoding};q=0"})
    assert not refused.has_header("Content-Encoding")


def test_what_a_curator_sees_is_not_compressed(client):
    client.force_login(get_user_model().objects.create_superuser("curator"))
    assert not client.get("/instruments/", headers={"Accept-Encoding": "gzip, br"}).has_header("Content-Encoding")


class Counted:
    """A view behind the middleware that says how often it was asked."""

    def __init__(self, answer=None) -> None:
        self.calls, self.answer = 0, answer
        self.middleware = ConditionalMiddleware(self)

    def __call__(self, request) -> HttpResponse:
        self.calls += 1
        request.resolver_match = None
        return self.answer(request) if self.answer else HttpResponse(f"page {self.calls}")


@pytest.mark.parametrize(
    "sent",
    [
        {"HTTP_COOKIE": "sessionid=1"}, {"HTTP_COOKIE": "messages=1"}, {"HTTP_COOKIE": "other=1"},
        {"HTTP_AUTHORIZATION": "Basic x"}, {"HTTP_RANGE": "bytes=0-1"},
        {"HTTP_ACCEPT": "application/json"}, {"HTTP_HOST": "somewhere.else"},
    ],
    ids=str,
)  # fmt: skip
def test_what_is_asked_for_in_another_way_is_made_for_that_request_alone(rf, sent):
    view = Counted()
    assert view.middleware(rf.get("/")).text == "page 1"
    assert view.middleware(rf.get("/", **sent)).text == "page 2"
    assert view.middleware(rf.get("/")).text == "page 1"


@pytest.mark.parametrize("method", ["post", "put", "delete", "head"])
def test_only_a_get_is_answered_with_a_kept_page(rf, method):
    view = Counted()
    view.middleware(rf.get("/"))
    view.middleware(getattr(rf, method)("/"))
    assert view.calls == 2


def _with_cookie(request):
    response = HttpResponse("page")
    response.set_cookie("seen", "1")
    return response


def _with_a_token(request):
    return HttpResponse(get_token(request))


def _with_a_tag_of_its_own(request):
    return HttpResponse("page", headers={"ETag": 'W/"behind"'})


def _not_to_be_stored(request):
    return HttpResponse("page", headers={"Cache-Control": "no-store"})


@pytest.mark.parametrize(
    "answer",
    [
        _with_cookie, _with_a_token, _with_a_tag_of_its_own, _not_to_be_stored,
        lambda request: HttpResponse("{}", content_type="application/json"),
        lambda request: HttpResponse("gone", status=410),
    ],
)  # fmt: skip
def test_what_is_not_for_everybody_is_not_kept(rf, answer):
    view = Counted(answer)
    for _time in range(2):
        response = view.middleware(rf.get("/", HTTP_ACCEPT_ENCODING="br"))
        assert not response.has_header("Content-Encoding")
    assert view.calls == 2


def test_hosts_paths_queries_and_parts_have_pages_of_their_own(rf):
    view = Counted()
    boosted = {"HTTP_HX_REQUEST": "true", "HTTP_HX_BOOSTED": "true"}
    asked = [("/", {}), ("/?a=1", {}), ("/a", {}), ("/", {"HTTP_HOST": "localhost"}), ("/", boosted)]
    for _time in range(2):
        for number, (path, sent) in enumerate(asked, 1):
            assert view.middleware(rf.get(path, **sent)).text == f"page {number}"


def test_no_page_is_kept_where_none_is_wanted(rf):
    with override_settings(PAGE_CACHE=0):
        view = Counted()
    view.middleware(rf.get("/")), view.middleware(rf.get("/"))
    assert view.calls == 2


def _place(path: str, query: str = "", host: str = settings.SITE_URL) -> Place:
    return Place(host, path, query, "en", "")


def _page(size: int) -> KeptPage:
    return KeptPage(b"x" * size, (), None)


def test_a_flood_of_made_up_queries_and_ports_stays_within_its_bounds_and_drives_out_no_plain_page():
    pages = KeptPages(200_000)
    pages.get("now", _place("/"))
    pages.put("now", _place("/"), _page(5000))
    for number in range(500):
        pages.put("now", _place("/search/", f"q={number}"), _page(5000))
        pages.put("now", _place("/", host=f"http://127.0.0.1:{number + 10_000}"), _page(5000))
        assert pages.size <= 200_000
    assert pages.get("now", _place("/")) is not None
    assert pages.get("now", _place("/search/", "q=499")) is not None
    assert pages.get("now", _place("/search/", "q=0")) is None


def test_a_page_asked_for_lately_outlives_one_that_was_not():
    pages = KeptPages(40_000)
    pages.get("now", _place("/a"))
    for name in "abc":
        pages.put("now", _place(f"/{name}"), _page(120))
    for number in range(30):
        assert pages.get("now", _place("/a")) is not None
        pages.put("now", _place(f"/{number}"), _page(120))
    assert pages.get("now", _place("/a")) is not None
    assert pages.get("now", _place("/b")) is None


def test_a_very_large_page_and_one_of_an_earlier_state_are_not_kept():
    pages = KeptPages(200_000)
    pages.get("now", _place("/"))
    pages.put("now", _place("/large"), _page(7000))
    pages.put("before", _place("/late"), _page(10))
    assert pages.size == 0


def test_with_the_next_state_all_room_is_free_again():
    pages = KeptPages(200_000)
    pages.get("now", _place("/"))
    pages.put("now", _place("/"), _page(5000))
    assert pages.get("next", _place("/")) is None
    assert pages.size == 0


def test_a_page_with_messages_for_one_reader_has_no_tag(client):
    client.cookies["messages"] = "anything"
    assert not client.get("/").has_header("ETag")


def test_the_first_page_is_small_with_all_that_it_needs(client):
    page = client.get("/").text
    files = [finders.find(address) for address in re.findall(r'(?:href|src)="/static/([^"]+)"', page)]
    assert len(files) > 3
    assert len(page.encode()) + sum(Path(file).stat().st_size for file in files) < 100_000
