"""A small body of knowledge whose every version can be told: `python -m tests.drills.knowledge` makes a site of it,
with `--fixtures` of all of the real one beside it.

Version v of agreement n says so in its title, its summary and its provisions, so that half of one version would show.
"""

import sys
from collections.abc import Iterator

AGREEMENTS = 40
PROVISIONS = 3
IMPORTED = 8  # drafts that come from a file
PARAGRAPHS = 60
CURATORS = 16  # as many as the greatest crowd has
CURATORS_FILE = "curators.json"


def ground() -> list[dict]:
    """What the agreements rest on."""
    cite = ["S9.1"]
    return [
        {"type": "source", "slug": "S9", "title": "A drilled source", "kind": "reference", "rights": "open"},
        {"type": "level", "slug": "global", "title": "Global level", "position": "1"},
        {"type": "principle", "slug": "solidarity", "title": "Solidarity", "kind": "principle", "summary":
            {"value": "Helping each other.", "cite": cite}},
        {"type": "country", "slug": "MA", "title": "Morocco", "iso2": "MA", "iso3": "MAR"},
    ]  # fmt: skip


def agreement(number: int, version: int, stem: str = "agreement") -> dict:
    title = f"Agreement {number} in version {version}"
    provision = {"principles": [{"slug": "solidarity", "strength": "explicit"}], "cite": ["S9.2"]}
    return {
        "type": "instrument", "slug": f"{stem}-{number}", "title": title, "kind": "treaty", "level": "global",
        "summary": {"value": f"What was agreed under number {number}, in version {version}.", "cite": ["S9.1"]},
        "names": [{"text": f"drill {number} {version}", "kind": "alias", "language": "en", "cite": ["S9.1"]}],
        "participation": [{"party": "country/MA", "act": "party", "cite": ["S9.1"]}],
        "principles": [{"slug": "solidarity", "cite": ["S9.1"]}],
        "provisions": [
            {"label": f"Article {n}", "gist": f"The gist of version {version}.", **provision}
            for n in range(1, PROVISIONS + 1)
        ],
    }  # fmt: skip


def whole(version: int) -> Iterator[dict]:
    """All documents, the agreements in one version."""
    yield from ground()
    yield from (agreement(number, version) for number in range(AGREEMENTS))


def versions(*numbers: int) -> list[int]:
    """The versions of agreements that are stored, of all in order when none is named; fails where one is of several
    versions, or rows stand twice."""
    return _versions([f"agreement-{number}" for number in numbers or range(AGREEMENTS)])


def _versions(slugs: list[str]) -> list[int]:
    from governance.knowledge import dump_many
    from governance.models import Record

    records = {record.slug: record for record in Record.objects.filter(type="instrument", slug__in=slugs)}
    found = [records[slug] for slug in slugs if slug in records]
    assert len(found) in (0, len(slugs)) or slugs[0].startswith("imported"), f"only {len(found)} of {len(slugs)}"
    return [_version(document) for document in dump_many(found, public=False)]


def _version(document: dict) -> int:
    version = int(document["title"].rpartition(" ")[2])
    expected = agreement(int(document["slug"].rpartition("-")[2]), version)
    assert document["summary"] == expected["summary"]["value"], document
    assert [item["text"] for item in document["names"]] == [expected["names"][0]["text"]], document
    assert [p["gist"] for p in document["provisions"]] == [p["gist"] for p in expected["provisions"]], document
    return version


def load(version: int = 0) -> None:
    """Load all of it by the command that loads the fixtures."""
    import tempfile
    from pathlib import Path

    from governance.knowledge.files import line
    from governance.knowledge.load import load as load_documents

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "knowledge.jsonl"
        path.write_text("".join(map(line, whole(version))))
        report = load_documents(path, force=True)
    assert not report.faults, report.faults


def import_file(version: int) -> None:
    """Bring in drafts, or change them, as `import_records FILE --apply` does: a record is a transaction of its own."""
    import tempfile
    from pathlib import Path

    from governance.importing.dryrun import Wishes, dry_run, file_digest
    from governance.importing.run import run, store
    from governance.knowledge.files import line
    from governance.models import Import

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "imported.jsonl"
        path.write_text("".join(line(agreement(number, version, "imported")) for number in range(IMPORTED)))
        found = dry_run(path, Wishes())
        assert not found.plan.faults, found.plan.faults
        batch = store(found.plan, Import(file_name=path.name, digest=file_digest(path), table_type=found.table_type))
    run(batch)


def imported_versions() -> list[int]:
    """The versions of the imported drafts that are there."""
    return _versions([f"imported-{number}" for number in range(IMPORTED)])


def ingest(version: int) -> None:
    """Take in the text of the source in one version, as `ingest_source` does: all of it or nothing."""
    import tempfile
    from pathlib import Path

    from governance.ingest.process import parse
    from governance.ingest.store import ingest as store_text
    from governance.models import Source

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "text.txt"
        path.write_text("\n\n".join(f"Paragraph {n} in version {version}" for n in range(1, PARAGRAPHS + 1)))
        blocks = parse(path)
    store_text(Source.objects.get(slug="S9"), blocks, force=True)


def text_version() -> int:
    """The version of the source's text, 0 where there is none; fails where it is of several versions."""
    from governance.models import Passage

    found = list(Passage.objects.filter(source__slug="S9").order_by("position").values_list("text", flat=True))
    version = int(found[0].rpartition(" ")[2]) if found else 0
    assert not found or found == [f"Paragraph {n} in version {version}" for n in range(1, PARAGRAPHS + 1)], found
    return version


def curators() -> None:
    """Accounts that may publish and are signed in, and the keys of the records: for `traffic.curators`."""
    import json

    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
    from django.contrib.sessions.backends.db import SessionStore

    from governance.models import Record

    sessions = []
    for number in range(CURATORS):
        user = get_user_model().objects.create_superuser(f"curator-{number}", password=None)
        session = SessionStore()
        session[SESSION_KEY], session[BACKEND_SESSION_KEY] = user.pk, settings.AUTHENTICATION_BACKENDS[-1]
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.create()
        sessions.append(session.session_key)
    keys = dict(Record.objects.values_list("slug", "pk"))
    (settings.DATA_DIR / CURATORS_FILE).write_text(json.dumps({"sessions": sessions, "keys": keys}))


def make(fixtures: bool) -> None:
    """All of an instance but its static files, in one process."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    if fixtures:
        call_command("load_knowledge", verbosity=0)
    load()
    curators()
    call_command("search_rebuild")


if __name__ == "__main__":
    import django

    django.setup()
    make("--fixtures" in sys.argv)
