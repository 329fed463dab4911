"""The evidence of one record, by value: what each rests on and what a reader must know about it."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext_lazy as _

from governance.models import Caveat, Citation, Record
from governance.models.vocabulary import Basis

BASIS_WORDS = {
    Basis.STATED: _("stated"),
    Basis.INFERRED: _("inferred"),
    Basis.COMPUTED: _("computed"),
    Basis.EDITORIAL: _("editorial"),
}


@dataclass
class Evidence:
    """What stands behind one value; `place` is its record and its pointer, as a report of an error names them."""

    basis: str = ""
    citations: list[Citation] = field(default_factory=list)
    caveats: list[Caveat] = field(default_factory=list)
    place: str = ""

    @property
    def basis_label(self) -> str:
        return str(Basis(self.basis).label) if self.basis in Basis.values else ""

    @property
    def basis_word(self) -> str:
        """The basis in one word, for a mark beside the value."""
        return str(BASIS_WORDS[Basis(self.basis) if self.basis in Basis.values else Basis.EDITORIAL])

    @property
    def is_marked(self) -> bool:
        """A value that no source states in so many words is marked as such."""
        return self.basis in (Basis.INFERRED, Basis.COMPUTED) or (self.basis == Basis.EDITORIAL and not self.citations)

    @property
    def is_disputed(self) -> bool:
        return any(caveat.is_dispute for caveat in self.caveats) or any(c.contradicts for c in self.citations)

    @property
    def is_weak(self) -> bool:
        """All that supports the value are sources of low reliability."""
        supporting = [citation.source for citation in self.citations if not citation.contradicts]
        return bool(supporting) and all(source.weak for source in supporting)

    @property
    def marks(self) -> list[str]:
        """The places it rests on, each once."""
        return list(dict.fromkeys(citation.mark for citation in self.citations))

    @property
    def further(self) -> int:
        """How many places stand behind the first two."""
        return max(len(self.marks) - 2, 0)

    def __bool__(self) -> bool:
        return bool(self.citations or self.caveats)


class EvidenceBook:
    """All evidence of a record, looked up by field: `book.at("/level")`, `book.at("/dates/0")`."""

    def __init__(self, record: Record, citations: Iterable[Citation], caveats: Iterable[Caveat]) -> None:
        self.record = record
        self._by_field: dict[str, Evidence] = {}
        self._caveat_citations: dict[str, list[Citation]] = {}
        for citation in citations:
            if citation.field.startswith("/caveats/"):
                self._caveat_citations.setdefault(citation.field, []).append(citation)
            else:
                self._of(citation.field).citations.append(citation)
        self.caveats = list(caveats)
        for caveat in self.caveats:
            caveat.evidence = self._caveat_citations.get(f"/caveats/{caveat.position}", [])
            self._of(caveat.field).caveats.append(caveat)
        for name, basis in record.bases.items():
            self._of(f"/{name}").basis = basis

    def _of(self, pointer: str) -> Evidence:
        return self._by_field.setdefault(pointer, Evidence(place=self.place(pointer)))

    def place(self, pointer: str) -> str:
        """What a report of an error names: `about=instrument/icrmw&at=/dates/0`."""
        return f"about={self.record.reference}&at={pointer}"

    def at(self, pointer: str) -> Evidence:
        """The evidence of a field; empty when there is none."""
        return self._by_field.get(pointer) or Evidence(place=self.place(pointer))

    def of_row(self, key: str, row) -> Evidence:
        """The evidence of one row of a list, with the row's own basis."""
        found = self.at(f"/{key}/{row.position}")
        return replace(found, basis=getattr(row, "basis", ""))

    @property
    def of_whole(self) -> Evidence:
        return self.at("")

    def sources(self) -> list[tuple]:
        """Each source the record rests on with its paragraphs, in order of code: `[(source, [citation, …])]`."""
        found: dict[int, tuple] = {}
        everything = [c for e in self._by_field.values() for c in e.citations]
        everything += [c for citations in self._caveat_citations.values() for c in citations]
        for citation in everything:
            found.setdefault(citation.source_id, (citation.source, {}))[1].setdefault(citation.mark, citation)
        listed = [(source, sorted(marks.values(), key=lambda c: c.paragraph or 0)) for source, marks in found.values()]
        return sorted(listed, key=lambda pair: _by_code(pair[0].slug))


def _by_code(code: str) -> tuple:
    """Codes as people count them: S0, S4, R9, R9b, R42; the texts (S) come before the pages (R)."""
    digits = "".join(c for c in code[1:] if c.isdecimal())
    return (-ord(code[0]), int(digits or 0), code)
