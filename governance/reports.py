"""Reports of errors on their way from a reader to the curators: taken in, decided, taken back, erased.

Each verb of a curator takes the user who does it; they raise NotAllowed without the right and ReportError otherwise.
"""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from governance.api.policy import AddressThrottle
from governance.curation.roles import CURATE, REVIEW
from governance.models import Record, Report, ReportState
from governance.publishing import require

# However many addresses a flood comes from, it ends here, and what curators see of it can be gone through.
MOST_OF_ONE_RECORD, MOST_OF_A_DAY = 20, 300


class ReportError(Exception):
    """A report that cannot be taken or decided; the message says why and what helps."""


class ReportThrottle(AddressThrottle):
    """So many reports of one address; it is remembered for an hour, by the serving process alone."""

    scope, rate = "reports", "10/hour"


def is_too_much(request) -> bool:
    """Has this address sent its share? Counts the request."""
    view: Any = None  # which the throttle of an address does not look at
    return not ReportThrottle().allow_request(request, view)


def take_in(record: Record, *, field: str, value: str, text: str, source: str, language: str) -> Report:
    """Keep a report; the same one sent again is the one that is there. Raises ReportError."""
    waiting = Report.objects.filter(state=ReportState.OPEN)
    with transaction.atomic():
        same = waiting.filter(record=record, field=field, text=text, source=source).first()
        if same is not None:
            return same
        if waiting.filter(record=record).count() >= MOST_OF_ONE_RECORD:
            raise ReportError(_("Many reports on this record wait already. The curators look into it."))
        if Report.objects.filter(created__gte=timezone.now() - timedelta(days=1)).count() >= MOST_OF_A_DAY:
            raise ReportError(_("So many reports came in today that no more can be taken. Please try tomorrow."))
        return Report.objects.create(
            record=record, field=field, value=value, text=text, source=source, language=language
        )


def waiting() -> QuerySet[Report]:
    """Reports that nobody has decided on, those waiting longest first."""
    return Report.objects.filter(state=ReportState.OPEN)


def decide(report: Report, state: str, user, note: str) -> Report:
    """Close a report, or open it again; whoever declines one says why."""
    require(user, CURATE)
    note = note.strip()
    if state not in ReportState.values:
        raise ReportError(_("A report is open, handled or declined."))
    if state == ReportState.DECLINED and not note:
        raise ReportError(_("Say why the report is declined."))
    is_open = state == ReportState.OPEN
    report.state, report.note = state, note
    report.decided, report.decided_by = (None, None) if is_open else (timezone.now(), user)
    report.save(update_fields=("state", "note", "decided", "decided_by"))
    return report


def erase(report: Report, user) -> Report:
    """Take out what a reader wrote, where it is no report but advertisement, abuse or somebody's personal data."""
    require(user, REVIEW)
    report.text, report.source, report.state = "", "", ReportState.DECLINED
    report.note, report.decided, report.decided_by = _("What was written was erased."), timezone.now(), user
    report.save(update_fields=("text", "source", "state", "note", "decided", "decided_by"))
    return report
