"""Records that are the same made one, with all that hangs on them, and the way back.

`merge` rewrites what readers see and leaves drafts and pending revisions alone: what they say of the loser leads to the
winner when they are saved or approved (`governance.knowledge.lookup`). Raises what `governance.publishing` raises.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from governance.curation import rules
from governance.curation.heads import current
from governance.curation.roles import ADMINISTER, CURATE
from governance.curation.uniting import redirected, united
from governance.knowledge import DocumentError, Problem, apply, check, compact, digest, own
from governance.knowledge.sections import child_model
from governance.models import Distinct, Merge, MergeStep, Record, Revision
from governance.models.vocabulary import State, Type
from governance.publishing import NotAllowed, PublishingError, WrongState, baseline, close_open, require

MERGEABLE = (Type.INSTRUMENT, Type.ACTOR, Type.PRINCIPLE, Type.TOPIC, Type.EVENT, Type.PRACTICE)


@dataclass(frozen=True)
class Plan:
    """What a merge would do: the winner's document before and after, and the other records it would change.

    `problems` keep the winner from being published as it would be.
    """

    before: dict
    after: dict
    others: list[Record]
    problems: list[Problem]


def plan(loser: Record, winner: Record) -> Plan:
    """What merging would change; raises PublishingError where the two cannot be merged. Writes nothing."""
    _refuse(loser, winner)
    before = current(winner)
    after = own(united(compact(before), compact(current(loser))))
    problems = [*check(after), *rules.problems(after)]
    return Plan(before, after, list(_naming(loser).exclude(pk=winner.pk)), problems)


def merge(loser: Record, winner: Record, user) -> Merge:
    """Make one record of two: the winner's says all, the loser's address leads to it, whoever named it names that."""
    require(user, ADMINISTER)
    with transaction.atomic():
        loser, winner = (Record.objects.select_for_update().get(pk=record.pk) for record in (loser, winner))
        planned = plan(loser, winner)
        _want_second_person(loser, user)
        if planned.problems:
            raise DocumentError(winner.reference, planned.problems)
        made = Merge.objects.create(loser=loser, winner=winner, state=loser.state, author=user)
        comment = _("“%(loser)s” was merged into “%(winner)s”") % {"loser": loser, "winner": winner}
        earlier = Merge.objects.filter(winner=loser)
        made.carried = list(earlier.values_list("loser_id", flat=True))
        earlier.update(winner=winner)
        made.save(update_fields=("carried",))
        _change(made, winner, planned.after, user, comment)
        for record in planned.others:
            document = own(redirected(compact(current(record)), loser.reference, winner.reference))
            _change(made, record, document, user, comment)
        close_open(loser)
        _change(made, loser, current(loser), user, comment, State.WITHDRAWN)
    return made


def undo(made: Merge, user) -> list[Record]:
    """Take a merge back; returns the records that stay as they are, since they were changed after it."""
    require(user, ADMINISTER)
    kept: list[Record] = []
    with transaction.atomic():
        made = Merge.objects.select_for_update().select_related("loser", "winner").get(pk=made.pk)
        comment = _("The merge of “%(loser)s” into “%(winner)s” was undone") % {
            "loser": made.loser, "winner": made.winner,
        }  # fmt: skip
        steps = list(made.steps.select_related("record", "before", "after").order_by("-id"))
        Merge.objects.filter(loser__in=made.carried).update(winner=made.loser)
        state = made.state if made.state == State.PUBLISHED else State.DRAFT
        made.delete()
        for step in steps:
            is_loser = step.record_id == made.loser_id
            record = Record.objects.select_for_update().get(pk=step.record_id)
            if not is_loser and digest(current(record)) != digest({**step.after.document, "slug": record.slug}):
                kept.append(record)
                continue
            document = {**step.before.document, "slug": record.slug}
            apply(document, state=state if is_loser else record.state, author=user, comment=comment)
    return kept


def tell_apart(one: Record, other: Record, user) -> Distinct:
    """Note that two records which look alike are not the same; they are not proposed for merging again."""
    require(user, CURATE)
    first, second = sorted((one, other), key=lambda record: record.pk)
    return Distinct.objects.get_or_create(one=first, other=second, defaults={"author": user})[0]


def _refuse(loser: Record, winner: Record) -> None:
    if loser.pk == winner.pk:
        raise PublishingError(_("A record is not merged into itself."))
    if loser.type != winner.type or loser.type not in MERGEABLE:
        raise PublishingError(_("Only records of the same type are merged, and no countries, levels or sources."))
    if winner.state != State.PUBLISHED:
        raise WrongState(_("“%s” is not published; merge into what readers see.") % winner)
    if loser.state == State.WITHDRAWN:
        raise WrongState(_("“%s” is withdrawn already.") % loser)


def _want_second_person(loser: Record, user) -> None:
    """Merging shows readers what only a draft said until then: that is for somebody who had no hand in it, as in
    `governance.publishing.approve`."""
    if loser.state == State.PUBLISHED or settings.REVIEW == "one":
        return
    written = Q(author=user) | Q(contributors=user)
    if Revision.objects.filter(written, record=loser).exists():
        raise NotAllowed(
            _("You wrote part of “%s” yourself, and readers never saw it; another administrator has to merge it.")
            % loser
        )


def _naming(loser: Record) -> QuerySet[Record]:
    """What readers see that names the loser. A principle that a provision carries is a tag of its instrument too."""
    names = Q(participation__party=loser) | Q(relations__target=loser)
    names |= Q(principle_tags__principle=loser.pk) | Q(topic_tags__topic=loser.pk)
    named = Record.objects.filter(names).values("pk")
    narrower: Iterable[int] = ()
    if hasattr(child_model(loser.type), "parent"):
        narrower = child_model(loser.type).objects.filter(parent=loser.pk).values_list("pk", flat=True)
    found = Record.objects.filter(Q(pk__in=named) | Q(pk__in=list(narrower)))
    return found.published().exclude(pk=loser.pk).order_by("type", "title", "pk")


def _change(made: Merge, record: Record, document: dict, user, comment: str, state: str = "") -> Revision:
    before = baseline(record)
    after = apply(document, state=state or record.state, author=user, comment=comment, base=before)
    MergeStep.objects.create(merge=made, record=record, before=before, after=after)
    return after
