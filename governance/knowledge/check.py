"""Is a document well formed? Says every problem with its place, in words a curator follows."""

import re
from datetime import UTC
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from governance import edtf
from governance.knowledge.cite import LONGEST_QUOTE
from governance.knowledge.form import ITEM_KEYS, LISTS, SCALARS, TAGS, expand, own, own_citation
from governance.knowledge.lookup import Lookup
from governance.knowledge.problems import Problem, shown
from governance.knowledge.rules import LONGEST, Rules
from governance.knowledge.sections import child_model
from governance.knowledge.shape import shape
from governance.models.vocabulary import (
    KINDS,
    PREDICATES,
    Act,
    Basis,
    Binding,
    CaveatKind,
    DateEvent,
    NameKind,
    Scheme,
    Stance,
    State,
    Strength,
    Type,
)

CHOICES = {
    ("names", "kind"): NameKind.values, ("identifiers", "scheme"): Scheme.values,
    ("dates", "event"): DateEvent.values, ("relations", "predicate"): PREDICATES,
    ("participation", "act"): Act.values, ("caveats", "kind"): CaveatKind.values,
}  # fmt: skip
REQUIRED = {
    "names": ("text",), "identifiers": ("value",), "dates": ("value",), "provisions": ("label",),
    "relations": ("type", "slug"), "participation": ("type", "slug"), "caveats": ("text",),
}  # fmt: skip
EDTF_KEYS = {"dates": ("value",), "participation": ("from", "until", "effect"), "relations": ("date",)}
SPELLED = {
    "iso3": Scheme.ISO_ALPHA3, "m49": Scheme.M49, "region": Scheme.M49, "website": Scheme.URL, "address": Scheme.URL,
}  # fmt: skip
INDEX = re.compile(r"0|[1-9][0-9]{0,5}")
LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")  # https://www.rfc-editor.org/info/bcp47


def check(document: Any, lookup: Lookup | None = None) -> list[Problem]:
    """Return all problems of a document in either form; an empty list means that `apply` will take it."""
    if not isinstance(document, dict):
        return [Problem("", _("A document is a mapping of fields to values."))]
    if document.get("type") not in Type.values:
        return [Problem("/type", _("The type must be one of: %s.") % ", ".join(Type.values))]
    clean, unfit = shape(document)
    places = [problem.place for problem in unfit]
    found = _Checker(clean, lookup or Lookup()).run()
    return unfit + [
        problem for problem in found if not any(f"{problem.place}/".startswith(f"{place}/") for place in places)
    ]


def is_readable(document: Any) -> bool:
    """Whether every part of a document is of the right kind, so that it has both forms and a digest."""
    known = isinstance(document, dict) and document.get("type") in Type.values
    return known and isinstance(document.get("slug"), str) and not shape(document)[1]


class _Checker(Rules):
    """Goes through a document whose parts are all of the right kind."""

    def __init__(self, given: dict, lookup: Lookup) -> None:
        self.given = expand(given)
        self.is_full = self.given is given
        self.full = own(self.given)
        self.model = child_model(self.full["type"])
        super().__init__((self.full["type"], self.full["slug"]), lookup)

    def run(self) -> list[Problem]:
        self._identity()
        self._scalars()
        self._fields()
        self._bases()
        for key in LISTS:
            for n, item in enumerate(self.full[key]):
                self._item(key, n, item, f"/{key}/{n}")
        for n, citation in enumerate(self.given.get("citations") or []):
            self._citation(citation, f"/citations/{n}" if self.is_full else citation["field"])
        return self.problems

    def _identity(self) -> None:
        type_, slug = self.own
        try:
            validate_slug(slug)
        except ValidationError:
            self.say("/slug", _("A slug has letters, digits and hyphens only."))
            return
        self.length("/slug", "slug", slug)
        spelling = None if self.lookup.knows(type_, slug) else self.lookup.spelling(type_, slug)
        if spelling:
            self.say("/slug", _("There is “%s” already; addresses differ by more than capitals.") % spelling)
        if self.given.get("code") not in (None, "", slug):
            self.say("/code", _("The code of a source is its slug."))
        if type_ == Type.COUNTRY:
            if self.full.get("iso2") != slug:
                self.say("/iso2", _("The slug of a country is its ISO 3166-1 alpha-2 code, which `iso2` repeats."))
            else:
                self.spelling("/iso2", Scheme.ISO_ALPHA2, slug)
        if self.full["provisions"] and type_ != Type.INSTRUMENT:
            self.say("/provisions", _("Only instruments have provisions."))

    def _scalars(self) -> None:
        full = self.full
        if not full["title"].strip():
            self.say("/title", _("A record needs a title."))
        self.length("/title", "title", full["title"])
        self.length("/body", "body", full["body"] or "")
        kinds = KINDS[Type(full["type"])]
        if kinds or full["kind"]:
            self.one_of("/kind", full["kind"], kinds)
        if full["binding"]:
            self.one_of("/binding", full["binding"], Binding.values)
        if full["level"]:
            self.other("/level", Type.LEVEL, full["level"])
        if self.given.get("state"):
            self.one_of("/state", self.given["state"], State.values)
        if self.given.get("updated") and not _is_moment(self.given["updated"]):
            self.say("/updated", _("A time is written like 2026-01-31T12:00:00Z."))

    def _fields(self) -> None:
        """The fields that only records of this type have."""
        for name in self.model.document_fields:
            value = self.full.get(name)
            if not value or name == "iso2":  # which is the slug
                continue
            field = self.model._meta.get_field(name)
            if field.many_to_one:
                self._parent(value)
            elif field.choices:
                self.one_of(f"/{name}", value, dict(field.choices))
            elif not (name in SPELLED and self.spelling(f"/{name}", SPELLED[name], value)):
                try:
                    field.clean(value, None)
                except ValidationError as error:
                    self.say(f"/{name}", " ".join(error.messages))

    def _parent(self, slug: str) -> None:
        """The broader record; following it upwards never leads back here."""
        type_ = self.full["type"]
        self.other("/parent", type_, slug)
        here, up = self.lookup.find(*self.own), self.lookup.target(type_, slug)
        seen: set[int | None] = {here, None}
        while up not in seen:
            seen.add(up)
            up = self.model.objects.filter(pk=up).values_list("parent", flat=True).first()
            if up and up == here:
                self.say("/parent", _("The broader records lead back to this one."))

    def _bases(self) -> None:
        tags = (f"{key}/{n}" for key in TAGS for n in range(len(self.full[key])))
        known = {*SCALARS, *self.model.document_fields, *tags}
        for name, basis in self.full["bases"].items():
            place = f"/bases/{shown(name).replace('/', '~1')}" if self.is_full else f"/{name}/basis"
            if name not in known:
                self.say(place, _("“%s” is no field with a basis of its own.") % shown(name))
            self.one_of(place, basis, Basis.values)
        for slug, strength in self.full["strengths"].items():
            if slug not in self.full["principles"]:
                self.say("/strengths", _("“%s” is not among the principles.") % shown(slug))
            self.one_of("/strengths" if self.is_full else "/principles", strength, Strength.values)

    def _item(self, key: str, n: int, item: Any, place: str) -> None:
        if key in TAGS:
            if n < len(self.given.get(key) or []):  # what follows was taken from the provisions
                self._tag(key, item, place)
            return
        for field in REQUIRED[key]:
            if not item[field].strip():
                self.say(f"{place}/{field}", _("This field must be filled in."))
        for field in ITEM_KEYS[key]:
            if field in LONGEST and (key, field) != ("caveats", "text"):
                self.length(f"{place}/{field}", field, item[field])
        for (list_, field), choices in CHOICES.items():
            if list_ == key:
                self.one_of(f"{place}/{field}", item[field], choices)
        for field in EDTF_KEYS.get(key, ()):
            self.date(f"{place}/{field}", item[field])
        if key != "caveats":
            self.one_of(f"{place}/basis", item["basis"], Basis.values)
        getattr(self, f"_{key}", lambda *_: None)(item, place)

    def _tag(self, key: str, slug: str, place: str) -> None:
        if not slug:
            self.say(place, _("This field must be filled in."))
            return
        self.other(place, key[:-1], slug)
        same = [self.lookup.target(key[:-1], other) or other for other in self.full[key]]
        if same.count(self.lookup.target(key[:-1], slug) or slug) > 1:
            self.say(place, _("“%s” stands in the list more than once.") % shown(slug))

    def _names(self, item: dict, place: str) -> None:
        if not LANGUAGE.fullmatch(item["language"]):
            self.say(f"{place}/language", _("A language is written as a BCP 47 tag, like en or zh-Hant."))

    def _identifiers(self, item: dict, place: str) -> None:
        self.spelling(f"{place}/value", item["scheme"], item["value"])

    def _relations(self, item: dict, place: str) -> None:
        self.other(place, item["type"], item["slug"])

    def _participation(self, item: dict, place: str) -> None:
        self.other(place, item["type"], item["slug"])
        first, last = _days(item["effect"] or item["from"]).first, _days(item["until"]).last
        if first and last and first > last:
            self.say(f"{place}/until", _("It ends before it begins."))

    def _provisions(self, item: dict, place: str) -> None:
        if [other["slug"] for other in self.full["provisions"]].count(item["slug"]) > 1:
            self.say(place, _("Two provisions have the address “%s”.") % shown(item["slug"]))
        try:
            validate_slug(item["slug"])
        except ValidationError:
            self.say(f"{place}/slug", _("A slug has letters, digits and hyphens only."))
        for n, carried in enumerate(item["principles"]):
            here, slug = f"{place}/principles/{n}", carried["slug"]
            if not slug:
                self.say(here, _("This field must be filled in."))
            elif [other["slug"] for other in item["principles"]].count(slug) > 1:
                self.say(here, _("“%s” stands in the list more than once.") % shown(slug))
            self.record(here, Type.PRINCIPLE, slug)
            self.one_of(f"{here}/strength", carried["strength"], Strength.values)
            self.one_of(f"{here}/basis", carried["basis"], Basis.values)

    def _caveats(self, item: dict, place: str) -> None:
        for n, part in enumerate(item["citations"]):
            self._evidence(part, f"{place}/citations/{n}" if self.is_full else f"{place}/cite")
        if item["field"] and not self._leads_somewhere(item["field"]):
            self.say(f"{place}/field", _("“%s” points at nothing in this document.") % shown(item["field"]))

    def _citation(self, item: dict, place: str) -> None:
        """A citation stands for a field, an entry of a list, or a principle that a provision carries."""
        field = item.get("field") or ""
        parts = field.split("/")[1:]
        is_value = len(parts) == 1 and parts[0] not in LISTS
        is_entry = len(parts) == 2 and parts[0] in LISTS
        is_carried = len(parts) == 4 and parts[0] == "provisions" and parts[2] == "principles"
        if not (is_value or is_entry or is_carried) or not self._leads_somewhere(field):
            self.say(place, _("“%s” points at nothing that has citations in this document.") % shown(field))
        self._evidence(own_citation(item), place)

    def _evidence(self, item: dict, place: str) -> None:
        if not item["source"]:
            self.say(place, _("A citation names a source."))
        self.record(place, Type.SOURCE, item["source"])
        self.one_of(place, item["stance"], Stance.values)
        for name in ("locator", "quote"):
            self.length(place, name, item[name])
        if "]" in item["locator"]:
            self.say(place, _("A place in a source is written without “]”."))
        if len(item["quote"].split()) > LONGEST_QUOTE:
            self.say(place, _("The quote “%s” is longer than twelve words.") % shown(item["quote"]))
        if item["paragraph"] == 0:
            self.say(place, _("Paragraphs are counted from 1."))

    def _leads_somewhere(self, pointer: str) -> bool:
        """Whether a pointer leads to a field, an entry of a list or a part of one; caveats cannot be pointed at."""
        first, *rest = pointer.split("/")[1:] or [""]
        if first not in (*SCALARS, *LISTS, *self.model.document_fields) or first == "caveats":
            return False
        target: Any = self.full.get(first, "")
        for part in rest:
            if isinstance(target, list) and INDEX.fullmatch(part) and int(part) < len(target):
                target = target[int(part)]
            elif isinstance(target, dict) and part in target:
                target = target[part]
            else:
                return False
        return pointer.startswith("/")


def _days(text: str) -> edtf.Span:
    """The days of a text that need not be a date."""
    try:
        return edtf.span(text)
    except edtf.NotADate:
        return edtf.Span(None, None)


def _is_moment(text: str) -> bool:
    """Whether it is a time with its offset, within the years that can be converted to UTC."""
    try:
        moment = parse_datetime(text)
        return moment is not None and moment.tzinfo is not None and bool(moment.astimezone(UTC))
    except (ValueError, OverflowError):
        return False
