"""A small body of knowledge whose every version can be told: `python -m tests.drills.knowledge` loads it.

Version v of agreement n says so in its title, its summary and its provisions, so that half of one version would show.
"""

import sys
from collections.abc import Iterator

AGREEMENTS = 40
PROVISIONS = 3


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


def agreement(number: int, version: int) -> dict:
    title = f"Agreement {number} in version {version}"
    provision = {"principles": [{"slug": "solidarity", "strength": "explicit"}], "cite": ["S9.2"]}
    return {
        "type": "instrument", "slug": f"agreement-{number}", "title": title, "kind": "treaty", "level": "global",
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
    from governance.knowledge import dump_many
    from governance.models import Record

    slugs = [f"agreement-{number}" for number in numbers or range(AGREEMENTS)]
    records = {record.slug: record for record in Record.objects.filter(type="instrument", slug__in=slugs)}
    return [_version(document) for document in dump_many([records[slug] for slug in slugs], public=False)]


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


if __name__ == "__main__":
    import django

    django.setup()
    load(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
