"""From when to when a text is in force, or a body in being: the rule for whoever has the dates at hand.

`RecordQuerySet.in_force_on` says the same in SQL; a test holds the two together. A date of a year or month counts from
its first day on, an end until its last day. A text that binds needs a date of entry into force or of application; one
that does not is in being from its adoption.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from governance.models.vocabulary import END_EVENTS, START_EVENTS, TEXT_START_EVENTS, Binding, DateEvent, Type


def start_events(type_: str, binding: str) -> tuple[str, ...]:
    """The events from which on such a record is in force or in being."""
    if type_ == Type.INSTRUMENT and binding != Binding.NON_BINDING:
        return START_EVENTS
    return (*START_EVENTS, *TEXT_START_EVENTS)


def last_day(event: str, last: date) -> date:
    """The last day in force or in being before an end: a repeal takes effect on its day, any other end after it."""
    return max(last, date.min + timedelta(days=1)) - timedelta(days=1) if event == DateEvent.REPEALED else last


def period(type_: str, binding: str, dates: Iterable[tuple]) -> tuple[date, date] | None:
    """Return the first and last day in force or in being; None where no date says that it began.

    `dates` are `(event, first day, last day)`, a day being None where the date leaves that end open. What has not ended
    lasts until `date.max`.
    """
    dates = list(dates)
    starts = start_events(type_, binding)
    begun = [first or date.min for event, first, last in dates if event in starts and (first or last)]
    ended = [last_day(event, last) for event, _first, last in dates if event in END_EVENTS and last]
    return (min(begun), min(ended, default=date.max)) if begun else None
