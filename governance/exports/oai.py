"""OAI-PMH 2.0 (https://www.openarchives.org/OAI/openarchivesprotocol.html): the six verbs, over the change log.

A list is the records in the order of their last change; a resumption token is the place in the log of the last record
given, so it never expires, and a harvester that was cut off goes on from where it was. A record that changes meanwhile
moves to the end and is met there. Deletions are kept for ever.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from governance.exports import identity
from governance.exports.log import START, Last, last_changes, outside
from governance.models import Change, Position, Record
from governance.models.vocabulary import Type

PREFIX = "oai_dc"
PAGE = 100
_DAY, _SECOND = r"\d{4}-\d{2}-\d{2}", r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z"
LISTS = (("metadataPrefix",), ("from", "until", "set", "resumptionToken"))
ARGUMENTS = {  # verb: required and optional arguments
    "Identify": ((), ()),
    "ListMetadataFormats": ((), ("identifier",)),
    "ListSets": ((), ("resumptionToken",)),
    "ListIdentifiers": LISTS,
    "ListRecords": LISTS,
    "GetRecord": (("identifier", "metadataPrefix"), ()),
}


class Fault(Exception):
    """An error of the protocol: one of its codes, and a message."""

    def __init__(self, code: str, message: str) -> None:
        self.code, self.message = code, message
        super().__init__(message)


@dataclass(frozen=True)
class Harvest:
    """What a list request asks for, and how far it has come."""

    prefix: str = PREFIX
    type: str = ""
    since: str = ""
    until: str = ""
    after: Position = START
    given: int = 0

    @property
    def token(self) -> str:
        return "!".join((self.prefix, self.type, self.since, self.until, str(self.after), str(self.given)))

    @classmethod
    def parse(cls, token: str) -> "Harvest":
        """Read a token; raises Fault for one that was not given out here."""
        try:
            prefix, type_, since, until, after, given = token.split("!")
            harvest = cls(prefix, type_, since, until, Position.parse(after), int(given))
            if harvest.after.beyond or max(*harvest.after[:2], harvest.given) > 2**62 or not given.isdecimal():
                raise ValueError(token)
            harvest.bounds()
        except (ValueError, Fault) as error:
            raise Fault("badResumptionToken", "This token was not given out here.") from error
        if prefix != PREFIX or (type_ and type_ not in Type.values):
            raise Fault("badResumptionToken", "This token was not given out here.")
        return harvest

    def bounds(self) -> tuple[datetime, datetime]:
        """The first moment that counts and the first that does not; raises Fault."""
        if self.since and self.until and len(self.since) != len(self.until):
            raise Fault("badArgument", "“from” and “until” have different granularities.")
        first = _moment("from", self.since) if self.since else datetime.min.replace(tzinfo=UTC)
        last = _moment("until", self.until) if self.until else datetime.max.replace(tzinfo=UTC)
        if first > last:
            raise Fault("badArgument", "“from” is later than “until”.")
        if self.until and last.year < 9999:
            last += timedelta(days=1) if len(self.until) == 10 else timedelta(seconds=1)
        return first, last


@dataclass(frozen=True)
class Item:
    """A record as harvesters see it: its lasting identifier, the moment of its last change, whether it is there."""

    identifier: str
    record: Record
    at: datetime

    @property
    def deleted(self) -> bool:
        return not self.record.is_public


@dataclass(frozen=True)
class Page:
    """One answer of a list: its items, the harvest that comes next if any, the size of the whole."""

    items: list[Item]
    following: Harvest | None
    before: int
    total: int


def read(arguments: dict[str, list[str]]) -> dict[str, str]:
    """Check the arguments of a request against the protocol and return them, one value each; raises Fault."""
    verbs = arguments.get("verb", [])
    if len(verbs) != 1 or verbs[0] not in ARGUMENTS:
        raise Fault("badVerb", f"Give one verb: {', '.join(ARGUMENTS)}.")
    required, optional = ARGUMENTS[verbs[0]]
    given = {name: values for name, values in arguments.items() if name != "verb"}
    for name, values in given.items():
        if name not in (*required, *optional):
            raise Fault("badArgument", f"{verbs[0]} has no argument “{name[:40]}”.")
        if len(values) != 1:
            raise Fault("badArgument", f"“{name}” is given more than once.")
    if "resumptionToken" in given:
        if len(given) > 1:
            raise Fault("badArgument", "A resumption token goes alone.")
    else:
        for name in required:
            if name not in given:
                raise Fault("badArgument", f"“{name}” is missing.")
    if given.get("metadataPrefix", [PREFIX]) != [PREFIX]:
        raise Fault("cannotDisseminateFormat", f"The only format is {PREFIX}.")
    return {name: values[0] for name, values in given.items()}


def harvest(arguments: dict[str, str]) -> Page:
    """The page of a list that the arguments ask for; raises Fault."""
    asked = _asked(arguments)
    first, last = asked.bounds()
    changes = last_changes(asked.after)
    records = outside(change.record for change in changes)
    chosen = [
        change for change in changes
        if change.record in records and asked.type in ("", records[change.record].type) and first <= change.at < last
    ]  # fmt: skip
    if not chosen and not asked.given:
        raise Fault("noRecordsMatch", "No record matches.")
    here = chosen[:PAGE]
    slugs = identity.first_slugs(change.record for change in here)
    items = [_item(change, records[change.record], slugs) for change in here]
    following = None
    if len(chosen) > PAGE:
        following = Harvest(asked.prefix, asked.type, asked.since, asked.until, here[-1].place, asked.given + PAGE)
    return Page(items, following, asked.given, asked.given + len(chosen))


def _asked(arguments: dict[str, str]) -> Harvest:
    if "resumptionToken" in arguments:
        return Harvest.parse(arguments["resumptionToken"])
    type_ = arguments.get("set", "")
    if "set" in arguments and type_ not in Type.values:
        raise Fault("noRecordsMatch", "There is no such set.")
    return Harvest(arguments["metadataPrefix"], type_, arguments.get("from", ""), arguments.get("until", ""))


def get(identifier: str) -> Item:
    """The record of an identifier; raises Fault when the outside knows of none."""
    start = f"oai:{identity.host()}:"
    type_, _, slug = identifier.removeprefix(start).partition("/")
    usable = identifier.startswith(start) and type_ in Type.values and "\0" not in slug
    record = identity.find(type_, slug) if usable else None
    if record is None or record.pk not in outside([record.pk]):
        raise Fault("idDoesNotExist", "There is no record with this identifier.")
    row = Change.objects.filter(record_id=record.pk).order_by("-xid", "-id").first()
    at = row.at if row else record.updated
    return Item(identifier, record, at)


def _item(change: Last, record: Record, slugs: dict[int, str]) -> Item:
    slug = slugs.get(record.pk, record.slug)
    return Item(f"oai:{identity.host()}:{record.type}/{slug}", record, change.at)


def earliest() -> datetime | None:
    """The moment of the first change there is."""
    row = Change.objects.order_by("id").first()
    return row.at if row else None


def _moment(name: str, text: str) -> datetime:
    if not re.fullmatch(f"{_DAY}|{_SECOND}", text, re.ASCII):
        raise Fault("badArgument", f"“{name}” is a day (2026-05-03) or a second in UTC (2026-05-03T14:00:00Z).")
    try:
        return datetime.fromisoformat(text if len(text) > 10 else text + "T00:00:00Z")
    except ValueError as error:
        raise Fault("badArgument", f"“{name}” is not a date.") from error
