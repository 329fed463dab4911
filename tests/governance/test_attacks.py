"""Attacks made by hand: each text field, each parameter and each header with what attackers send."""

import re
from urllib.parse import quote

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from governance.knowledge import apply
from governance.models import Record, Report, Source, TextUpload
from tests.governance.curating import PASSWORD, agreement, make_user, make_world, publish

pytestmark = pytest.mark.django_db
SCRIPT = "</script><script>alert(1)</script>\"'><img src=x onerror=alert(1)><svg/onload=alert(1)>{{7*7}}"
FORMULA = "=cmd|' /C calc'!A0"
INJECTIONS = (
    "' OR 1=1 --",
    "1; DROP TABLE governance_record; --",
    "%' UNION SELECT password FROM auth_user --",
    "\\'; --",
)
PATHS = (
    "../../../../etc/passwd",
    "..%2f..%2f..%2fetc%2fpasswd",
    "%2e%2e/%2e%2e/secret_key",
    "....//secret_key",
    "%00secret_key",
)
ELSEWHERE = (
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example",
    "javascript:alert(1)",
    "https:evil.example",
    "///evil.example",
)


@pytest.fixture
def stored() -> Record:
    """A record with the script in every field that holds words, and what it needs around it."""
    apply({"type": "level", "slug": "global", "title": f"Level {SCRIPT}"})
    apply(
        {
            "type": "source",
            "slug": "S9",
            "title": f"Source {SCRIPT}",
            "kind": "reference",
            "author": SCRIPT,
            "publisher": SCRIPT,
            "date_stated": SCRIPT[:20],
            "rights": "open",
        }
    )
    for type_, kind in (("principle", "principle"), ("topic", "theme"), ("actor", "network")):
        apply(
            {
                "type": type_,
                "slug": "hostile",
                "title": f"{type_} {SCRIPT}",
                "kind": kind,
                "summary": SCRIPT,
                "body": SCRIPT,
            }
        )
    text = {"value": f"Summary {SCRIPT}", "cite": [f"S9.1 '{SCRIPT[:40]}'"]}
    apply(
        {
            "type": "instrument",
            "slug": "hostile",
            "title": FORMULA + SCRIPT,
            "kind": "treaty",
            "level": "global",
            "summary": text,
            "body": f"Body {SCRIPT} [x](javascript:alert(1))",
            "names": [{"text": f"Name {SCRIPT}", "kind": "alias", "language": "en"}],
            "dates": [{"event": "adopted", "value": "1951", "note": SCRIPT}],
            "participation": [{"party": "actor/hostile", "act": "party", "role": SCRIPT[:100], "note": SCRIPT}],
            "relations": [{"predicate": "related-to", "to": "actor/hostile", "note": SCRIPT}],
            "principles": ["hostile"],
            "topics": ["hostile"],
            "provisions": [
                {
                    "label": f"Article {SCRIPT[:80]}",
                    "slug": "article-1",
                    "heading": SCRIPT,
                    "gist": SCRIPT,
                    "principles": [{"slug": "hostile", "strength": "explicit"}],
                }
            ],
            "caveats": [{"kind": "doubtful", "field": "/title", "text": SCRIPT, "cite": ["S9.1"]}],
        }
    )
    return Record.objects.get(type="instrument", slug="hostile")


PAGES = (
    "/",
    "/instruments/",
    "/instruments/hostile/",
    "/instruments/hostile/article-1/",
    "/actors/hostile/",
    "/topics/hostile/",
    "/principles/hostile/",
    "/levels/global/",
    "/sources/S9/",
    "/disputed/",
    "/participation/",
    "/pictures/",
    "/pictures/timeline/",
    "/pictures/lineage/hostile/",
    "/pictures/overlap/",
    "/pictures/acting/",
    "/pictures/principles/",
    "/pictures/map/",
    "/compare/?a=instrument/hostile&b=actor/hostile",
    "/search/?q=hostile",
    "/ar/instruments/hostile/",
)
FEEDS = (
    "/instruments/?format=atom",
    "/sitemap.xml",
    "/data/concepts.ttl",
    "/data/knowledge.jsonl",
    "/instruments/hostile/?format=bib",
    "/instruments/hostile/?format=ris",
    "/instruments/hostile/?format=csl",
    "/instruments/hostile/?format=jsonld",
    "/oai?verb=ListRecords&metadataPrefix=oai_dc",
    "/api/v1/instruments/hostile/",
)
ALLOWED = re.compile(r"application/(ld\+)?json")


def acts(html: str) -> list[str]:
    """What a browser would run of a page, beside the site's own files."""
    page = BeautifulSoup(html, "html.parser")
    found = [
        str(tag) for tag in page.find_all("script") if not tag.get("src") and not ALLOWED.match(tag.get("type", ""))
    ]
    found += [str(tag) for tag in page.find_all(["iframe", "object", "embed", "base", "style"])]
    for tag in page.find_all(True):
        found += [f"{name}={value}" for name, value in tag.attrs.items() if name.startswith("on") or name == "style"]
        target = str(tag.get("href") or tag.get("src") or tag.get("action") or "")
        if re.match(r"\s*(javascript|data|vbscript):", target, re.IGNORECASE) or "evil.example" in target:
            found.append(target)
    return found


@pytest.mark.once
def test_what_is_stored_acts_on_no_page(client: Client, stored: Record) -> None:
    for path in PAGES:
        response = client.get(path)
        html = response.content.decode()
        assert response.status_code == 200, path
        assert acts(html) == [], path
        assert "49" not in re.findall(r"\)>(\d+)", html), f"{path} evaluates templates"
        assert "'none'" in response["Content-Security-Policy"], path


@pytest.mark.once
def test_what_is_stored_acts_in_the_admin_neither(client: Client, stored: Record) -> None:
    ada = make_user("ada", "administrator")
    client.force_login(ada)
    here = f"/admin/instruments/instrument/{stored.pk}"
    source = Source.objects.get(slug="S9")
    told = {"text": SCRIPT, "source": SCRIPT, "value": SCRIPT, "note": SCRIPT, "field": "/title"}
    report = Report.objects.create(record=stored, **told)
    upload = TextUpload.objects.create(
        source=source, file_name=SCRIPT, fault=SCRIPT, state="failed", rights="open", author=ada
    )
    for path in (
        "/admin/reports/",
        f"/admin/reports/{report.pk}/",
        f"/admin/texts/source/{source.pk}/",
        f"/admin/texts/{upload.pk}/",
        f"{here}/merge/",
        f"{here}/rename/",
        "/admin/",
        "/admin/instruments/instrument/",
        f"{here}/change/",
        f"{here}/history/",
        f"{here}/withdraw/",
    ):
        response = client.get(path)
        assert response.status_code == 200, path
        scripts = [item for item in acts(response.content.decode()) if "<script" not in item or "alert" in item]
        assert scripts == [], path
    preview = client.post("/admin/preview/", {"text": SCRIPT}).json()["html"]
    assert acts(preview) == []


def test_what_is_stored_breaks_no_feed_and_is_never_sent_as_a_page(client: Client, stored: Record) -> None:
    import xml.etree.ElementTree as ElementTree

    sections = re.findall(r"<loc>https?://[^/]+(/[^<]*)</loc>", client.get("/sitemap.xml").content.decode())
    assert sections
    for path in (*FEEDS, *sections):
        response = client.get(path)
        body = b"".join(response) if response.streaming else response.content
        assert response.status_code == 200, path
        assert not response["Content-Type"].startswith("text/html"), path
        assert response["X-Content-Type-Options"] == "nosniff", path
        if "xml" in response["Content-Type"]:
            root = ElementTree.fromstring(body)
            assert not [tag for tag in root.iter() if str(tag.tag).rpartition("}")[2] in ("script", "svg", "img")], path


@pytest.mark.once
def test_a_cell_that_a_spreadsheet_would_run_is_text(client: Client, stored: Record) -> None:
    table = client.get("/instruments/?format=csv")
    text = (b"".join(table) if table.streaming else table.content).decode()
    assert FORMULA in text
    assert not re.search(r'(^|,|\n)"?[=+@-]cmd', text)


@pytest.mark.parametrize("text", [SCRIPT, *INJECTIONS, *PATHS])
def test_what_is_sent_is_shown_as_text_and_never_run(client: Client, text: str) -> None:
    for path in (
        "/search/?q={}",
        "/instruments/?q={}",
        "/instruments/?level={}",
        "/instruments/?{}=1",
        "/compare/?a={}&b={}",
        "/pictures/map/?in={}",
        "/participation/?on={}",
        "/api/v1/instruments/?q={}",
        "/api/v1/search/?q={}",
        "/oai?verb={}",
        "/instruments/{}/",
        "/sources/{}/",
        "/static/{}",
        "/instruments/hostile/?format={}",
    ):
        response = client.get(path.format(quote(text, safe=""), quote(text, safe="")), follow=True)
        body = (b"".join(response) if response.streaming else response.content).decode(errors="replace")
        assert response.status_code in (200, 400, 404), path
        assert "root:" not in body and "Traceback" not in body and "SyntaxError" not in body, path
        if response["Content-Type"].startswith("text/html"):
            assert acts(body) == [], path


@pytest.mark.once
@pytest.mark.parametrize("target", ELSEWHERE)
def test_nobody_is_sent_elsewhere_after_signing_in_or_out(client: Client, target: str) -> None:
    make_user("amal", "curator")
    form = {"username": "amal", "password": PASSWORD, "next": target}
    answers = [
        client.post(f"/admin/login/?next={quote(target)}", form),
        client.post("/admin/logout/", {"next": target}),
    ]
    for answer in answers:
        assert answer.status_code in (200, 302)
        assert answer.headers.get("Location", "/admin/") in ("/admin/", "/"), answer.headers.get("Location")
    page = client.get(f"/admin/login/?next={quote(target)}").content.decode()
    assert not re.search(r'(href|action)="[^"]*evil\.example', page.replace(quote(target), ""))


@pytest.mark.once
@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "127.0.0.1@evil.example"},
        {"Host": "evil.example:80"},
        {"Host": "127.0.0.1\u00e9"},
    ],
)
def test_a_host_that_is_not_ours_is_refused_and_named_nowhere(client: Client, headers: dict) -> None:
    for path in ("/", "/sitemap.xml", "/robots.txt", "/instruments/?format=atom", "/admin/password_reset/"):
        response = client.get(path, headers=headers)
        assert response.status_code == 400, path
        assert b"evil.example" not in response.content, path


@pytest.mark.once
def test_a_host_that_a_proxy_is_said_to_have_passed_on_is_not_believed(client: Client, mailoutbox) -> None:
    make_user("amal", "curator")
    client.post("/admin/password_reset/", {"email": "amal@example.org"}, headers={"X-Forwarded-Host": "evil.example"})
    assert "evil.example" not in mailoutbox[0].body
    assert (
        "evil.example" not in client.get("/robots.txt", headers={"X-Forwarded-Host": "evil.example"}).content.decode()
    )


@pytest.mark.once
def test_every_form_that_writes_wants_the_mark_of_the_site() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_user("ada", "administrator"))
    for path in (
        "/admin/login/",
        "/admin/logout/",
        "/admin/password_change/",
        "/admin/second-factor/",
        "/admin/import/",
        "/admin/preview/",
        "/admin/instruments/instrument/add/",
        "/admin/auth/user/add/",
        "/admin/password_reset/",
        "/admin/reports/1/",
        "/admin/texts/1/",
        "/admin/texts/source/1/",
        "/admin/instruments/instrument/1/merge/",
        "/admin/instruments/instrument/1/rename/",
        "/report/?about=instrument/hostile",
    ):
        assert client.post(path, {"text": "x"}).status_code == 403, path


def test_a_zero_byte_is_no_fault_of_the_site_and_is_kept_nowhere(client: Client) -> None:
    """PostgreSQL takes none; what SQLite took could not be restored there."""
    make_world()
    author, reviewer = make_user("amal", "curator"), make_user("rosa", "reviewer")
    record = publish(agreement(), author, reviewer).record
    report = Report.objects.create(record=record, text="It is wrong.")
    named = quote("instrument/labour\0")
    assert client.get(f"/pictures/map/?in={named}").status_code == 200
    client.force_login(make_user("ada", "administrator"))
    here = "/admin/instruments/instrument"
    for path in (
        f"{here}/?state=%00",
        "/admin/governance/accountevent/?kind=%00",
        "/admin/autocomplete/?app_label=governance&model_name=citation&field_name=source&term=%00",
    ):
        assert client.get(path).status_code in (200, 302), path
    for path, form, status in (
        (f"{here}/{record.pk}/merge/", {"into": "instrument/a\0b"}, 400),
        (f"{here}/", {"action": "withdraw_selected", "_selected_action": "1\0x"}, 400),
        (f"/admin/reports/{report.pk}/", {"state": "declined", "note": "It\0 is right."}, 302),
        (f"{here}/{record.pk}/withdraw/", {"given": "A\0 duplicate."}, 302),
    ):
        assert client.post(path, form).status_code == status, path
    report.refresh_from_db()
    assert report.note == "It is right."
    assert record.revisions.latest("number").comment == "A duplicate."
