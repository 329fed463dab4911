"""The text of a record that an import goes on from, for many records at once: the open revision, or the rows."""

from collections.abc import Iterator
from dataclasses import dataclass

from governance.curation.heads import open_revision
from governance.knowledge import digest, dump_many, own
from governance.models import Decision, Record, Revision
from governance.models.vocabulary import State


@dataclass(frozen=True)
class Start:
    """`document` in its own form; `token` differs whenever it was edited, however that was done."""

    pk: int
    type: str
    slug: str
    title: str
    state: str
    document: dict
    token: str
    waiting: int | None


def starts(pks: list[int]) -> Iterator[Start]:
    """Yield where an edit of each record begins, in the order of the ids."""
    records = Record.objects.filter(pk__in=pks).order_by("pk")
    waiting = _open_revisions(pks)
    for record, dumped in zip(records, dump_many(records, public=False), strict=True):
        document, pending = own(dumped), waiting.get(record.pk)
        if pending and record.state not in (State.DRAFT, State.IN_REVIEW):
            document = {**pending.document, "slug": record.slug}
        token = f"{pending.pk if pending else 0}-{record.state}-{digest(document)[:16]}"
        number = pending.pk if pending else None
        yield Start(record.pk, record.type, record.slug, record.title, record.state, document, token, number)


def _open_revisions(pks: list[int]) -> dict[int, Revision]:
    """The revision that waits for its author or a reviewer, for each record that has one."""
    waits = Revision.objects.filter(record__in=pks, decision__in=(Decision.PENDING, Decision.SENT_BACK)).values(
        "record"
    )
    found = {record.pk: open_revision(record) for record in Record.objects.filter(pk__in=waits)}
    return {pk: revision for pk, revision in found.items() if revision is not None}
