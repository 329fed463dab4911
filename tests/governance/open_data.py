"""A small knowledge base for tests of exports: everything has a neighbour that nobody may see, named “unseen”."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management import call_command
from django.db.models import Model

from governance.knowledge import apply
from governance.knowledge.apply import keep
from governance.models import Change, Decision, FormerSlug, Record
from governance.models.vocabulary import State

HOSTILE = '=HYPERLINK("http://evil.example")'
UNSEEN = "unseen"  # in every text that must not get out

DOCUMENTS = (
    {"type": "level", "slug": "global", "title": "Global level"},
    {"type": "level", "slug": "unseen-level", "title": "Unseen level", "state": "draft"},
    {
        "type": "source",
        "slug": "S4",
        "title": "Background note",
        "kind": "background-note",
        "author": "M. Perera",
        "publisher": "IOM",
        "date_stated": "2023-05",
        "address": "https://example.org/note",
        "rights": "open",
    },
    {"type": "source", "slug": "R9", "title": "Unseen source", "kind": "reference", "state": "draft"},
    {"type": "country", "slug": "MA", "title": "Morocco", "iso2": "MA", "iso3": "MAR", "m49": "504", "region": "015"},
    {"type": "country", "slug": "DK", "title": "Denmark", "iso2": "DK", "iso3": "DNK", "m49": "208", "region": "154"},
    {
        "type": "principle",
        "slug": "non-refoulement",
        "title": "Non-refoulement",
        "kind": "principle",
        "summary": {"value": "Nobody is sent back to danger.", "cite": ["S4.1"]},
        "names": [
            {"text": "sending people back", "kind": "plain"},
            {"text": "Principe de non-refoulement", "language": "fr", "kind": "official"},
        ],
    },
    {
        "type": "principle",
        "slug": "unseen-principle",
        "title": "Unseen principle",
        "kind": "principle",
        "state": "draft",
    },
    {
        "type": "topic",
        "slug": "asylum",
        "title": "Asylum",
        "kind": "theme",
        "summary": {"value": 'Protection "abroad"\\.', "cite": ["S4.2"]},
    },
    {
        "type": "topic",
        "slug": "appeal",
        "title": "Appeal",
        "kind": "theme",
        "parent": "asylum",
        "summary": {"value": "A second look.", "cite": ["S4.2"]},
    },
    {"type": "topic", "slug": "unseen-topic", "title": "Unseen topic", "kind": "theme", "state": "draft"},
    {
        "type": "actor",
        "slug": "general-assembly",
        "title": "UN General Assembly",
        "kind": "un-body",
        "level": "global",
        "website": "https://www.un.org/en/ga/",
        "summary": {"value": "All Member States.", "cite": ["S4.3"]},
        "dates": [{"event": "established", "value": "1945-10-24", "cite": ["S4.3"]}],
        "participation": [{"party": "country/MA", "act": "member", "from": "1956-11-12", "cite": ["S4.3"]}],
    },
    {"type": "actor", "slug": "unseen-actor", "title": "Unseen actor", "kind": "network", "state": "draft"},
    {
        "type": "instrument",
        "slug": "refugee-convention",
        "title": "Refugee Convention",
        "kind": "convention",
        "level": {"value": "global", "cite": ["S4.4", "R9"]},
        "binding": {"value": "binding", "cite": ["S4.4"]},
        "summary": {"value": "Who is a refugee & what 100% of States owe {them}.", "cite": ["S4.4"]},
        "names": [
            {"text": "Convention relating to the Status of Refugees", "kind": "official"},
            {"text": "الاتفاقية الخاصة بوضع اللاجئين", "language": "ar", "kind": "official"},
            {"text": "CSR51", "kind": "abbreviation"},
        ],
        "identifiers": [{"scheme": "unts", "value": "189 UNTS 137"}, {"scheme": "mtdsg", "value": "V-2"}],
        "dates": [{"event": "in-force", "value": "1954-04-22"}, {"event": "adopted", "value": "1951-07-28"}],
        "provisions": [
            {
                "label": "Article 33",
                "heading": "Prohibition of return",
                "gist": "Nobody is returned to danger.",
                "cite": ["S4.5"],
                "principles": [
                    {"slug": "unseen-principle", "cite": ["S4.6"]},
                    {"slug": "non-refoulement", "strength": "explicit", "cite": ["S4.7"]},
                ],
            }
        ],
        "principles": [
            {"slug": "unseen-principle", "cite": ["S4.8"]},
            {"slug": "non-refoulement", "strength": "explicit", "cite": ["S4.9"]},
        ],
        "topics": [{"slug": "unseen-topic"}, {"slug": "asylum", "cite": ["S4.10"]}],
        "participation": [
            {"party": "actor/unseen-actor", "act": "party"},
            {"party": "country/MA", "act": "party", "from": "1956-11-07", "cite": ["S4.11"]},
            {"party": "country/DK", "act": "party", "from": "1952-12-04", "until": "2015-03-01"},
        ],
        "relations": [
            {"predicate": "follows", "to": "instrument/unseen-pact"},
            {"predicate": "adopted-by", "to": "actor/general-assembly", "cite": ["S4.12"]},
        ],
        "caveats": [
            {"kind": "dating", "field": "/relations/1", "text": "A conference adopted it.", "cite": ["S4.13", "R9"]}
        ],
    },
    {
        "type": "instrument",
        "slug": "hostile",
        "title": HOSTILE,
        "kind": "declaration",
        "level": "global",
        "binding": "non-binding",
        "summary": {"value": '+1, "quoted",\nand a line', "cite": ["S4.14"]},
        "names": [{"text": "@SUM(A1)", "kind": "official"}],
        "dates": [{"event": "adopted", "value": "2005~"}],
    },
    {"type": "instrument", "slug": "unseen-pact", "title": "Unseen pact", "kind": "treaty", "state": "draft"},
    {
        "type": "instrument",
        "slug": "old-pact",
        "title": "Old pact",
        "kind": "treaty",
        "summary": {"value": "Words of the old pact.", "cite": ["S4.15"]},
        "provisions": [{"label": "Article 1", "gist": "Words of its article."}],
    },
    {
        "type": "event",
        "slug": "forum",
        "title": "Forum",
        "kind": "forum",
        "place": "Marrakesh",
        "summary": {"value": "They met.", "cite": ["S4.16"]},
        "dates": [{"event": "held", "value": "2018-12-05/2018-12-07"}],
        "participation": [{"party": "country/MA", "act": "host"}],
    },
    {
        "type": "practice",
        "slug": "mobility",
        "title": "Mobility scheme",
        "kind": "case-study",
        "place": "Rabat",
        "summary": {"value": "A scheme.", "cite": ["S4.17"]},
    },
)


def load() -> None:
    """Make the knowledge base: the documents, a withdrawn record, a renamed one, a proposal that waits for review."""
    for document in DOCUMENTS:
        if document["slug"] != "refugee-convention":
            apply(document)
    apply(next(d for d in DOCUMENTS if d["slug"] == "refugee-convention"))
    # No form takes a control character; what came by another way must not break a format either.
    Record.objects.filter(slug="hostile").update(summary='+1, "quoted",\nand a line \u0007bell')
    withdraw(find("instrument", "old-pact"))
    rename(find("topic", "appeal"), "appeals")
    convention = find("instrument", "refugee-convention")
    proposed = {**convention.revisions.first().document, "summary": "Unseen proposal", "title": "Unseen title"}
    keep(convention, proposed, decision=Decision.PENDING)


@contextmanager
def loaded(blocker) -> Iterator[None]:
    """Load once for a module, and for good: on PostgreSQL the rows of a transaction that is open count in no log.

    What a test writes is rolled back. One that wants to find what it wrote in the log commits it
    (`django_db(transaction=True)`); the tables are empty after it, and filled again by `load_unless_loaded`.
    """
    with blocker.unblock():
        try:
            load()
            settle()
            yield
        finally:
            # As Django empties them after a test: numbers once given are not given again.
            call_command("flush", interactive=False, verbosity=0, reset_sequences=False)


def load_unless_loaded() -> None:
    """For each test, beside `loaded` for its module."""
    if not Record.objects.exists():
        load()


def settle() -> None:
    """Wait until the log's last rows count: on PostgreSQL when no older transaction runs in the server."""
    until = time.monotonic() + 120
    while Change.objects.order_by("xid", "id").last() != Change.objects.settled().last():
        assert time.monotonic() < until, "a transaction has been open for two minutes"
        time.sleep(0.05)


def find(type_: str, slug: str) -> Record:
    return Record.objects.get(type=type_, slug=slug)


def withdraw(record: Model) -> None:
    Record.objects.filter(pk=record.pk).update(state=State.WITHDRAWN)


def rename(record: Record, slug: str) -> None:
    FormerSlug.objects.create(type=record.type, slug=record.slug, record=record)
    Record.objects.filter(pk=record.pk).update(slug=slug)


def body(response) -> str:
    """The text of an answer, streamed or not."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return content.decode()
