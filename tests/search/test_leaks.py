"""Nothing unpublished leaks: every public address says the same whether hidden records are there or not.

Drafts, records in review, withdrawn ones and pending changes of published ones are put beside a small collection, with
rows that lead from what is public to what is not. Each address is asked before and after; an address that names what is
hidden is held against the same address naming what never was. A route that `addresses` does not list fails the first
test.
"""

import io
import re
import zipfile
from collections.abc import Iterator

import pytest
from django.core.signals import request_finished
from django.db import close_old_connections
from django.test import Client
from django.urls import get_resolver
from django.urls.resolvers import URLResolver
from django.utils import timezone

from governance import publishing
from governance.knowledge import apply, own
from governance.models import FormerSlug, Participation, PrincipleTag, Record, Relation, TopicTag
from governance.models.vocabulary import PLURALS, State, Type
from instruments.models import Provision, ProvisionPrinciple
from search import sync
from tests.governance.curating import make_user
from tests.search.addresses import (
    ANSWERS_NOTHING,
    FILTERS,
    FOR_READERS,
    OF_ACCOUNTS,
    OF_THE_MACHINE,
    PUBLIC,
    RECORD_FORMATS,
    TOLD_OF,
)

pytestmark = pytest.mark.slow
with_collection = pytest.mark.usefixtures("growing")
SECRET, NOTHING = "quokka", "blorpz"  # of one length; the second is nowhere
KINDS = {
    "instrument": "treaty",
    "actor": "network",
    "principle": "principle",
    "topic": "theme",
    "event": "meeting",
    "practice": "case-study",
    "source": "reference",
}
HIDDEN = (State.DRAFT, State.IN_REVIEW, State.WITHDRAWN)


def names(resolver: URLResolver, space: str = "") -> Iterator[str]:
    """The names of all routes but those of the admin, which test_permissions.py walks."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            if entry.namespace != "admin":
                yield from names(entry, f"{space}{entry.namespace}:" if entry.namespace else space)
        else:
            yield f"{space}{entry.name}"


def test_every_route_is_listed() -> None:
    listed = {*FOR_READERS, *TOLD_OF, *OF_THE_MACHINE, *OF_ACCOUNTS, *ANSWERS_NOTHING}
    assert set(names(get_resolver())) == listed, "say in addresses.py how a new route is asked"


def addresses() -> list[str]:
    today = timezone.now().date().isoformat()
    plain = ["/" + path.format(today=today) for paths in FOR_READERS.values() for path in paths]
    return plain + ["/fr/" + path for paths in PUBLIC.values() for path in paths if "format=" not in path]


def close(response) -> None:
    """End an answer that is a file, without the connection of the test's transaction."""
    request_finished.disconnect(close_old_connections)
    response.close()
    request_finished.connect(close_old_connections)


def text_of(response) -> str:
    body = b"".join(response) if response.streaming else response.content
    close(response)
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            body = b"\n".join(
                archive.read(name) for name in sorted(archive.namelist()) if name != "datapackage.json"
            ) + re.sub(rb'"(created|version)": "[^"]*"', b"", archive.read("datapackage.json"))
    return body.decode()


def ask(client: Client, address: str) -> tuple[int, str]:
    response = client.get(address)
    headers = " ".join(
        f"{name}: {value}" for name, value in response.headers.items() if name not in ("ETag", "Expires")
    )
    text = f"{headers}\n{text_of(response)}"
    # When it was answered, how far the log had come, and the mark of a form, which is another each time.
    text = re.sub(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+]\d\d:\d\d)?", "TIME", text)
    text = re.sub(r'(?<=csrfmiddlewaretoken" value=")\w+', "", text)
    return response.status_code, re.sub(r"Content-Length: \d+|nonce-[\w-]+", "", text)


def ask_all(client: Client) -> dict[str, tuple[int, str]]:
    found = {address: ask(client, address) for address in addresses()}
    for address in re.findall(r"<loc>https?://[^/]+(/[^<]*)</loc>", found["/sitemap.xml"][1]):
        found[address] = ask(client, address)
    return found


def document(type_: str, number: int) -> dict:
    """A record with the secret in every place that holds words."""
    slug = f"{SECRET}-{type_}-{number}" if type_ != Type.COUNTRY else f"X{'ABC'[number]}"
    if type_ == Type.SOURCE:
        slug = f"Q{number}"
    made = {
        "type": type_,
        "slug": slug,
        "title": f"{SECRET.title()} {type_} {number}",
        "summary": f"All about the {SECRET}.",
        "body": f"A *{SECRET}* is kept here.",
        "names": [
            {"text": f"{SECRET.upper()}{number}", "kind": "abbreviation", "language": "en"},
            {"text": f"Le {SECRET} {type_} {number}", "kind": "official", "language": "fr"},
        ],
    }
    if type_ in KINDS:
        made["kind"] = KINDS[type_]
    if type_ == Type.COUNTRY:
        made |= {"iso2": slug, "region": "015"}
    if type_ in (Type.INSTRUMENT, Type.ACTOR, Type.EVENT):
        made |= {"level": "global", "identifiers": [{"scheme": "unts", "value": f"99{number} UNTS 99{number}"}]}
    if type_ == Type.INSTRUMENT:
        made |= {
            "dates": [{"event": "adopted", "value": "1951-07-28"}],
            "topics": ["human-trafficking"],
            "principles": ["non-refoulement"],
            "participation": [{"party": "country/MA", "act": "party"}],
            "provisions": [
                {"label": "Article 33", "gist": f"The {SECRET} is free.", "principles": ["non-refoulement"]}
            ],
            "relations": [{"predicate": "revises", "to": "instrument/refugee-convention-1951"}],
            "caveats": [{"kind": "doubtful", "field": "/title", "text": f"Is it a {SECRET}?"}],
        }
    return made


def hide() -> None:
    """Put every kind of hidden record beside the collection, point at them from it, and begin changes of all of it."""
    public = {record.reference: record for record in Record.objects.visible_to(None)}
    for number, state in enumerate(HIDDEN):
        for type_ in Type:
            apply(document(type_, number), state=state)
        hidden = {record.type: record for record in Record.objects.filter(state=state)}
        instrument, actor = public["instrument/agreement-niger-morocco"], public["actor/unhcr"]
        position = 50 + number
        for party in (hidden["actor"], hidden["country"]):
            Participation.objects.create(
                record_id=instrument.pk,
                party_id=party.pk,
                act="party",
                position=position + 10 * (party.type == "country"),
            )
        for record in (instrument, actor):
            Relation.objects.create(
                record_id=record.pk, predicate="related-to", target_id=hidden["instrument"].pk, position=position
            )
        TopicTag.objects.create(record_id=instrument.pk, topic_id=hidden["topic"].pk, position=position)
        PrincipleTag.objects.create(record_id=instrument.pk, principle_id=hidden["principle"].pk, position=position)
        provision = Provision.objects.filter(instrument__slug="refugee-convention-1951").first()
        ProvisionPrinciple.objects.create(provision=provision, principle_id=hidden["principle"].pk, position=position)
        FormerSlug.objects.create(type="instrument", slug=f"former-{SECRET}-{number}", record=hidden["instrument"])
    curator = make_user("curator", "curator")
    for record in public.values():
        changed = own({**publishing.current(record), "title": f"The new {SECRET}", "summary": f"A pending {SECRET}"})
        publishing.save_draft(changed, curator, comment=f"About the {SECRET}")


@pytest.fixture
def before(growing, client: Client) -> dict[str, tuple[int, str]]:
    """What every address said before anything hidden was there."""
    return ask_all(client)


@pytest.mark.once
def test_every_address_says_the_same_with_hidden_records_as_without(client: Client, before) -> None:
    assert {status for status, _text in before.values()} == {200}, [a for a, (s, _t) in before.items() if s != 200]
    hide()
    sync.rebuild()
    after = ask_all(client)
    for address, (status, text) in after.items():
        assert SECRET not in text.lower(), f"{address} tells of it: {around(text)}"
        assert (status, text) == before[address], f"{address}: {difference(before[address][1], text)}"
    for address in ("/" + path for paths in TOLD_OF.values() for path in paths):
        status, text = ask(client, address)
        untold = re.sub(rf"{SECRET}-[a-z]+-{HIDDEN.index(State.WITHDRAWN)}", "", text)  # the address of a tombstone
        assert status == 200
        assert SECRET not in untold.lower(), f"{address} tells of it: {around(untold)}"


def around(text: str) -> str:
    place = text.lower().index(SECRET)
    return text[max(0, place - 150) : place + 80]


def difference(before: str, after: str) -> str:
    place = next(
        (n for n, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), min(len(before), len(after))
    )
    return f"{before[max(0, place - 80) : place + 80]!r} became {after[max(0, place - 80) : place + 80]!r}"


ASKING = [
    *(f"/{plural}/{SECRET}-{type_}-{{n}}/" for type_, plural in PLURALS.items() if type_ not in ("country", "source")),
    *(f"/instruments/{SECRET}-instrument-{{n}}/?format={format_}" for format_ in RECORD_FORMATS),
    f"/instruments/former-{SECRET}-{{n}}/",
    f"/instruments/{SECRET}-instrument-{{n}}/article-33/",
    f"/instruments/{SECRET}-instrument-{{n}}/?at=2026-01-01&format=json",
    f"/history/instruments/{SECRET}-instrument-{{n}}/",
    f"/history/instruments/{SECRET}-instrument-{{n}}/1/",
    f"/report/?about=instrument/{SECRET}-instrument-{{n}}",
    f"/api/v1/suggestions/?q={SECRET}",
    f"/pictures/lineage/{SECRET}-instrument-{{n}}/",
    f"/fr/actors/{SECRET}-actor-{{n}}/",
    f"/compare/?a={SECRET}-instrument-{{n}}&b=dublin-iii",
    f"/pictures/map/?in=actor/{SECRET}-actor-{{n}}",
    f"/api/v1/instruments/{SECRET}-instrument-{{n}}/",
    f"/api/v1/relations/?record=instrument/{SECRET}-instrument-{{n}}",
    f"/api/v1/relations/?object=actor/{SECRET}-actor-{{n}}",
    f"/api/v1/participation/?party=actor/{SECRET}-actor-{{n}}",
    f"/oai?verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:127.0.0.1:instrument/{SECRET}-instrument-{{n}}",
    *(f"/api/v1/search/?{name}={SECRET}-{name}-{{n}}" for name in FILTERS[:3]),
    *(
        f"/{where}/?{name}={SECRET}-{name}-{{n}}"
        for name in FILTERS[:3]
        for where in ("instruments", "search", "fr/search")
    ),
    f"/search/?q={SECRET}",
    f"/fr/search/?q={SECRET}",
    f"/search/?q={SECRET}%7E",
    f"/search/?q=title:{SECRET}*",
    f"/api/v1/search/?q={SECRET}",
    f"/api/v1/search/?q=%22all+about+the+{SECRET}%22",
    f"/search/suggest/?q={SECRET[:4]}",
    f"/search/suggest/?q={SECRET}",
    f"/search/?q={SECRET}&format=csv",
]


@pytest.mark.once
@with_collection
def test_what_is_hidden_answers_like_what_never_was_and_what_was_withdrawn_says_no_more_than_that(
    client: Client,
) -> None:
    hide()
    sync.rebuild()
    for address in ASKING:
        for number, state in enumerate(HIDDEN):
            asked = address.format(n=number)
            status, text = ask(client, asked)
            if state == State.WITHDRAWN and status == 410:
                told = re.sub(rf"(former-)?{SECRET}(-[a-z]+)?-\d", "", text)
                assert SECRET not in told.lower(), f"{asked}: {around(told)}"
                continue
            never = ask(client, asked.replace(SECRET, NOTHING).replace(SECRET[:4], NOTHING[:4]))
            heard = text.lower().replace(SECRET, NOTHING).replace(SECRET[:4], NOTHING[:4])
            assert (status, heard) == (never[0], never[1].lower()), f"{asked}: {difference(never[1].lower(), heard)}"


def tag_of(client: Client, page: str) -> str:
    response = client.get(page)
    close(response)
    return response.headers.get("ETag", "")


@with_collection
@pytest.mark.parametrize("prefix", ["", "/fr"])
def test_a_copy_from_before_a_withdrawal_is_not_said_to_be_good(client: Client, prefix: str) -> None:
    """Each way to the record, with the tag of the answer that still had it."""
    record = Record.objects.get(slug="trafficking-protocol")
    pages = [
        f"{prefix}/instruments/trafficking-protocol/",
        f"{prefix}/instruments/",
        f"{prefix}/search/?q=trafficking",
        f"{prefix}/topics/human-trafficking/",
        "/api/v1/instruments/trafficking-protocol/",
        "/api/v1/search/?q=trafficking",
        "/instruments/?format=atom",
        "/data/knowledge.jsonl",
        "/data/knowledge.zip",
        "/sitemap.xml",
        "/oai?verb=Identify",
    ]
    tags = {page: tag_of(client, page) for page in pages}
    assert all(client.get(page, headers={"If-None-Match": tag}).status_code == 304 for page, tag in tags.items() if tag)
    Record.objects.filter(pk=record.pk).update(state=State.WITHDRAWN)
    for page, tag in tags.items():
        response = client.get(page, headers={"If-None-Match": tag})
        assert response.status_code in (200, 410), page
        assert "Trafficking Protocol" not in text_of(response), page
