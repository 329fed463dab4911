"""`ingest_source`: one transaction, anchors kept, citations never silently elsewhere."""

import os
import signal
import subprocess
import sys
import time
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from governance.models import Change, Passage, Source
from tests.governance.texts import MOUNTAINS, cite, make_docx, make_source, make_topic, texts_of, write

pytestmark = pytest.mark.django_db


def ingest(code: str, path: Path, **options) -> str:
    out = StringIO()
    call_command("ingest_source", code, str(path), stdout=out, **options)
    return out.getvalue()


@pytest.fixture
def source() -> Source:
    return make_source()


@pytest.fixture
def brought_in(source: Source, tmp_path: Path) -> Source:
    ingest("T1", write(tmp_path, "first.txt", MOUNTAINS))
    return source


def test_paragraphs_are_numbered_from_one(source: Source, tmp_path: Path) -> None:
    said = ingest("t1", write(tmp_path, "text.md", f"# Mills\n\n{MOUNTAINS}"))
    assert texts_of(source) == {
        1: "# Mills", 2: "Rivers join below the old bridge.", 3: "The mill has three wheels.",
        4: "Nobody counts the swallows.",
    }  # fmt: skip
    assert "T1: 4 paragraphs (3 body, 1 heading)" in said
    assert "new: 1–4" in said


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.txt", MOUNTAINS), ("a.html", "".join(f"<p>{p}</p>" for p in MOUNTAINS.split("\n\n"))),
        ("a.docx", make_docx(*MOUNTAINS.strip().split("\n\n"))),
    ],
)  # fmt: skip
def test_every_format_gives_the_same_paragraphs(
    name: str, content: str | bytes, source: Source, tmp_path: Path
) -> None:
    ingest("T1", write(tmp_path, name, content))
    assert list(texts_of(source).values()) == MOUNTAINS.strip().split("\n\n")


def test_a_dry_run_writes_nothing(source: Source, tmp_path: Path) -> None:
    said = ingest("T1", write(tmp_path, "text.txt", MOUNTAINS), dry_run=True)
    assert "3 paragraphs (3 body), nothing written" in said
    assert not Passage.objects.exists()


def test_what_the_record_says_makes_the_kind(source: Source, tmp_path: Path) -> None:
    source.residue, source.footnotes, source.joined = [2], [3], [[1, 4]]
    source.save()
    said = ingest("T1", write(tmp_path, "text.txt", MOUNTAINS + "\n\nA fourth.\n"))
    assert "(2 body, 1 footnote, 1 residue)" in said
    passages = list(Passage.objects.order_by("number"))
    assert [(p.kind, p.joined_with) for p in passages] == [
        ("body", (4,)), ("residue", ()), ("footnote", ()), ("body", (1,)),
    ]  # fmt: skip


def test_running_heads_are_proposed_and_kept(source: Source, tmp_path: Path) -> None:
    text = "".join(f"Journal {n}\n\nWords of part {n} and more\n\n" for n in "123")
    said = ingest("T1", write(tmp_path, "text.txt", text))
    assert "may be page residue: 1, 3, 5 comes back like a running head (“Journal 1”)" in said
    assert len(texts_of(source)) == 6


def test_the_same_text_again_writes_nothing(brought_in: Source, tmp_path: Path) -> None:
    before = Change.objects.count(), list(Passage.objects.values_list("pk", flat=True))
    assert "The text is as it was." in ingest("T1", write(tmp_path, "again.txt", MOUNTAINS.replace("\n", "\r\n")))
    assert (Change.objects.count(), list(Passage.objects.values_list("pk", flat=True))) == before


def test_an_inserted_paragraph_leaves_the_other_numbers_alone(brought_in: Source, tmp_path: Path) -> None:
    cite(make_topic(), brought_in, 2, "three wheels")
    said = ingest("T1", write(tmp_path, "newer.txt", f"A preface.\n\n{MOUNTAINS}"))
    assert texts_of(brought_in) == {
        4: "A preface.", 1: "Rivers join below the old bridge.", 2: "The mill has three wheels.",
        3: "Nobody counts the swallows.",
    }  # fmt: skip
    assert "new: 4" in said
    assert "same words and number at another place: 1–3" in said


def test_a_cited_paragraph_keeps_its_words_unless_forced(brought_in: Source, tmp_path: Path) -> None:
    cite(make_topic(), brought_in, 2, "three wheels")
    newer = write(tmp_path, "newer.txt", MOUNTAINS.replace("three", "four").replace("swallows", "crows"))
    out = StringIO()
    with pytest.raises(CommandError, match="1 citations would come to point at other words; nothing was written"):
        call_command("ingest_source", "T1", str(newer), stdout=out)
    assert "its words change: T1.2 'three wheels' in topic/mills /summary" in out.getvalue()
    assert texts_of(brought_in)[3] == "Nobody counts the swallows."
    assert "its words change: T1.2" in ingest("T1", newer, force=True)
    assert texts_of(brought_in)[2] == "The mill has four wheels."


def test_a_cited_paragraph_does_not_go_unless_forced(brought_in: Source, tmp_path: Path) -> None:
    cite(make_topic(), brought_in, 3)
    shorter = write(tmp_path, "shorter.txt", "\n\n".join(MOUNTAINS.split("\n\n")[:2]))
    with pytest.raises(CommandError, match="1 citations"):
        ingest("T1", shorter)
    assert "removed: 3" in ingest("T1", shorter, force=True)
    assert list(texts_of(brought_in)) == [1, 2]


def test_a_text_can_be_numbered_anew(brought_in: Source, tmp_path: Path) -> None:
    newer = write(tmp_path, "newer.txt", f"A preface.\n\n{MOUNTAINS}")
    ingest("T1", newer)
    ingest("T1", newer, renumber=True)
    assert list(texts_of(brought_in)) == [1, 2, 3, 4]
    assert texts_of(brought_in)[1] == "A preface."


def test_renumbering_does_not_pull_words_from_under_a_citation(brought_in: Source, tmp_path: Path) -> None:
    cite(make_topic(), brought_in, 2)
    with pytest.raises(CommandError, match="1 citations"):
        ingest("T1", write(tmp_path, "newer.txt", f"A preface.\n\n{MOUNTAINS}"), renumber=True)


def test_every_write_is_in_the_change_log(source: Source, tmp_path: Path) -> None:
    def log() -> list[tuple[str, int]]:
        rows = Change.objects.filter(table="governance_passage", record_id=source.pk).order_by("id")
        return list(rows.values_list("op", "record_id"))

    ingest("T1", write(tmp_path, "a.txt", MOUNTAINS))
    assert log() == [("I", source.pk)] * 3
    ingest(
        "T1", write(tmp_path, "b.txt", MOUNTAINS.replace("three", "four").replace("Nobody counts the swallows.", ""))
    )
    assert log()[3:] == [("D", source.pk), ("U", source.pk)]


@pytest.mark.parametrize(
    ("code", "name", "message"),
    [
        ("T9", "a.txt", "There is no source with the code T9."),
        ("T1", "a.pdf", "content is plain text"),
        ("T1", "b.txt", "cannot be opened"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_written(
    code: str, name: str, message: str, source: Source, tmp_path: Path
) -> None:
    if name != "b.txt":
        write(tmp_path, name, MOUNTAINS)
    with pytest.raises(CommandError, match=message):
        ingest(code, tmp_path / name)
    assert not Passage.objects.exists()


def database_url() -> str:
    """The address of the test database, for another process."""
    given = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{given['NAME']}"
    place = f"{given['HOST']}:{given['PORT']}" if given["PORT"] else given["HOST"].replace("/", "%2F")
    return f"postgres://{given['USER']}:{given['PASSWORD']}@{place}/{given['NAME']}"


@pytest.mark.django_db(transaction=True)
def test_a_killed_ingest_leaves_nothing_half_written(source: Source, tmp_path: Path) -> None:
    path = write(tmp_path, "long.txt", "\n\n".join(f"Paragraph {n} of many." for n in range(90_000)))
    process = subprocess.Popen(
        [sys.executable, "manage.py", "ingest_source", "T1", str(path)],
        cwd=settings.BASE_DIR, stdout=subprocess.PIPE, text=True,
        env=os.environ | {"DATABASE_URL": database_url(), "DJANGO_SETTINGS_MODULE": "governance.settings"},
    )  # fmt: skip
    assert process.stdout
    for line in process.stdout:
        if "paragraphs written" in line:
            break
    else:
        pytest.fail("it ended before it could be killed")
    process.send_signal(signal.SIGKILL)
    process.stdout.close()
    assert process.wait() == -signal.SIGKILL
    deadline = time.monotonic() + 10  # a server takes a moment to see that its client is gone
    while Passage.objects.exists() and time.monotonic() < deadline:
        time.sleep(0.1)
    assert Passage.objects.count() == 0
    assert not Change.objects.filter(table="governance_passage", record_id=source.pk).exists()
    assert "3 paragraphs" in ingest("T1", write(tmp_path, "short.txt", MOUNTAINS))
