"""Every role over every page of the admin, and over every step on every kind of record: a matrix made from the routes.

A route that no rule below speaks of fails; so does a step that does more, or less, than the rule of its name says.
"""

import re
from collections.abc import Iterator

import pytest
from django.db import transaction
from django.test import Client
from django.urls import NoReverseMatch, get_resolver, reverse
from django.urls.resolvers import URLPattern

from governance import publishing
from governance.curation.heads import open_revision
from governance.curation.record_admin import RecordAdmin
from governance.curation.steps import STEPS
from governance.models import Import, Record, Revision
from governance.models.vocabulary import State
from tests.governance.curating import agreement, form_data, make_user, make_world, publish

pytestmark = pytest.mark.django_db
ROLES = ("anonymous", "inactive", "stranger", "curator", "reviewer", "administrator")
STAFF = frozenset({"stranger", "curator", "reviewer", "administrator"})
CURATORS, REVIEWERS = STAFF - {"stranger"}, frozenset({"reviewer", "administrator"})
ADMINISTRATORS = frozenset({"administrator"})
RECORDS = "instruments_instrument|actors_actor|governance_(topic|principle|practice|event|level|country|source)"

PAGES = (  # name of a route → who may see it; the first that fits
    (rf"({RECORDS})_delete", frozenset()),
    (rf"({RECORDS})_(changelist|add|change|history|merge|{'|'.join(STEPS)})", CURATORS),
    ("auth_(user|group)_delete|governance_accountevent_(add|delete)|axes_.*", frozenset()),
    ("auth_user_.*|auth_group_.*|governance_accountevent_.*", ADMINISTRATORS),
    ("import|import_one|export|edit|review|review_one|reference|view_on_site|reports|care|text_of", CURATORS),
    ("index|password_change|password_change_done|second_factor|app_list", STAFF),
)
FOR_ALL = {"login", "logout", "jsi18n", "admin_password_reset"}
ELSEWHERE = {"preview", "autocomplete"}  # asked by POST, or only with parameters: below
OF_OTHERS = {"report_one", "care_one", "text_one"}  # of rows that are not in this world: in the tests of those pages


@pytest.fixture(scope="module")
def shared(django_db_setup, django_db_blocker) -> Iterator[tuple[dict, dict[str, Record]]]:
    """The people and the records, for all tests of this module; what a test does to them is rolled back."""
    with django_db_blocker.unblock(), transaction.atomic():
        people = make_people()
        yield people, make_records(people)
        transaction.set_rollback(True)


@pytest.fixture
def people(shared, db):
    return shared[0]


@pytest.fixture
def world(shared, db) -> dict[str, Record]:
    return shared[1]


def make_people() -> dict:
    made = {role: make_user(role, role if role in CURATORS else "") for role in ROLES[1:]}
    made["inactive"] = make_user("was", "administrator")
    made["inactive"].is_active = False
    made["inactive"].save()
    return made


def make_records(people) -> dict[str, Record]:
    """A record of every standing, each the curator's own or another's."""
    make_world()
    other, reviewer = make_user("other", "curator"), make_user("second", "reviewer")
    made = {}
    for whose, author in (("own", people["curator"]), ("other's", other)):
        slug = whose.replace("'", "")
        made[f"{whose} draft"] = publishing.create_draft(agreement(f"draft-{slug}"), author).record
        made[f"{whose} in review"] = publishing.create_draft(agreement(f"review-{slug}"), author).record
        publishing.submit(made[f"{whose} in review"], author)
        for kind in ("change", "change in review"):
            record = publish(agreement(f"{kind.replace(' ', '-')}-{slug}"), other, reviewer).record
            publishing.save_draft({**publishing.current(record), "title": "Another title"}, author)
            made[f"{whose} {kind}"] = record
        publishing.submit(made[f"{whose} change in review"], author)
    made["published"] = publish(agreement("published"), other, reviewer).record
    made["withdrawn"] = publish(agreement("withdrawn"), other, reviewer).record
    publishing.withdraw(made["withdrawn"], reviewer, "A duplicate.")
    return {name: Record.objects.get(pk=record.pk) for name, record in made.items()}


def signed_in(people, role: str) -> Client:
    client = Client()
    if role != "anonymous":
        client.force_login(people[role])
    return client


# Pages


def routes() -> Iterator[URLPattern]:
    admin = next(r for r in get_resolver().url_patterns if getattr(r, "namespace", "") == "admin")
    yield from _named(admin.url_patterns)


def _named(patterns) -> Iterator[URLPattern]:
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            if pattern.name:
                yield pattern
        else:
            yield from _named(pattern.url_patterns)


def who_may_see(name: str) -> frozenset[str] | None:
    return next((roles for rule, roles in PAGES if re.fullmatch(rule, name)), None)


def addresses(world: dict[str, Record], people) -> Iterator[tuple[str, str]]:
    """The page of each route, of a draft where it is a record's."""
    draft, revision = world["own draft"], Revision.objects.filter(record=world["own in review"]).first()
    batch = Import.objects.create(file_name="x.csv", state="done")
    ids = {
        "import_one": {"pk": batch.pk}, "edit": {"pk": draft.pk}, "review_one": {"pk": revision.pk},
        "view_on_site": {"content_type_id": _content_type(draft), "object_id": draft.pk},
        "app_list": {"app_label": "governance"}, "auth_user_password_change": {"id": people["curator"].pk},
    }  # fmt: skip
    for name in sorted({route.name for route in routes()} - FOR_ALL - ELSEWHERE - OF_OTHERS):
        try:
            yield name, reverse(f"admin:{name}", kwargs=ids.get(name))
        except NoReverseMatch:  # of one object
            pk = people["curator"].pk if name.startswith("auth_user") else draft.pk
            yield name, reverse(f"admin:{name}", args=(pk,))


def _content_type(record: Record) -> int:
    from django.contrib.contenttypes.models import ContentType

    return ContentType.objects.get_for_model(record).pk


def test_every_route_of_the_admin_has_a_rule() -> None:
    unspoken = {route.name for route in routes() if who_may_see(route.name) is None} - FOR_ALL - ELSEWHERE - OF_OTHERS
    assert not unspoken, "say above who may see it"


@pytest.mark.once
@pytest.mark.parametrize("role", ROLES)
def test_each_role_sees_its_own_pages_and_no_others(people, world, role: str) -> None:
    client = signed_in(people, role)
    for name, page in addresses(world, people):
        response = client.get(page)
        allowed = who_may_see(name) or frozenset()
        if role in ("anonymous", "inactive"):
            assert response.status_code == 302, f"{name}: {response.status_code}"
            assert response["Location"].startswith("/admin/login/"), f"{name}: {response['Location']}"
        elif role in allowed:
            assert response.status_code in (200, 302, 404), f"{name}: {response.status_code}"
            assert "/admin/login/" not in response.headers.get("Location", ""), name
        else:
            nothing_there = response.status_code == 302 and response["Location"] == "/admin/"
            assert response.status_code in (403, 404) or nothing_there, f"{name}: {response.status_code}"
            assert "draft-own" not in response.content.decode().replace(page, ""), name


@pytest.mark.parametrize("role", ROLES)
def test_what_is_asked_by_script_is_for_curators_too(people, world, role: str) -> None:
    client = signed_in(people, role)
    seen = 200 if role in CURATORS else 403 if role == "stranger" else 302
    assert client.post("/admin/preview/", {"text": "x"}).status_code == seen
    where = {"app_label": "governance", "model_name": "citation", "field_name": "source"}
    assert client.get("/admin/autocomplete/", where).status_code == seen


# Steps

WAITING = {"own in review", "other's in review", "own change in review", "other's change in review"}
UNSEEN = {"own draft", "other's draft", "own in review", "other's in review"}
DRAFTS = {"own draft", "other's draft", "own change", "other's change"}
CHANGES = {"own change", "other's change", "own change in review", "other's change in review"}


def may(role: str, step: str, name: str) -> bool:
    """The rule: who may take a step, and on what it can be taken at all."""
    own = role == "curator" and name.startswith("own")
    match step:
        case "save":
            return role in CURATORS and name != "withdrawn"
        case "submit" | "submit_selected":
            return role in CURATORS and name in DRAFTS
        case "withdraw" | "withdraw_selected":
            return role in REVIEWERS and name != "withdrawn"
        case "reopen":
            return role in ADMINISTRATORS and name == "withdrawn"
        case "discard":
            return name in CHANGES and (role in REVIEWERS or own)
        case "rename":
            return role in ADMINISTRATORS or (role in CURATORS and name in UNSEEN)
        case "approve" | "publish_selected" | "send back":
            return role in REVIEWERS and name in WAITING
        case "restore":
            return role in ADMINISTRATORS and name in CHANGES  # elsewhere the first revision says what stands
    raise AssertionError(step)


ACTIONS = ("submit_selected", "publish_selected", "withdraw_selected")
ONE_BY_ONE = ("save", *STEPS, "approve", "send back", "restore")
ALL_STEPS = (*ONE_BY_ONE, *ACTIONS)
BY_THE_LIST = ("own draft", "other's in review", "published")  # where the actions of the list are tried as well


def requests(step: str, record: Record, form: dict) -> tuple[str, dict]:
    """What a browser would send for a step."""
    here = f"/admin/instruments/instrument/{record.pk}"
    match step:
        case "save":
            return f"{here}/change/", {**form, "title": "A title that is new", "_save": "1"}
        case "approve" | "send back":
            revision = open_revision(record) or record.revisions.order_by("-number").first()
            back = {"comment": "Cite it.", "_send_back": "1"}
            return f"/admin/review/{revision.pk}/", {"comment": ""} if step == "approve" else back
        case "restore":
            return f"{here}/history/", {"restore": record.revisions.order_by("number").first().number}
        case "submit_selected" | "publish_selected" | "withdraw_selected":
            return "/admin/instruments/instrument/", {
                "action": step, "_selected_action": [record.pk], "apply": "1", "reason": "A duplicate.",
            }  # fmt: skip
    return f"{here}/{step}/", {"given": "another-address" if step == "rename" else "Because."}


@pytest.fixture(scope="module")
def forms(shared, django_db_blocker) -> dict[str, dict]:
    """The editor of each record, as somebody who may change it gets it."""
    people, world = shared
    with django_db_blocker.unblock(), transaction.atomic():
        editor = signed_in(people, "administrator")
        pages = {
            name: editor.get(f"/admin/instruments/instrument/{record.pk}/change/") for name, record in world.items()
        }
        transaction.set_rollback(True)
    return {name: form_data(page) for name, page in pages.items()}


def stand(record: Record) -> tuple:
    """All that a step could change."""
    fresh = Record.objects.get(pk=record.pk)
    revisions = record.revisions.order_by("number").values_list("number", "state", "decision", "reviewer")
    return fresh.state, fresh.slug, fresh.title, list(revisions)


def test_every_step_there_is_is_in_the_matrix() -> None:
    assert set(STEPS) <= set(ALL_STEPS)
    assert set(RecordAdmin.actions) == set(ACTIONS)


@pytest.mark.slow
@pytest.mark.once
@pytest.mark.parametrize("role", ROLES)
def test_each_role_takes_its_own_steps_and_no_others(people, world, forms, role: str) -> None:
    client = signed_in(people, role)
    client.get("/admin/")  # the session is noted as in use, as with everybody who comes to a step
    for name, record in world.items():
        before = stand(record)
        for step in ALL_STEPS if name in BY_THE_LIST else ONE_BY_ONE:
            with transaction.atomic():
                path, data = requests(step, record, forms[name])
                response = client.post(path, data)
                after = stand(record)
                transaction.set_rollback(True)
            assert response.status_code < 500, f"{step} on {name}"
            assert (after != before) == may(role, step, name), f"{step} on {name}: {before} → {after}"


def test_nobody_approves_what_they_wrote_whatever_their_role(people, world) -> None:
    for role in ("reviewer", "administrator"):
        record = publishing.create_draft(agreement(f"by-the-{role}"), people[role]).record
        revision = publishing.submit(record, people[role])
        signed_in(people, role).post(f"/admin/review/{revision.pk}/", {"comment": ""})
        assert Record.objects.get(pk=record.pk).state == State.IN_REVIEW


def test_fields_that_the_form_does_not_have_are_not_taken(people, world) -> None:
    """Mass assignment: a browser may send what it likes."""
    client, record = signed_in(people, "curator"), world["own draft"]
    path, data = requests("save", record, form_data(client.get(f"/admin/instruments/instrument/{record.pk}/change/")))
    more = {
        "state": "published",
        "slug": "taken-over",
        "id": "1",
        "author": people["reviewer"].pk,
        "decision": "approved",
        "reviewer": people["reviewer"].pk,
        "type": "actor",
        "updated": "2000-01-01",
        "is_superuser": "on",
    }
    client.post(path, data | {name: value for name, value in more.items() if name not in data} | {"state": "published"})
    fresh = Record.objects.get(pk=record.pk)
    assert (fresh.state, fresh.slug, fresh.type) == (State.DRAFT, "draft-own", "instrument")
    assert fresh.updated.year > 2000
    newest = fresh.revisions.order_by("-number").first()
    assert (newest.author, newest.reviewer, newest.state) == (people["curator"], None, State.DRAFT)
    client.post("/admin/password_change/", {"is_superuser": "on", "groups": "3"})
    people["curator"].refresh_from_db()
    assert not people["curator"].is_superuser
