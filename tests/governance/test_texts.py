"""The text of a source comes in through the admin: read aside, looked at, accepted by another, never shown before."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.utils import timezone

from governance import publishing
from governance.curation.heads import waiting_for_review
from governance.ingest import uploads
from governance.models import Passage, Revision, Source, TextUpload
from tests.governance.curating import make_user
from tests.governance.texts import MOUNTAINS, cite, make_source, make_topic, texts_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(settings, tmp_path: Path) -> dict:
    settings.MEDIA_ROOT = tmp_path / "uploads"
    people = {"amal": make_user("amal", "curator"), "rosa": make_user("rosa", "reviewer")}
    return people | {"source": make_source("T1", rights="open"), "folder": tmp_path / "uploads"}


def send(client, world: dict, content: str | bytes = MOUNTAINS, name: str = "text.txt", rights: str = "open"):
    client.force_login(world["amal"])
    file = SimpleUploadedFile(name, content.encode() if isinstance(content, str) else content)
    return client.post(f"/admin/texts/source/{world['source'].pk}/", {"file": file, "rights": rights}, follow=True)


def files(world: dict) -> list[Path]:
    return [path for path in world["folder"].rglob("*") if path.is_file()]


def test_paragraphs_are_shown_to_curators_before_a_reviewer_accepts_them(client, world):
    shown = send(client, world).content.decode()
    assert "3 paragraphs were read." in shown
    assert "The mill has three wheels." in shown
    assert "A reviewer accepts it." in shown
    assert not Passage.objects.exists()
    page = f"/admin/texts/{TextUpload.objects.get().pk}/"
    assert client.post(page, {"accept": "1"}).status_code == 400
    client.force_login(world["rosa"])
    client.post(page, {"accept": "1"})
    assert texts_of(world["source"])[2] == "The mill has three wheels."
    assert files(world) == []
    client.logout()
    assert "The mill has three wheels." in client.get("/sources/T1/").content.decode()


def test_a_file_that_is_gone_is_told_and_can_be_discarded(client, world):
    send(client, world)
    page = f"/admin/texts/{TextUpload.objects.get().pk}/"
    for path in files(world):
        path.unlink()
    client.force_login(world["rosa"])
    for answer in (client.get(page), client.post(page, {"accept": "1"})):
        assert answer.status_code == 400
        assert "text.txt cannot be opened: No such file" in answer.content.decode()
    client.force_login(world["amal"])
    assert client.post(page, {"discard": "1"}).status_code == 302
    assert not TextUpload.objects.exists()


def test_no_more_files_are_read_at_a_time_than_the_machine_can_hold(client, world):
    waiting = {"source": world["source"], "rights": "open", "author": world["amal"]}
    for _number in range(uploads.AT_A_TIME):
        TextUpload.objects.create(**waiting)
    answer = send(client, world)
    assert answer.status_code == 400
    assert "Several files are being read now." in answer.content.decode()
    TextUpload.objects.update(created=timezone.now() - timedelta(hours=1))
    assert send(client, world).status_code == 200


def test_a_file_is_read_again_by_those_who_may_bring_one_in(client, world):
    send(client, world)
    upload = TextUpload.objects.get()
    TextUpload.objects.update(state="reading", created=upload.created - timedelta(hours=1))
    onlooker = make_user("olga")
    onlooker.user_permissions.add(Permission.objects.get(codename="view_record"))
    client.force_login(onlooker)
    page = f"/admin/texts/{upload.pk}/"
    assert "no right to this" in client.post(page, {"again": "1"}).content.decode()
    client.force_login(world["amal"])
    client.post(page, {"again": "1"})
    upload.refresh_from_db()
    assert upload.state == "read"


def test_a_reviewer_does_not_accept_what_they_brought_in_unless_one_person_is_enough(client, world, settings):
    upload = uploads.receive(world["source"], SimpleUploadedFile("t.txt", MOUNTAINS.encode()), "open", world["rosa"])
    assert "another reviewer" in uploads.hindrance(upload, world["rosa"])
    settings.REVIEW = "one"
    assert uploads.hindrance(upload, world["rosa"]) == ""


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("text.exe", "MZ", "Choose a file that ends in: .txt"),
        ("text.txt", "", "The submitted file is empty."),
        ("text.pdf", "No page in it.", "but the content is plain text"),
        ("text.txt", b"\x00\x01\x02", "but the content is unknown binary data"),
        ("text.docx", b"PK\x03\x04nothing", "but the content is a zip archive"),
    ],
)
def test_what_is_no_text_is_refused_by_its_content_with_a_clear_word(client, world, name, content, message):
    answer = send(client, world, content, name)
    assert message in answer.content.decode()
    assert not Passage.objects.exists()
    assert files(world) == []


def test_a_file_over_the_limit_is_refused_before_it_is_kept(client, world, monkeypatch):
    monkeypatch.setattr(uploads.limits, "FILE_BYTES", 10)
    assert "more than 50 MB" in send(client, world).content.decode()
    assert not TextUpload.objects.exists()


def test_text_that_shall_be_shown_less_waits_until_the_rights_are_approved(client, world):
    shown = send(client, world, rights="private").content.decode()
    assert "Readers would see more of it than was chosen" in shown
    assert Source.objects.get().rights == "open"
    page = f"/admin/texts/{TextUpload.objects.get().pk}/"
    client.force_login(world["rosa"])
    client.post(page, {"accept": "1"})
    assert not Passage.objects.exists()
    publishing.approve(Revision.objects.get(decision="pending"), world["rosa"])
    client.post(page, {"accept": "1"})
    assert Source.objects.get().rights == "private"
    assert Passage.objects.count() == 3


def test_a_source_that_waits_for_review_goes_on_waiting_with_the_rights_that_were_chosen(client, world):
    draft = {"type": "source", "slug": "T2", "title": "Background note", "kind": "background-note"}
    world["source"] = publishing.create_draft(draft, world["amal"]).record
    publishing.submit(world["source"], world["amal"])
    shown = send(client, world, rights="private").content.decode()
    assert "The change of the rights waits for review" in shown
    assert waiting_for_review().get().document["rights"] == "private"


def test_a_newer_text_tells_what_changes_and_which_citations_would_break(client, world):
    send(client, world)
    uploads.accept(TextUpload.objects.get(), world["rosa"])
    cite(make_topic(), world["source"], 2, "three wheels")
    shown = send(client, world, MOUNTAINS.replace("three wheels", "four wheels")).content.decode()
    assert "1 citation would come to point at other words:" in shown
    newer = TextUpload.objects.latest("pk")
    client.force_login(world["rosa"])
    answer = client.post(f"/admin/texts/{newer.pk}/", {"accept": "1"})
    assert answer.status_code == 400
    assert "Nothing was written" in answer.content.decode()
    client.post(f"/admin/texts/{newer.pk}/", {"accept": "1", "force": "on"})
    assert texts_of(world["source"])[2] == "The mill has four wheels."


def test_a_discarded_file_leaves_nothing(client, world):
    send(client, world)
    client.post(f"/admin/texts/{TextUpload.objects.get().pk}/", {"discard": "1"})
    assert not TextUpload.objects.exists()
    assert files(world) == []


def test_a_large_file_is_read_beside_and_the_page_tells_how_far_it_is(client, world, monkeypatch):
    monkeypatch.setattr(uploads, "AT_ONCE", 10)
    started: list[TextUpload] = []
    monkeypatch.setattr(uploads, "start", started.append)
    shown = send(client, world).content.decode()
    assert "It is being read" in shown
    assert 'http-equiv="refresh"' in shown
    call_command("read_upload", started[0].pk)
    assert "3 paragraphs were read." in client.get(f"/admin/texts/{started[0].pk}/").content.decode()


def test_readers_and_logins_without_a_role_see_none_of_it(client, world):
    send(client, world)
    pages = (f"/admin/texts/source/{world['source'].pk}/", f"/admin/texts/{TextUpload.objects.get().pk}/")
    for user, status in ((None, 302), (make_user("nobody"), 403)):
        client.logout()
        if user:
            client.force_login(user)
        assert [client.get(page).status_code for page in pages] == [status, status]
