"""Drafts nobody may see, addresses that moved, records that were withdrawn."""

import re

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission

from governance.knowledge import apply
from governance.models import (
    Caveat,
    Citation,
    FormerSlug,
    Level,
    Participation,
    PrincipleTag,
    Record,
    Relation,
    TopicTag,
)
from governance.models.vocabulary import PLURALS, State, Type
from instruments.models import Provision, ProvisionPrinciple

pytestmark = pytest.mark.django_db
SECRET = "Zyzzogeton"


@pytest.fixture
def drafts(db, small_world):
    """A draft of every type, tied to what is published in every way there is."""
    made = {}
    for type_ in Type:
        document = {"type": type_.value, "slug": f"{SECRET}-{type_}".lower(), "title": f"{SECRET} {type_}"}
        if type_ == Type.COUNTRY:
            document |= {"slug": "ZZ", "iso2": "ZZ", "region": "015", "m49": "999"}
        if type_ == Type.SOURCE:
            document |= {"slug": SECRET}
        kinds = {"instrument": "plan", "actor": "commission", "principle": "approach", "topic": "challenge",
                 "event": "session", "practice": "case-study", "source": "blog-article"}  # fmt: skip
        if type_ in kinds:
            document["kind"] = kinds[type_]
        made[type_] = apply(document, state=State.DRAFT).record
    tie(small_world, made)
    return made


def tie(small_world, drafts) -> None:
    treaty, process = small_world["instrument/a-treaty"], small_world["actor/a-process"]
    for party in (drafts[Type.COUNTRY], drafts[Type.ACTOR]):
        Participation.objects.create(record=process, party=party, act="member")
    Participation.objects.create(record=drafts[Type.ACTOR], party=small_world["country/MA"], act="member")
    Participation.objects.create(record=drafts[Type.INSTRUMENT], party=small_world["country/NE"], act="party")
    Relation.objects.create(record=treaty, target=drafts[Type.INSTRUMENT], predicate="supplements")
    Relation.objects.create(record=drafts[Type.EVENT], target=treaty, predicate="reviews")
    PrincipleTag.objects.create(record=treaty, principle_id=drafts[Type.PRINCIPLE].pk)
    TopicTag.objects.create(record=treaty, topic_id=drafts[Type.TOPIC].pk)
    PrincipleTag.objects.create(record=drafts[Type.PRACTICE], principle_id=small_world["principle/solidarity"].pk)
    TopicTag.objects.create(record=drafts[Type.EVENT], topic_id=small_world["topic/asylum"].pk)
    Citation.objects.create(record=treaty, field="/binding", source_id=drafts[Type.SOURCE].pk, paragraph=3)
    Citation.objects.create(record=drafts[Type.PRACTICE], field="", source_id=small_world["source/S4"].pk, quote=SECRET)
    Caveat.objects.create(record=drafts[Type.EVENT], kind="doubtful", text=SECRET)
    provision = Provision.objects.create(
        instrument_id=drafts[Type.INSTRUMENT].pk, slug="article-9", label=f"{SECRET} 9"
    )
    ProvisionPrinciple.objects.create(provision=provision, principle_id=small_world["principle/solidarity"].pk)
    article = Provision.objects.get(instrument_id=treaty.pk)
    ProvisionPrinciple.objects.create(provision=article, principle_id=drafts[Type.PRINCIPLE].pk, position=1)
    Record.objects.filter(slug="a-practice").update(level=drafts[Type.LEVEL].pk)
    Level.objects.filter(slug="regional").update(parent=drafts[Type.LEVEL].pk)
    Record.objects.filter(pk__in=[drafts[t].pk for t in (Type.INSTRUMENT, Type.ACTOR, Type.EVENT)]).update(
        level=small_world["level/global"].pk
    )


def pages(small_world) -> list[str]:
    lists = [f"/{plural}/" for plural in PLURALS.values()]
    records = [record.get_absolute_url() for record in small_world.values()]
    others = ["/", "/disputed/", "/compare/", "/participation/", "/sitemap.xml", "/instruments/a-treaty/article-1/",
              "/compare/?a=instrument/a-treaty"]  # fmt: skip
    return [*lists, *records, *others]


def body(response) -> str:
    return (b"".join(response) if response.streaming else response.content).decode()


def test_no_page_and_no_count_tells_of_a_draft(client, small_world, drafts):
    before = {}
    for path in pages(small_world):
        before[path] = body(client.get(path))
        assert SECRET.lower() not in before[path].lower(), path
        assert '"/countries/ZZ/"' not in before[path], path
    for draft in drafts.values():
        Citation.objects.filter(source=draft.pk).delete()
        Participation.objects.filter(party=draft.pk).delete()
        Relation.objects.filter(target=draft.pk).delete()
        PrincipleTag.objects.filter(principle=draft.pk).delete()
        TopicTag.objects.filter(topic=draft.pk).delete()
        ProvisionPrinciple.objects.filter(principle=draft.pk).delete()
        Level.objects.filter(parent=draft.pk).update(parent=None)
        Record.objects.filter(level=draft.pk).update(level=None)
    for draft in reversed(drafts.values()):
        draft.delete()
    for path, shown in before.items():
        if not path.startswith("/sitemap"):
            assert body(client.get(path)) == shown, path


def test_no_data_tells_of_a_draft(client, small_world, drafts):
    for path in [*pages(small_world), "/data/knowledge.jsonl"]:
        if path not in ("/", "/disputed/", "/sitemap.xml", "/compare/"):
            given = body(client.get(path, headers={"Accept": "application/json"}))
            assert SECRET.lower() not in given.lower(), path
            assert '"ZZ"' not in given, path


@pytest.mark.parametrize("type_", Type)
def test_the_address_of_a_draft_says_what_any_unknown_address_says(client, drafts, type_):
    draft, unknown = client.get(drafts[type_].get_absolute_url()), client.get(f"/{PLURALS[type_]}/unheard-of/")
    assert draft.status_code == unknown.status_code == 404
    same = [
        re.sub(r"unheard(-|%20| )of|zyzz\w+(-|%20| )\w+|ZZ|Zyzzogeton", "", r.content.decode())
        for r in (draft, unknown)
    ]
    assert same[0] == same[1]


@pytest.mark.parametrize("name", ["level", "principle", "topic", "actor", "country", "source"])
def test_a_draft_cannot_be_filtered_by(client, drafts, name):
    answer = client.get("/instruments/", {name: drafts[name].slug, "format": "json"})
    assert answer.status_code == 400


def test_a_curator_sees_drafts_and_that_they_are_drafts(client, drafts):
    curator = get_user_model().objects.create_user("curator")
    curator.user_permissions.add(Permission.objects.get(codename="view_record"))
    client.force_login(curator)
    html = client.get(drafts[Type.INSTRUMENT].get_absolute_url()).content.decode()
    assert SECRET in html
    assert '<li class="facts__state">Draft</li>' in html


def test_a_former_slug_leads_to_the_new_one_for_ever(client, small_world):
    FormerSlug.objects.create(type=Type.INSTRUMENT, slug="old-name", record=small_world["instrument/a-treaty"])
    for former, now in (
        ("/instruments/old-name/", "/instruments/a-treaty/"),
        ("/instruments/OLD-NAME/?format=json", "/instruments/a-treaty/?format=json"),
        ("/instruments/old-name/article-1/", "/instruments/a-treaty/article-1/"),
    ):
        response = client.get(former)
        assert (response.status_code, response["Location"]) == (301, now)


def test_another_case_of_letters_leads_to_the_right_one(client, small_world):
    for other, right in (("/countries/ma/", "/countries/MA/"), ("/instruments/A-Treaty/", "/instruments/a-treaty/")):
        response = client.get(other)
        assert (response.status_code, response["Location"]) == (301, right)


def test_what_was_withdrawn_keeps_a_tombstone_without_its_content(client, small_world):
    Record.objects.filter(slug="a-treaty").update(state=State.WITHDRAWN)
    FormerSlug.objects.create(type=Type.INSTRUMENT, slug="old-name", record=small_world["instrument/a-treaty"])
    for path in ("/instruments/a-treaty/", "/instruments/a-treaty/article-1/", "/instruments/old-name/"):
        page, given = client.get(path), client.get(path, {"format": "json"})
        assert page.status_code == given.status_code == 410
        assert "This record was withdrawn" in page.content.decode()
        assert "what was agreed" not in page.content.decode()
        assert given.json()["error"]["code"] == "gone"
    assert "A treaty" not in client.get("/instruments/").content.decode()


def test_an_address_with_a_former_slug_of_a_draft_is_not_found(client, drafts):
    FormerSlug.objects.create(type=Type.INSTRUMENT, slug="old-draft", record=drafts[Type.INSTRUMENT])
    assert client.get("/instruments/old-draft/").status_code == 404
