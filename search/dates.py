"""What search needs of a record's dates: the years it may be asked by, the day it sorts by, when it was in force."""

from dataclasses import dataclass
from datetime import date

from governance import edtf
from governance.force import period
from governance.models.vocabulary import LEADING_EVENTS

EARLIEST, LATEST = 0, 9999
ALWAYS = date.max.toordinal()


@dataclass(frozen=True)
class Calendar:
    """`years`: separate runs of years that a date may lie in; `starts`: the day of the earliest leading date, as an
    ordinal; `force`: first and last day in force or in being, as ordinals; `words`: the dates as people write them."""

    years: tuple[tuple[int, int], ...] = ()
    starts: int | None = None
    force: tuple[int, int] | None = None
    words: tuple[str, ...] = ()

    @property
    def year(self) -> int | None:
        return date.fromordinal(self.starts).year if self.starts else None

    @classmethod
    def of(cls, document: dict) -> "Calendar":
        """Read a full document; a text that is no date is passed over (the database does not check it)."""
        spans = [(item["event"], *_span(item["value"])) for item in document["dates"]]
        spans = [(event, first, last) for event, first, last in spans if first or last]
        leading = [first for event, first, _last in spans if event in LEADING_EVENTS and first]
        words = tuple(
            dict.fromkeys(text for item in document["dates"] for text in (edtf.wording(item["value"]), item["value"]))
        )
        return cls(
            years=_merged(
                (first.year if first else EARLIEST, last.year if last else LATEST) for _e, first, last in spans
            ),
            starts=min(leading).toordinal() if leading else None,
            force=_force(document, spans),
            words=words,
        )


def _span(text: str) -> tuple[date | None, date | None]:
    try:
        span = edtf.span(text)
    except edtf.NotADate:
        return None, None
    return span.first, span.last


def _merged(runs) -> tuple[tuple[int, int], ...]:
    merged: list[tuple[int, int]] = []
    for first, last in sorted(runs):
        if merged and first <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        else:
            merged.append((first, last))
    return tuple(merged)


def _force(document: dict, spans: list) -> tuple[int, int] | None:
    days = period(document["type"], document["binding"], spans)
    return (days[0].toordinal(), days[1].toordinal()) if days else None
