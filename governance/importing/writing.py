"""How an import writes: through publishing where a curator imports, and as it does where the operator does.

Whoever has the command line needs no account; then there is no author to be told from the reviewer.
"""

from django.utils import timezone
from django.utils.translation import gettext as _

from governance import publishing
from governance.curation import rules
from governance.knowledge import apply
from governance.knowledge.apply import keep
from governance.knowledge.lookup import Lookup
from governance.models import Decision, Record, Revision
from governance.models.vocabulary import State

UNSEEN = (State.DRAFT, State.IN_REVIEW)


def create(document: dict, user, comment: str, *, publish: bool = False, lookup: Lookup | None = None) -> Revision:
    """Write a new record: published where that was asked for and it may be, else a draft."""
    publish = publish and not rules.problems(document)
    state = State.PUBLISHED if publish else State.DRAFT
    return _signed(
        apply(document, state=state, author=user, comment=_said(comment, publish, user), lookup=lookup), user
    )


def change(record: Record, document: dict, user, comment: str, *, publish: bool = False) -> Revision:
    """Write a change: the rows of what readers never saw, a pending revision of what they see, or publish it."""
    if publish and record.state == State.PUBLISHED and not rules.problems(document):
        base = publishing.baseline(record)
        _close_waiting(record)
        said = _said(comment, publish, user)
        return _signed(apply(document, state=State.PUBLISHED, author=user, comment=said, base=base), user)
    if user is not None:
        return publishing.save_draft(document, user, comment=comment)
    base = publishing.baseline(record)
    _close_waiting(record)
    if record.state in UNSEEN:
        return apply(document, state=State.DRAFT, comment=comment, base=base)
    revision = keep(record, document, comment=comment, base=base, decision=Decision.PENDING)
    revision.state = State.DRAFT
    revision.save(update_fields=("state",))
    return revision


def _said(comment: str, publish: bool, user) -> str:
    return f"{comment}\n{_('Written and published by one person.')}" if publish and user is not None else comment


def _signed(revision: Revision, user) -> Revision:
    if user is not None:
        revision.contributors.add(user)
    return revision


def _close_waiting(record: Record) -> None:
    """What waited is part of the new text."""
    waiting = Revision.objects.filter(record=record, decision=Decision.PENDING)
    waiting.update(decision=Decision.REPLACED, decided=timezone.now())
