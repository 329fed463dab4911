"""The questions that a check asks of one value; each says the problem it finds."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from governance import edtf, identifiers, markdown
from governance.knowledge.lookup import Lookup
from governance.knowledge.problems import Problem, shown

LONGEST = {
    "title": 400, "text": 400, "value": 300, "note": 300, "role": 120, "label": 120, "slug": 120, "heading": 400,
    "language": 16, "field": 120, "locator": 120, "quote": 300, "body": markdown.LONGEST,
}  # fmt: skip


class Rules:
    """Collects the problems of one document; `own` is the type and slug of its record."""

    def __init__(self, own: tuple[str, str], lookup: Lookup) -> None:
        self.own, self.lookup = own, lookup
        self.problems: list[Problem] = []

    def say(self, place: str, message: str) -> None:
        self.problems.append(Problem(place, message))

    def spelling(self, place: str, scheme: str, value: str) -> bool:
        """Say it and return True when an identifier is not spelled as its scheme wants."""
        example = identifiers.fault(scheme, value)
        if example:
            self.say(place, _("“%(v)s” is not spelled like %(e)s.") % {"v": shown(value), "e": example})
        return bool(example)

    def length(self, place: str, field: str, text: str) -> None:
        if len(text) > LONGEST[field]:
            self.say(place, _("This text is longer than %s characters.") % LONGEST[field])

    def date(self, place: str, text: str) -> None:
        if text:
            try:
                edtf.span(text)
            except edtf.NotADate as error:
                self.say(place, str(error))

    def one_of(self, place: str, value: str, choices: Iterable[str]) -> None:
        if value not in choices:
            said = {"value": shown(value), "choices": ", ".join(choices)}
            self.say(place, _("“%(value)s” is not one of: %(choices)s.") % said)

    def record(self, place: str, type_: str, slug: str) -> None:
        if slug and (type_, slug) != self.own and not self.lookup.knows(type_, slug):
            self.say(place, _("There is no record %s.") % shown(f"{type_}/{slug}"))

    def other(self, place: str, type_: str, slug: str) -> None:
        """A reference to a record that is not this one."""
        here = self.lookup.find(*self.own)
        if (type_, slug) == self.own or (here and here == self.lookup.target(type_, slug)):
            self.say(place, _("A record does not refer to itself here."))
        self.record(place, type_, slug)
