"""The start page of the admin: what waits for whoever has signed in."""

from django.db.models import Q

from governance.curation import roles
from governance.curation.heads import waiting_for_review
from governance.models import Decision, Record, Revision, TextUpload, UploadState
from governance.models.vocabulary import State

SHOWN = 10


def desk(user) -> dict:
    """What a curator goes on with, what was sent back, what a reviewer decides, and what changed last."""
    if not user.has_perm(roles.READ):
        return {}
    revisions = Revision.objects.select_related("record", "author", "reviewer")
    mine = revisions.filter(Q(author=user) | Q(contributors=user)).distinct()
    drafts = Record.objects.filter(state=State.DRAFT, revisions__in=mine.values("pk")).distinct()
    return {
        "review_queue": list(waiting_for_review()[:SHOWN]),
        "my_drafts": list(drafts.order_by("-updated")[:SHOWN]),
        "my_changes": list(mine.filter(decision=Decision.PENDING, state=State.DRAFT).order_by("-created")[:SHOWN]),
        "my_sent_back": [r for r in mine.filter(decision=Decision.SENT_BACK).order_by("-decided")[:50] if _is_last(r)],
        "texts": list(
            TextUpload.objects.filter(state=UploadState.READ).select_related("source", "author").order_by("id")[:SHOWN]
        ),
        "recent": _one_each(revisions.filter(author__isnull=False).order_by("-created")[: 5 * SHOWN])[:SHOWN],
    }


def _one_each(revisions) -> list[Revision]:
    """The newest revision of each record."""
    newest: dict[int, Revision] = {}
    for revision in revisions:
        newest.setdefault(revision.record_id, revision)
    return list(newest.values())


def _is_last(revision: Revision) -> bool:
    return not Revision.objects.filter(record_id=revision.record_id, number__gt=revision.number).exists()
