"""The way of a record to its readers: draft → in review → published → withdrawn.

A record that readers have never seen is kept in its rows, in the state draft or in review. One that they have seen
(published, or withdrawn and its tombstone) changes only by an approved revision: until then an edit is a pending
revision and touches no row. Every step keeps a revision, so the history is whole.

Each verb takes the user who does it and raises NotAllowed without the right, WrongState where the step is not open,
Conflict where somebody else was faster, DocumentError where the content does not hold.
"""

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from governance.curation import rules
from governance.curation.heads import Head, current, head, last_approved, open_revision
from governance.curation.roles import ADD, ADMINISTER, CURATE, REVIEW
from governance.knowledge import DocumentError, Problem, apply, check, digest, own
from governance.knowledge.apply import keep, make_so
from governance.models import Decision, FormerSlug, Merge, Record, Revision
from governance.models.vocabulary import State, Type


class PublishingError(Exception):
    """A step that cannot be taken; the message says why and what helps."""


class NotAllowed(PublishingError):
    """The user has no right to this step."""


class WrongState(PublishingError):
    """The record or revision is not where this step begins."""


class Conflict(PublishingError):
    """The record changed since the text at hand was begun; `head` is what stands there now."""

    def __init__(self, record: Record, now: Head) -> None:
        self.record, self.head = record, now
        super().__init__(_("“%s” was changed by somebody else in the meantime. Nothing was overwritten.") % record)


def create_draft(document: dict, user, comment: str = "") -> Revision:
    """Begin a record that nobody but curators sees; its address must never have been another's."""
    require(user, ADD)
    with transaction.atomic():
        _refuse(document, rules.address_problems(document))
        try:
            with transaction.atomic():
                revision = apply(document, state=State.DRAFT, author=user, comment=comment)
        except IntegrityError as error:  # somebody took the address in the same moment
            raise DocumentError(str(document.get("slug")), [Problem("/slug", _("This address is taken."))]) from error
        return _signed(revision, user)


def save_draft(document: dict, user, *, base: str = "", onto: Revision | None = None, comment: str = "") -> Revision:
    """Keep an edit: rows of a draft, a pending revision of what readers see; a record not yet there is begun.

    `base` is the token of the head that the edit was made from; where it is no longer the head, Conflict is raised.
    `onto` is the approved revision that the edit takes into account, after a merge; by default the head's own.
    """
    require(user, CURATE)
    with transaction.atomic():
        record = _locked(document)
        if record is None:
            return create_draft(document, user, comment)
        now = head(record)
        if base and base != now.token:
            raise Conflict(record, now)
        _refuse(document, check(document))
        full = own(document)
        started = onto or now.base or baseline(record)
        if now.revision and digest(full) == digest(now.document) and started == now.base:
            return now.revision
        return _keep_draft(record, full, now, user, started, comment)


def _keep_draft(record: Record, full: dict, now: Head, user, started: Revision, comment: str) -> Revision:
    if record.state == State.WITHDRAWN and now.open is None:
        raise WrongState(_("“%s” is withdrawn. An administrator can take it back to draft.") % record)
    if now.open is not None and now.open.decision == Decision.PENDING:
        _close(now.open, Decision.REPLACED)
    if record.state in (State.DRAFT, State.IN_REVIEW):
        revision = apply(full, state=State.DRAFT, author=user, comment=comment, base=started)
        return _signed(revision, user, now.revision)
    revision = _pending(record, full, State.DRAFT, author=user, base=started, comment=comment)
    return _signed(revision, user, now.open)


def submit(record: Record, user, comment: str = "") -> Revision:
    """Hand the head over to a reviewer: a draft, or a pending revision of what is published."""
    require(user, CURATE)
    with transaction.atomic():
        record = _lock(record)
        now = head(record)
        unseen = record.state == State.DRAFT
        if not unseen and (now.open is None or now.open.waits):
            raise WrongState(_("“%s” has nothing that could be submitted.") % record)
        _refuse(now.document, [*check(now.document), *rules.problems(now.document)])
        _forget_open(now)
        author = (now.revision and now.revision.author) or user
        base = now.base or baseline(record)
        if unseen:
            _set_state(record, State.IN_REVIEW)
        revision = _pending(record, now.document, State.IN_REVIEW, author=author, base=base, comment=comment)
        return _signed(revision, author, now.revision)


def _forget_open(now: Head) -> None:
    """What was handed over supersedes the saved text; what was sent back stays so in the history."""
    if now.open is not None and now.open.decision == Decision.PENDING:
        _close(now.open, Decision.REPLACED)


def approve(revision: Revision, reviewer, comment: str = "") -> Revision:
    """Publish what a revision says; the reviewer had no hand in it, unless the site works with one person."""
    alone = settings.REVIEW == "one"
    if not (alone and reviewer is not None and reviewer.has_perm(CURATE)):
        require(reviewer, REVIEW)
    with transaction.atomic():
        record, revision = _waiting(revision)
        wrote = revision.was_written_by(reviewer)
        if wrote and not alone:
            raise NotAllowed(_("You wrote part of this yourself; another reviewer has to approve it."))
        document = {**revision.document, "slug": record.slug}
        begun = revision.base.document if revision.base else None
        expected = document if record.state == State.IN_REVIEW else begun
        if expected is None or digest({**expected, "slug": record.slug}) != digest(current(record)):
            raise Conflict(record, head(record))
        _refuse(document, rules.problems(document))
        make_so(document, state=State.PUBLISHED)
        if wrote:
            comment = "\n".join(filter(None, (comment, _("Written and published by one person."))))
        return _decide(revision, Decision.APPROVED, reviewer, comment, state=State.PUBLISHED, document=own(document))


def send_back(revision: Revision, reviewer, comment: str) -> Revision:
    """Return a revision to its author with what is to be done about it."""
    require(reviewer, REVIEW)
    if not comment.strip():
        raise PublishingError(_("Say what is to be changed before sending it back."))
    with transaction.atomic():
        record, revision = _waiting(revision)
        if record.state == State.IN_REVIEW:
            _set_state(record, State.DRAFT)
        return _decide(revision, Decision.SENT_BACK, reviewer, comment)


def discard(revision: Revision, user) -> Revision:
    """Give up an open revision of a record that readers have seen; the record stays as it is."""
    require(user, CURATE)
    with transaction.atomic():
        record = _lock(revision.record)
        revision.refresh_from_db()
        if open_revision(record) != revision or record.state in (State.DRAFT, State.IN_REVIEW):
            raise WrongState(_("There is nothing to discard."))
        if not revision.was_written_by(user) and not user.has_perm(REVIEW):
            raise NotAllowed(_("Only its authors and reviewers can discard a revision."))
        return _close(revision, Decision.DISCARDED)


def withdraw(record: Record, user, reason: str) -> Revision:
    """Take a record from its readers; its address keeps a tombstone and is never given to another."""
    require(user, REVIEW)
    if not reason.strip():
        raise PublishingError(_("Say why the record is withdrawn."))
    with transaction.atomic():
        record = _lock(record)
        if record.state == State.WITHDRAWN:
            raise WrongState(_("“%s” is withdrawn already.") % record)
        close_open(record)
        base = baseline(record)
        _set_state(record, State.WITHDRAWN)
        return keep(record, current(record), author=user, comment=reason, base=base)


def reopen(record: Record, user) -> Revision:
    """Take a withdrawn record back to draft: its tombstone stays until the draft is approved."""
    require(user, ADMINISTER)
    with transaction.atomic():
        record = _lock(record)
        if Merge.objects.filter(loser=record).exists():
            raise WrongState(_("“%s” was merged into another record; take the merge back instead.") % record)
        if record.state != State.WITHDRAWN or open_revision(record):
            raise WrongState(_("“%s” is not withdrawn, or is a draft again already.") % record)
        base = baseline(record)
        comment = _("Taken back to draft")
        return _signed(_pending(record, current(record), State.DRAFT, author=user, base=base, comment=comment), user)


def restore(record: Record, revision: Revision, user) -> Revision:
    """Bring back an earlier state with all its rows: at once where it was approved before, else as a draft."""
    require(user, ADMINISTER)
    with transaction.atomic():
        record = _lock(record)
        document = {**revision.document, "slug": record.slug}
        comment = _("Restored from revision %d") % revision.number
        was_published = revision.decision == Decision.APPROVED and revision.state == State.PUBLISHED
        if record.state != State.PUBLISHED or not was_published:
            return save_draft(document, user, comment=comment)
        _refuse(document, [*check(document), *rules.problems(document)])
        base, waiting = baseline(record), open_revision(record)
        make_so(document, state=State.PUBLISHED)
        restored = keep(
            _lock(record), own(document), author=user, reviewer=revision.reviewer, comment=comment, base=base
        )
        _carry_over(record, waiting)
        return restored


def rename(record: Record, new_slug: str, user) -> Record:
    """Give a record another address; one that readers have seen leads to it for ever.

    Only an administrator renames what readers have seen.
    """
    with transaction.atomic():
        record = _lock(record)
        seen = record.state not in (State.DRAFT, State.IN_REVIEW)
        require(user, ADMINISTER if seen else CURATE)
        if record.type == Type.COUNTRY:
            raise PublishingError(_("A country's address is its ISO code."))
        if new_slug == record.slug:
            raise PublishingError(_("This is its address already."))
        document = {**current(record), "slug": new_slug}
        _refuse(document, rules.address_problems(document, record))
        base, old, waiting = baseline(record), record.slug, open_revision(record)
        FormerSlug.objects.filter(type=record.type, slug__iexact=new_slug).delete()
        if seen:
            FormerSlug.objects.create(type=record.type, slug=old, record=record)
        record.slug, record.updated = new_slug, timezone.now()
        record.save(update_fields=("slug", "updated"))
        comment = _("Renamed from “%s”") % old
        keep(record, current(record), author=user, reviewer=base.reviewer, comment=comment, base=base)
        _carry_over(record, waiting)
    return record


def require(user, permission: str) -> None:
    """Raise NotAllowed unless the user is active and has the permission."""
    if user is None or not user.is_active or not user.has_perm(permission):
        raise NotAllowed(_("Your account has no right to this. Ask an administrator."))


def _refuse(document: dict, problems: list[Problem]) -> None:
    if problems:
        raise DocumentError(f"{document.get('type')}/{document.get('slug')}", problems)


def _locked(document: dict) -> Record | None:
    """The record of a document, with its row locked until the transaction ends."""
    found = Record.objects.filter(type=document.get("type"), slug=document.get("slug"))
    return found.select_for_update().first()


def _lock(record: Record) -> Record:
    return Record.objects.select_for_update().get(pk=record.pk)


def _waiting(revision: Revision) -> tuple[Record, Revision]:
    record = _lock(revision.record)
    fresh = Revision.objects.select_related("base").get(pk=revision.pk)
    if not (fresh.decision == Decision.PENDING and fresh.state == State.IN_REVIEW):
        raise WrongState(_("This revision does not wait for review (any more)."))
    return record, fresh


def baseline(record: Record) -> Revision:
    """The last approved revision; where the rows say something else (written by SQL, say), one that keeps it."""
    last, now = last_approved(record), current(record)
    if last is not None and digest({**last.document, "slug": record.slug}) == digest(now):
        return last
    return keep(record, now, comment=_("As found"), base=last)


def close_open(record: Record) -> None:
    """Let the open revision of a record, if any, count as replaced."""
    waiting = open_revision(record)
    if waiting is not None:
        _close(waiting, Decision.REPLACED)


def _pending(record: Record, full: dict, state: str, **fields) -> Revision:
    revision = keep(record, full, decision=Decision.PENDING, **fields)
    revision.state = state
    revision.save(update_fields=("state",))
    return revision


def _signed(revision: Revision, user, earlier: Revision | None = None) -> Revision:
    """Note who had a hand in the text: the user, and whoever wrote at the text it was made from."""
    if earlier is not None and not earlier.was_published:
        revision.contributors.add(*earlier.contributors.all())
    revision.contributors.add(user)
    return revision


def _carry_over(record: Record, waiting: Revision | None) -> None:
    """A text that was sent back stays its author's to go on with, after another revision has been kept."""
    if waiting is not None and waiting.decision == Decision.SENT_BACK:
        again = _pending(record, waiting.document, State.DRAFT, author=waiting.author, base=waiting.base)
        again.contributors.add(*waiting.contributors.all())


def _set_state(record: Record, state: str) -> None:
    record.state, record.updated = state, timezone.now()
    record.save(update_fields=("state", "updated"))


def _close(revision: Revision, decision: str) -> Revision:
    revision.decision, revision.decided = decision, timezone.now()
    revision.save(update_fields=("decision", "decided"))
    return revision


def _decide(revision: Revision, decision: str, reviewer, answer: str, **fields) -> Revision:
    revision.reviewer, revision.answer = reviewer, answer.strip()
    for name, value in fields.items():
        setattr(revision, name, value)
    revision.save(update_fields=("reviewer", "answer", *fields))
    return _close(revision, decision)
