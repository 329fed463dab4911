"""Countries as people write them: variants, former names, inverted names, codes, with footnote marks.

The names come from the country records themselves. What names no country, or two, is refused with what comes near.
"""

import re

from django.utils.translation import gettext as _

from governance.importing.names import Known, NameIndex, without_footnotes
from governance.models import Country
from governance.models.vocabulary import Type


class NotFound(ValueError):
    """No record, or more than one, bears the name; the message says so and names what comes near."""


class Countries:
    """Finds countries by name or code; built once for an import."""

    def __init__(self) -> None:
        self.names = NameIndex(Type.COUNTRY)
        self._codes: dict[str, Known] = {}
        for pk, *codes in Country.objects.values_list("pk", "iso2", "iso3", "m49"):
            if pk in self.names.records:
                self._codes |= {code: self.names.records[pk] for code in codes if code}

    def find(self, written: str) -> Known:
        """Return the one country meant; raises NotFound."""
        known = self.lookup(written)
        if known is None:
            raise NotFound(unknown(_("country"), written, self.names.near(_bare(written))))
        return known

    def lookup(self, written: str) -> Known | None:
        """Return the country meant, None when there is none; raises NotFound when the name can mean two."""
        bare = _bare(written)
        for code in (written, bare):
            if known := self._codes.get(code) or self.names.by_slug(code):
                return known
        for spelling in _spellings(bare):
            found = self.names.named(spelling)
            if len(found) > 1:
                raise NotFound(ambiguous(written, found))
            if found:
                return found[0]
        return None


def _bare(written: str) -> str:
    return without_footnotes(" ".join(written.split())).strip(" .,;:")


def _spellings(name: str) -> list[str]:
    """The name itself, and turned round where it is inverted: “Korea, Republic of”, “Iran (Islamic Republic of)”.

    No word is ever dropped: “Congo (Democratic Republic of the)” is not Congo.
    """
    spellings = [name]
    if match := re.fullmatch(r"([^,()]+),\s*([^,()]+)", name):
        spellings.append(f"{match[2]} {match[1]}")
    if match := re.fullmatch(r"([^()]+?)\s*\(([^()]+)\)", name):
        spellings += [f"{match[2]} {match[1]}", f"{match[1]} {match[2]}"]
    return spellings


def unknown(what: str, written: str, near: list[Known]) -> str:
    """“…” is no country that is known here; is … meant?"""
    message = _("“%(text)s” is not the name of a known %(what)s.") % {"text": written[:80], "what": what}
    if near:
        message += " " + _("Is one of these meant: %s?") % ", ".join(known.title for known in near)
    return message


def ambiguous(written: str, found: list[Known]) -> str:
    """A name that several records bear, with all of them."""
    named = ", ".join(f"{known.title} ({known.slug})" for known in found)
    return _("“%(text)s” can mean: %(found)s. Write which.") % {"text": written[:80], "found": named}
