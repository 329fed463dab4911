"""What must hold before a record is published, in the terms of the domain.

`governance.knowledge.check` says whether a document is well formed; what stands here a draft may still lack.
"""

from collections.abc import Iterator

from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.utils.translation import gettext as _

from governance import edtf
from governance.knowledge import Problem, own
from governance.models import FormerSlug, Record
from governance.models.vocabulary import CITATION_EXEMPT, END_EVENTS, Act, Basis, DateEvent, Type

LONGEST_SLUG = 120
SIDES = (Act.PARTY, Act.SIGNATORY, Act.RATIFIED, Act.ACCEDED)
SIDE_TYPES = (Type.COUNTRY, Type.ACTOR)  # an actor may be a side: the European Union, an agency
# One pair of events in each line: the first is never after the second.
ORDER = [
    *((first, DateEvent.IN_FORCE) for first in (DateEvent.ADOPTED, DateEvent.SIGNED, DateEvent.CONCLUDED)),
    *(
        (first, DateEvent(end))
        for first in (DateEvent.ADOPTED, DateEvent.SIGNED, DateEvent.IN_FORCE)
        for end in END_EVENTS
    ),
]


def problems(document: dict) -> list[Problem]:
    """Return what keeps a well-formed document from being published; an empty list where nothing does."""
    full = own(document)
    found = list(_evidence(full))
    if full["type"] == Type.INSTRUMENT:
        found += _instrument(full)
    return [*found, *_order_of_dates(full)]


def _evidence(full: dict) -> Iterator[Problem]:
    cited = {item["field"] for item in full["citations"]}
    in_caveats = any(item["citations"] for item in full["caveats"])
    if not cited and not in_caveats and full["type"] not in CITATION_EXEMPT:
        yield Problem("", _("Nothing is published without a citation: cite a source for at least one value."))
    for field, basis in full["bases"].items():
        if basis == Basis.STATED and f"/{field}" not in cited:
            yield Problem(f"/bases/{field}", _stated())
    for key in ("names", "identifiers", "dates", "relations", "participation", "provisions"):
        for n, item in enumerate(full[key]):
            if item["basis"] == Basis.STATED and f"/{key}/{n}" not in cited:
                yield Problem(f"/{key}/{n}/basis", _stated())


def _stated() -> str:
    return _("“Stated” needs the source that states it: cite one, or choose another basis.")


def _instrument(full: dict) -> Iterator[Problem]:
    if not full["kind"]:
        yield Problem("/kind", _("An instrument needs a kind."))
    if not full["level"]:
        yield Problem("/level", _("An instrument needs a level of cooperation."))
    two_sided = full["kind"] == "bilateral-agreement" or (
        full["kind"] == "memorandum-of-understanding" and full["level"] == "bilateral"
    )
    if two_sided and len(_sides(full)) < 2:
        yield Problem(
            "/participation",
            _("A bilateral agreement has two sides: name two different parties, as party or signatory."),
        )


def _sides(full: dict) -> set[tuple[str, str]]:
    return {
        (row["type"], row["slug"]) for row in full["participation"] if row["act"] in SIDES and row["type"] in SIDE_TYPES
    }


def _order_of_dates(full: dict) -> Iterator[Problem]:
    for earlier, later in ORDER:
        for first in (item for item in full["dates"] if item["event"] == earlier):
            for n, second in enumerate(full["dates"]):
                if second["event"] == later and _certainly_after(first["value"], second["value"]):
                    yield Problem(
                        f"/dates/{n}/value",
                        _("“%(first)s” (%(first_date)s) cannot be later than “%(second)s” (%(second_date)s).")
                        % {
                            "first": earlier.label, "first_date": edtf.wording(first["value"]),
                            "second": later.label, "second_date": edtf.wording(second["value"]),
                        },
                    )  # fmt: skip


def _certainly_after(text: str, other: str) -> bool:
    """Even the earliest day of `text` lies after the latest of `other`."""
    first, last = edtf.span(text).first, edtf.span(other).last
    return first is not None and last is not None and first > last


def address_problems(document: dict, record: Record | None = None) -> list[Problem]:
    """Why an address cannot be had: badly formed, in use, or once another's."""
    type_, slug = document.get("type"), str(document.get("slug") or "")
    try:
        validate_slug(slug)
    except ValidationError:
        return [Problem("/slug", _("A slug has letters, digits and hyphens only."))]
    if len(slug) > LONGEST_SLUG:
        return [Problem("/slug", _("A slug is at most %d characters long.") % LONGEST_SLUG)]
    other = Record.objects.filter(type=type_, slug__iexact=slug).exclude(pk=record.pk if record else 0).first()
    if other is not None:
        return [Problem("/slug", _("This address belongs to “%s” already.") % other)]
    former = FormerSlug.objects.filter(type=type_, slug__iexact=slug).select_related("record").first()
    if former is not None and (record is None or former.record_id != record.pk):
        return [Problem("/slug", _("This address leads to “%s” and stays so for ever.") % former.record)]
    return []
