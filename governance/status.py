"""Is it in force, or in being, on a day? Said with the reason, never more surely than the dates allow."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from governance import edtf
from governance.force import last_day, start_events
from governance.models import Date, Record
from governance.models.vocabulary import END_EVENTS, Binding, Type


@dataclass(frozen=True)
class Status:
    """`word` for a badge, `reason` for a sentence; `state` is in-force, in-being, ended, not-yet or unknown."""

    state: str
    word: str
    reason: str


def status(record: Record, dates: list[Date], day: date) -> Status | None:
    """Say how a record stands on `day`; None for what is never in force or in being (principles, topics, events …)."""
    if record.type not in (Type.INSTRUMENT, Type.ACTOR):
        return None
    ended = [d for d in dates if d.event in END_EVENTS and d.last and last_day(d.event, d.last) < day]
    if ended:
        return Status("ended", _("No longer"), f"{ended[0].get_event_display()}: {edtf.briefly(ended[0].value)}")
    is_text = record.type == Type.INSTRUMENT
    starts = start_events(record.type, record.binding)
    begun = [d for d in dates if d.event in starts and (d.first or d.last)]
    if not begun:
        if not is_text:
            return None
        return Status("unknown", _("Not stated"), _("The sources here give no date of entry into force."))
    first = min(begun, key=lambda d: d.first or date.min)
    reason = f"{first.get_event_display()}: {edtf.briefly(first.value)}"
    if first.first and first.first > day:
        return Status("not-yet", _("Not yet"), reason)
    if is_text and record.binding != Binding.NON_BINDING:
        return Status("in-force", _("In force"), reason)
    return Status("in-being", _("In being"), reason)
