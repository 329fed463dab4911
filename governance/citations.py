"""Citations held against the texts they cite: does the paragraph exist, does the quote stand in it."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from governance.ingest.folding import holds
from governance.ingest.passages import Reading, readings
from governance.knowledge import cite
from governance.models import Citation, Passage, Source


@dataclass(frozen=True)
class Finding:
    """A citation that does not stand, and what of it does not."""

    citation: Citation
    problem: str

    def __str__(self) -> str:
        place = f"{self.citation.record.reference} {self.citation.field or '/'}"
        return f"{place}: {written(self.citation)}: {self.problem}"


@dataclass
class Check:
    """The result: what does not stand, how many were held against a text, how many could not be, by source code."""

    findings: list[Finding] = field(default_factory=list)
    checked: int = 0
    without_text: Counter = field(default_factory=Counter)


def check(source_code: str = "") -> Check:
    """Check all citations, or those of one source; raises Source.DoesNotExist for a code that there is not."""
    sources = Source.objects.order_by("slug")
    if source_code:
        sources = sources.filter(pk=sources.get(slug__iexact=source_code).pk)
    result = Check()
    cited = Citation.objects.select_related("record", "source").order_by("record__type", "record__slug", "position")
    for source in sources.annotate(has_text=Exists(Passage.objects.filter(source=OuterRef("pk")))):
        citations = cited.filter(source=source)
        if not source.has_text:
            result.without_text += Counter({source.slug: citations.count()})
            continue
        text = _Text(source)
        for citation in citations:
            result.checked += 1
            result.findings += [Finding(citation, problem) for problem in text.problems(citation)]
    return result


def faults(document: dict) -> list[str]:
    """What of the citations in a document (the full form) does not stand in the texts there are, in words; each once.

    The document may be one that is not in the rows yet. Sources without a text have nothing to be held against.
    """
    found: dict[str, None] = {}
    texts: dict[str, _Text] = {}
    cited = [*(document.get("citations") or ())]
    cited += [item for caveat in document.get("caveats") or () for item in caveat.get("citations") or ()]
    sources = Source.objects.filter(slug__in={item["source"] for item in cited}, passages__isnull=False).distinct()
    by_code = {source.slug: source for source in sources}
    for item in cited:
        source = by_code.get(item["source"])
        if source is None:
            continue
        text = texts.get(source.slug) or texts.setdefault(source.slug, _Text(source))
        citation = Citation(source=source, paragraph=item.get("paragraph"), quote=item.get("quote") or "")
        found |= {f"{cite.write(item)}: {problem}": None for problem in text.problems(citation)}
    return list(found)


def written(citation: Citation) -> str:
    """A citation as people write it in a document."""
    names = ("paragraph", "locator", "quote", "stance")
    return cite.write({"source": citation.source.slug} | {name: getattr(citation, name) for name in names})


class _Text:
    """One source's readings, by the number of each paragraph in them."""

    def __init__(self, source: Source) -> None:
        self.readings = list(readings(source))
        self.by_number = {number: reading for reading in self.readings for number in reading.numbers}
        self._holding: dict[str, list[Reading]] = defaultdict(list)

    def problems(self, citation: Citation) -> Iterator[str]:
        number, quote = citation.paragraph, citation.quote
        if number is not None and number not in self.by_number:
            yield _("there is no paragraph %(number)s; the last is %(last)s") % {
                "number": number, "last": max(self.by_number),
            }  # fmt: skip
        elif number is not None and not holds(self.by_number[number].text, quote):
            where = self._where(self.by_number[number], quote)
            yield _("the quote does not stand in this paragraph; %(where)s") % {"where": where}
        elif number is None and quote and not self._places(quote):
            yield _("the quote stands nowhere in the text")

    def _where(self, cited: Reading, quote: str) -> str:
        if holds(cited.text.casefold(), quote.casefold()):
            return _("its words stand there with other capitals")
        places = ", ".join(f"¶{'+'.join(map(str, place.numbers))}" for place in self._places(quote)[:5])
        return _("it stands in %(places)s") % {"places": places} if places else _("it stands nowhere in the text")

    def _places(self, quote: str) -> list[Reading]:
        if quote not in self._holding:
            self._holding[quote] = [reading for reading in self.readings if holds(reading.text, quote)]
        return self._holding[quote]
