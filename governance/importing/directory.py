"""What an import must know of the knowledge base to read a row: parties, levels, topics, sources by their names."""

import re

from django.utils.translation import gettext as _

from governance.importing.cells import is_blank_word
from governance.importing.countries import Countries, NotFound, ambiguous, unknown
from governance.importing.names import Known, NameIndex, without_footnotes
from governance.knowledge import cite
from governance.models import Source
from governance.models.vocabulary import Type

_SEPARATORS = re.compile(r"(?<!\\);|\n")
_LOOSE_SEPARATORS = re.compile(r"\s*(?:,|/|\band\b|&|–|—|\s-\s)\s*")
_CITATIONS = re.compile(r";(?=(?:[^']*'[^']*')*[^']*$)|\n")
_CODE = re.compile(r"!?[A-Z]{1,3}\d{1,4}\b.*", re.DOTALL)


class Directory:
    """Built once for an import, in a handful of queries."""

    def __init__(self) -> None:
        self.countries = Countries()
        self.actors = NameIndex(Type.ACTOR)
        self.levels = NameIndex(Type.LEVEL)
        self.topics = NameIndex(Type.TOPIC)
        self.principles = NameIndex(Type.PRINCIPLE)
        self.records = NameIndex(Type.INSTRUMENT, Type.ACTOR, Type.EVENT, Type.PRACTICE)
        sources = list(Source.objects.values_list("slug", "address"))
        self.codes = {code for code, _address in sources}
        self._addresses = {_address_key(address): code for code, address in sources if address}

    def party(self, written: str) -> Known:
        """The country or actor of this name; raises NotFound."""
        exact = self.actors.by_slug(written) or self.countries.lookup(written) or _only(self.actors, written, written)
        if exact is not None:
            return exact
        bare = without_footnotes(written)
        actor = self.actors.by_slug(bare) or _only(self.actors, bare, written)
        if actor is None:
            near = [*self.countries.names.near(bare), *self.actors.near(bare)][:3]
            raise NotFound(unknown(_("country or actor"), written, near))
        return actor

    def try_party(self, written: str) -> Known | None:
        """The party of this name, None where there is none or more than one."""
        try:
            return self.party(written)
        except NotFound:
            return None

    def parties(self, written: str) -> list[Known]:
        """All parties of a cell: parted by semicolons or lines, else by commas and “and” where each part is known."""
        parts = split(written)
        if len(parts) == 1:
            try:
                return [self.party(parts[0])]
            except NotFound:
                parts = [part for part in _LOOSE_SEPARATORS.split(parts[0]) if part]
        return [self.party(part) for part in parts]

    def record(self, written: str, index: NameIndex, what: str) -> Known:
        """The record of this slug, reference or name; raises NotFound."""
        found = index.by_slug(written) or _only(index, written, written)
        if found is None:
            raise NotFound(unknown(what, written, index.near(written)))
        return found

    def citations(self, written: str) -> tuple[list[str], list[str], list[str]]:
        """Read a cell of sources into citations, references that no source of ours bears, and faults."""
        cites: list[str] = []
        others: list[str] = []
        faults: list[str] = []
        for part in filter(None, map(str.strip, _CITATIONS.split(written))):
            code = self._addresses.get(_address_key(part))
            if code or part in self.codes:
                cites.append(code or part)
            elif is_blank_word(part):
                continue
            elif _CODE.fullmatch(part):
                self._citation(part, cites, faults)
            else:
                others.append(part)
        return cites, others, faults

    def _citation(self, part: str, cites: list[str], faults: list[str]) -> None:
        try:
            items = cite.parse(part)
        except cite.BadCitation as error:
            faults.append(str(error))
            return
        if items[0]["source"] in self.codes:
            cites.append(part)
        else:
            faults.append(_("There is no source “%s”. Add it first, or correct its code.") % items[0]["source"])


def _only(index: NameIndex, sought: str, written: str) -> Known | None:
    found = index.named(sought)
    if len(found) > 1:
        raise NotFound(ambiguous(written, found))
    return found[0] if found else None


def _address_key(address: str) -> str:
    return address.strip().casefold().removeprefix("https://").removeprefix("http://").removeprefix("www.").rstrip("/")


def split(written: str) -> list[str]:
    r"""The parts of a list cell; a semicolon that belongs to a part is written `\;`."""
    parts = (part.replace("\\;", ";").strip() for part in _SEPARATORS.split(written))
    return [part for part in parts if part]


def join(parts: list[str]) -> str:
    """A list cell that `split` takes apart again."""
    return "; ".join(part.replace(";", "\\;") for part in parts)
