"""An ingested text is shown no further than its rights allow, in every channel."""

from io import StringIO

import pytest
from django.contrib.auth.models import AnonymousUser, Permission, User
from django.core.management import call_command
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from governance.ingest.blocks import Block
from governance.ingest.passages import reading_at
from governance.ingest.rights import LONGEST, Shown, _around, shown
from governance.ingest.store import ingest
from governance.models import Passage, Source
from governance.models.vocabulary import State
from tests.governance.texts import cite, make_source, make_topic

pytestmark = pytest.mark.django_db

CHANNELS = (
    "/sources/", "/sources/T1/?format=json", "/topics/mills/", "/topics/wheels/?format=json", "/data/knowledge.jsonl",
    "/api/v1/sources/T1/", "/api/v1/sources/", "/sitemap.xml", "/search/?q=mill", "/api/v1/search/?q=mill",
)  # fmt: skip
SECRET = "zanzibarine"
LONG = (
    f"The **mill** has three wheels. {'Words go on and on. ' * 30}Nobody counts the swallows. "
    f"{SECRET} {'More of it. ' * 30}"
)


def bring_in(rights: str, *texts: str, **fields) -> Passage:
    source = make_source(rights=rights, **fields)
    ingest(source, [Block(text) for text in texts or (LONG,)])
    return Passage.objects.get(source=source, number=1)


@pytest.fixture
def curator() -> User:
    user = User.objects.create_user("curator")
    user.user_permissions.add(Permission.objects.get(codename="view_record", content_type__app_label="governance"))
    return user


def test_an_open_text_is_shown_whole() -> None:
    found = shown(bring_in("open", "The **mill** has three wheels.<sup>1</sup>"), None)
    assert found == Shown("The mill has three wheels.¹", (), is_whole=True)


def test_nothing_of_a_private_text_is_shown(curator: User) -> None:
    passage = bring_in("private")
    cite(make_topic(), passage.source, 1, "three wheels")
    for user in (None, AnonymousUser(), curator):
        assert not shown(passage, user, around="swallows")


def test_of_a_text_with_snippets_only_what_was_asked_is_shown(curator: User) -> None:
    passage = bring_in("snippets")
    assert not shown(passage, None)
    assert not shown(passage, curator)
    found = shown(passage, None, around="swallows")
    assert "Nobody counts the swallows" in found.extract
    assert len(found.extract) <= LONGEST
    assert found.extract.startswith("…") and found.extract.endswith("…")
    assert not found.is_whole


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("counts the swallows", "swallows"), ("SWALLOWS", "swallows"), ("swallowing", "swallows"),
        ("mills and swallows", "swallows"), ("swållows", "swallows"), ("elephant", ""), ("", ""), ("¶ !", ""),
    ],
)  # fmt: skip
def test_what_was_asked_is_found_as_people_write_it(asked: str, expected: str) -> None:
    extract = shown(bring_in("snippets"), None, around=asked).extract
    assert (expected in extract) if expected else extract == ""


@given(text=st.text(max_size=900), asked=st.text(max_size=40))
def test_no_extract_is_longer_than_allowed(text: str, asked: str) -> None:
    assert len(_around(text, asked)) <= LONGEST
    assert len(_around(f"{text} {asked} {text}", asked)) <= LONGEST


def test_quoted_phrases_of_records_one_may_see_are_shown_in_the_order_of_the_text(curator: User) -> None:
    passage = bring_in("snippets")
    topic, draft = make_topic(), make_topic("draft", state=State.DRAFT)
    cite(topic, passage.source, 1, "counts the swallows")
    cite(topic, passage.source, 1, "mill has three wheels", field="/level")
    cite(topic, passage.source, 1, "three wheels", field="/dates/0")
    cite(topic, passage.source, 1, "words that do not stand there", field="/dates/1")
    cite(draft, passage.source, 1, SECRET)
    assert shown(passage, None).quotes == ("mill has three wheels", "counts the swallows")
    assert SECRET in shown(passage, curator).quotes


def test_of_a_source_one_may_not_see_nothing_is_shown(curator: User) -> None:
    passage = bring_in("open", state=State.DRAFT)
    assert not shown(passage, None)
    assert shown(passage, curator).is_whole


def test_joined_paragraphs_are_shown_as_one() -> None:
    source = make_source(rights="snippets", joined=[[1, 3]])
    ingest(source, [Block("A sentence cut by"), Block("a note"), Block("the end of its page.")])
    reading = reading_at(source, 3)
    assert reading
    assert shown(reading, None, around="cut by the end").extract == "A sentence cut by the end of its page."


def page(source: Source, user: User | None = None) -> str:
    client = Client()
    if user:
        client.force_login(user)
    response = client.get(source.get_absolute_url())
    assert response.status_code == 200
    return response.content.decode()


def test_the_page_of_an_open_source_has_its_text_with_anchors() -> None:
    source = make_source(rights="open", residue=[2], joined=[[1, 3]])
    ingest(source, [Block("First <b>words</b>"), Block("---"), Block("Last words\nin two lines")])
    topic = make_topic()
    cite(topic, source, 3, "Last words", stance="contradicts")
    cite(topic, source, None, field="/level")
    text = page(source)
    assert "First &lt;b&gt;words&lt;/b&gt;" in text
    assert "Last words<br>in two lines" in text
    assert text.count('id="p1"') == text.count('id="p2"') == text.count('id="p3"') == 1
    assert '<details class="paragraph paragraph--residue" id="p2">' in text
    assert "says otherwise" in text
    assert "The source as a whole" in text


@pytest.mark.parametrize("rights", ["snippets", "private"])
def test_no_channel_gives_words_beyond_the_rights(rights: str, curator: User) -> None:
    passage = bring_in(rights)
    cite(make_topic(), passage.source, 1, "three wheels")
    cite(make_topic("wheels"), passage.source, 1)
    channels = [page(passage.source), page(passage.source, curator)]
    for address in CHANNELS:
        response = Client().get(address)
        content = b"".join(response.streaming_content) if response.streaming else response.content
        channels.append(content.decode())
    for arguments in ((), ("--all",)):
        out = StringIO()
        call_command("dump_knowledge", *arguments, stdout=out)
        channels.append(out.getvalue())
    assert "/topics/mills/" in channels[0]
    for text in channels:
        assert SECRET not in text
        assert "Nobody counts" not in text


def test_a_long_text_shows_its_beginning_and_what_is_cited() -> None:
    source = make_source()
    ingest(source, [Block(f"Words {n}.") for n in range(1, 2101)])
    cite(make_topic(), source, 2077)
    text = page(source)
    assert 'id="p2000"' in text and 'id="p2077"' in text and 'id="p2001"' not in text
    assert "99 more paragraphs, on which nothing rests, are left out here." in text


def test_the_page_takes_a_constant_number_of_queries(django_assert_max_num_queries) -> None:
    source = make_source(rights="snippets")
    ingest(source, [Block(f"Words {n}.") for n in range(1, 101)])
    for n in range(1, 51):
        cite(make_topic(f"topic-{n}"), source, n, f"Words {n}")
    with django_assert_max_num_queries(60):
        page(source)
