"""Is a document well formed? Says every problem with its place, in words a curator follows."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.utils.translation import gettext as _

from governance import edtf, identifiers
from governance.knowledge.cite import LONGEST_QUOTE, BadCitation
from governance.knowledge.form import DERIVED, ITEM_KEYS, LISTS, SCALARS, own
from governance.knowledge.lookup import Lookup
from governance.knowledge.sections import child_model
from governance.models.vocabulary import (
    KINDS,
    PREDICATES,
    Act,
    Basis,
    Binding,
    CaveatKind,
    DateEvent,
    NameKind,
    Reliability,
    Rights,
    Scheme,
    Stance,
    Strength,
    Type,
)

COMMON = {"type", "slug", *SCALARS, *LISTS, *DERIVED, "bases", "strengths", "citations"}
CHOICES = {
    ("names", "kind"): NameKind, ("identifiers", "scheme"): Scheme, ("dates", "event"): DateEvent,
    ("participation", "act"): Act, ("caveats", "kind"): CaveatKind,
}  # fmt: skip
REQUIRED = {
    "names": ("text",), "identifiers": ("value",), "dates": ("value",), "provisions": ("label",),
    "relations": ("predicate", "type", "slug"), "participation": ("type", "slug"), "caveats": ("text",),
}  # fmt: skip
EDTF_KEYS = {"dates": ("value",), "participation": ("from", "until", "effect"), "relations": ("date",)}


@dataclass(frozen=True)
class Problem:
    """What is wrong and where: `place` is a JSON Pointer into the document, empty for the whole."""

    place: str
    message: str

    def __str__(self) -> str:
        return f"{self.place}: {self.message}" if self.place else self.message


class DocumentError(ValueError):
    """A document cannot be applied; `problems` lists every reason."""

    def __init__(self, reference: str, problems: list[Problem]) -> None:
        self.reference, self.problems = reference, problems
        super().__init__(f"{reference}: " + "; ".join(map(str, problems)))


def check(document: Any, lookup: Lookup | None = None) -> list[Problem]:
    """Return all problems of a document in either form; an empty list means that `apply` will take it."""
    if not isinstance(document, dict):
        return [Problem("", _("A document is a mapping of fields to values."))]
    if document.get("type") not in Type.values:
        return [Problem("/type", _("The type must be one of: %s.") % ", ".join(Type.values))]
    shape = _shape(document)
    if shape:
        return shape
    try:
        full = own(document)
    except BadCitation as error:
        return [Problem("", str(error))]
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        return [Problem("", _("The document cannot be read: %s") % error)]
    return _Checker(document, full, lookup or Lookup()).run()


def _shape(document: dict) -> list[Problem]:
    problems = []
    for key in LISTS:
        value = document.get(key)
        if value is not None and not isinstance(value, list):
            problems.append(Problem(f"/{key}", _("This field is a list.")))
            continue
        for n, item in enumerate(value or []):
            if not isinstance(item, dict) and not (key in ("principles", "topics") and isinstance(item, str)):
                problems.append(Problem(f"/{key}/{n}", _("Each entry is a mapping of fields to values.")))
            elif isinstance(item, dict) and not isinstance(item.get("cite", []), list):
                problems.append(Problem(f"/{key}/{n}/cite", _("`cite` is a list of citations.")))
    return problems


class _Checker:
    def __init__(self, given: dict, full: dict, lookup: Lookup) -> None:
        self.given, self.full, self.lookup = given, full, lookup
        self.problems: list[Problem] = []

    def run(self) -> list[Problem]:
        self._identity()
        self._scalars()
        for key in LISTS:
            for n, item in enumerate(self.full[key]):
                self._item(key, item, f"/{key}/{n}")
        for n, citation in enumerate(self.full["citations"]):
            self._citation(citation, citation["field"] or f"/citations/{n}")
            self._pointer(citation["field"], f"/citations/{n}")
        return self.problems

    def _say(self, place: str, message: str) -> None:
        self.problems.append(Problem(place, message))

    def _identity(self) -> None:
        try:
            validate_slug(self.full["slug"] or "")
        except (ValidationError, TypeError):
            self._say("/slug", _("A slug has letters, digits and hyphens only."))
        if len(str(self.full["slug"])) > 120:
            self._say("/slug", _("A slug is at most 120 characters long."))
        model = child_model(self.full["type"])
        unknown = set(self.given) - COMMON - set(model.document_fields)
        for field in sorted(unknown):
            self._say(f"/{field}", _("Records of this type have no field “%s”.") % field)
        if self.full["provisions"] and self.full["type"] != Type.INSTRUMENT:
            self._say("/provisions", _("Only instruments have provisions."))

    def _scalars(self) -> None:
        full = self.full
        if not isinstance(full["title"], str) or not full["title"].strip():
            self._say("/title", _("A record needs a title."))
        elif len(full["title"]) > 400:
            self._say("/title", _("A title is at most 400 characters long."))
        for field in ("kind", "level", "binding", "summary", "body"):
            if not isinstance(full[field], str):
                self._say(f"/{field}", _("This field is text."))
                return
        kinds = KINDS[Type(full["type"])]
        if kinds or full["kind"]:
            self._one_of("/kind", full["kind"], kinds)
        if full["binding"]:
            self._one_of("/binding", full["binding"], Binding.values)
        if full["level"]:
            self._record("/level", Type.LEVEL, full["level"])
        if full.get("parent"):
            self._record("/parent", full["type"], full["parent"])
        if full.get("reliability"):
            self._one_of("/reliability", full["reliability"], Reliability.values)
        if full.get("rights"):
            self._one_of("/rights", full["rights"], Rights.values)
        for field, basis in full["bases"].items():
            self._one_of(f"/bases/{field}", basis, Basis.values)

    def _item(self, key: str, item: Any, place: str) -> None:
        if key in ("principles", "topics"):
            self._record(place, key[:-1], item)
            if self.full[key].count(item) > 1:
                self._say(place, _("“%s” stands in the list more than once.") % item)
            strength = self.full["strengths"].get(item) if key == "principles" else None
            if strength:
                self._one_of(place, strength, Strength.values)
            return
        for field in ITEM_KEYS[key]:
            if not isinstance(item[field], str):
                self._say(f"{place}/{field}", _("This field is text."))
                return
        for field in REQUIRED[key]:
            if not item[field].strip():
                self._say(f"{place}/{field}", _("This field must be filled in."))
        for (list_, field), choices in CHOICES.items():
            if list_ == key:
                self._one_of(f"{place}/{field}", item[field], choices.values)
        for field in EDTF_KEYS.get(key, ()):
            self._edtf(f"{place}/{field}", item[field])
        if key != "caveats":
            self._one_of(f"{place}/basis", item["basis"], Basis.values)
        getattr(self, f"_{key}", lambda *_: None)(item, place)

    def _identifiers(self, item: dict, place: str) -> None:
        example = identifiers.fault(item["scheme"], item["value"])
        if example:
            self._say(f"{place}/value", _("“%(v)s” is not spelled like %(e)s.") % {"v": item["value"], "e": example})

    def _relations(self, item: dict, place: str) -> None:
        self._one_of(f"{place}/predicate", item["predicate"], PREDICATES)
        self._record(place, item["type"], item["slug"])
        if (item["type"], item["slug"]) == (self.full["type"], self.full["slug"]):
            self._say(place, _("A record has no relation to itself."))

    def _participation(self, item: dict, place: str) -> None:
        self._record(place, item["type"], item["slug"])

    def _provisions(self, item: dict, place: str) -> None:
        if [other["slug"] for other in self.full["provisions"]].count(item["slug"]) > 1:
            self._say(place, _("Two provisions have the address “%s”.") % item["slug"])
        for n, carried in enumerate(item["principles"]):
            self._record(f"{place}/principles/{n}", Type.PRINCIPLE, carried["slug"])
            self._one_of(f"{place}/principles/{n}/strength", carried["strength"], Strength.values)

    def _caveats(self, item: dict, place: str) -> None:
        for part in item["citations"]:
            self._citation(part, f"{place}/citations")
        self._pointer(item["field"], f"{place}/field")

    def _citation(self, item: dict, place: str) -> None:
        self._record(place, Type.SOURCE, item["source"])
        self._one_of(f"{place}", item["stance"], Stance.values)
        if len(item["quote"].split()) > LONGEST_QUOTE:
            self._say(place, _("The quote “%s” is longer than twelve words.") % item["quote"])
        if item["paragraph"] is not None and not 1 <= item["paragraph"] <= 1_000_000:
            self._say(place, _("A paragraph number is counted from 1."))

    def _pointer(self, pointer: str, place: str) -> None:
        """A pointer must lead to a value of this document."""
        if pointer == "":
            return
        parts = pointer.split("/")[1:]
        fields = COMMON | set(child_model(self.full["type"]).document_fields)
        target: Any = self.full
        for part in parts:
            if isinstance(target, list) and part.isdecimal() and int(part) < len(target):
                target = target[int(part)]
            elif isinstance(target, dict) and (part in target or (target is self.full and part in fields)):
                target = target.get(part, "")
            else:
                self._say(place, _("“%s” points at nothing in this document.") % pointer)
                return

    def _edtf(self, place: str, text: str) -> None:
        if text:
            try:
                edtf.span(text)
            except edtf.NotADate as error:
                self._say(place, str(error))

    def _one_of(self, place: str, value: Any, choices) -> None:
        if value not in choices:
            self._say(place, _("“%(v)s” is not one of: %(c)s.") % {"v": value, "c": ", ".join(map(str, choices))})

    def _record(self, place: str, type_: str, slug: str) -> None:
        if self.lookup.find(type_, slug) is None and (type_, slug) != (self.full["type"], self.full["slug"]):
            self._say(place, _("There is no record %s.") % f"{type_}/{slug}")
