"""A search document as OpenSearch is given it."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any

from search.documents import SearchDocument
from search.engines.opensearch.mapping import AMOUNTS, LONGEST_WORD
from search.engines.opensearch.meaning import LINKED_ZONES, NAME_ZONES, STEM, ZONES, Zones
from search.names import Text
from search.passages import PASSAGE
from search.provisions import PROVISION
from search.ranking import STEMMED, ZONE_WEIGHTS
from search.stems import languages, stem
from search.text import fold, tokens, words

MOST_HEADS = 8  # words of a name that a suggestion may begin with
LONGEST_ORDER = 200  # characters of a title that it is sorted by
Means = dict[str, float]


def feature(term: str) -> str:
    """A term as the name of a feature, which may hold no dot."""
    return term.replace(".", "·")


def stemmed(word: str, language: str) -> str:
    return f"{STEM}{language}:{stem(word, language)}"


class Zone:
    """The texts of a zone: each word with its other forms at its place, and how often each form is there."""

    def __init__(self, texts: Iterable[Text]) -> None:
        self.counts: Counter[str] = Counter()
        self.texts = [text for text in map(self._text, texts) if text]

    @property
    def length(self) -> int:
        return sum(text.count(" ") + 1 for text in self.texts)

    def _text(self, text: Text) -> str:
        places: dict[int, list[str]] = {}
        for token in tokens(text.text):
            word = token.text[:LONGEST_WORD]
            forms = places.setdefault(token.position, [])
            forms.append(word)
            if text.stemmed and not token.whole:
                forms.append(stemmed(word, text.language))
        for forms in places.values():
            self.counts.update(forms)
        return " ".join("|".join(dict.fromkeys(places[place])) for place in sorted(places))


def counts_in(form: str, zone: str) -> bool:
    """Does a form count in a zone? Stems of other languages do only where names in them are."""
    return not form.startswith(STEM) or form.startswith(f"{STEM}en:") or zone in NAME_ZONES


def zones_of(document: SearchDocument) -> dict[str, Zone]:
    return {name: Zone(texts) for name, texts in document.zones.items() if texts}


def amounts(zones: dict[str, Zone], means: Means, among: Zones) -> dict[str, float]:
    """What each form amounts to over some of the zones; for a word its stems are in it, as a query counts them."""
    plain: defaultdict[str, float] = defaultdict(float)
    for name, zone in zones.items():
        if name not in among:
            continue
        weight, share = ZONE_WEIGHTS[name]
        norm = (1 - share) + share * zone.length / means[name]
        for form, times in zone.counts.items():
            if counts_in(form, name):
                plain[form] += weight * times / norm
    found = dict(plain)
    for form in plain:
        if not form.startswith(STEM):
            found[form] += STEMMED * sum(plain.get(stemmed(form, language), 0.0) for language in languages(form))
    return {feature(form): amount for form, amount in found.items()}


def mean_lengths(lengths: dict[str, list[int]]) -> Means:
    return {name: sum(lengths[name]) / len(lengths[name]) if lengths.get(name) else 1.0 for name in ZONES}


def fields(document: SearchDocument, zones: dict[str, Zone], means: Means) -> dict[str, Any]:
    """What is written for a document."""
    calendar = document.calendar
    own = {form for name, zone in zones.items() if name not in LINKED_ZONES for form in zone.counts}
    force = {"force": {"gte": calendar.force[0], "lte": calendar.force[1]}} if calendar.force else {}
    return {
        "key": document.key, "record": document.record, "type": document.type, "slug": document.slug,
        "title": document.title, "url": document.url, "digest": document.digest, "mention": document.mention,
        "parent": document.parent, "shown": document.shown,
        **({} if "/" in document.key else {"ref": f"{document.type}/{document.slug}"}),
        "zones": {name: zone.texts for name, zone in zones.items()},
        **{field: amounts(zones, means, among) for among, field in AMOUNTS.items()},
        "any": sorted({form for name, zone in zones.items() for form in zone.counts if counts_in(form, name)}),
        "own": sorted(own),
        "exact": [f"{rank} {form}" for form, rank in document.exact.items()],
        "carried": [f"{strength} {slug}" for slug, strength in document.carried.items()],
        "heads": sorted(heads(document)),
        "facets": document.facets,
        "years": [{"gte": first, "lte": last} for first, last in calendar.years],
        "first": [first for first, _last in calendar.years],
        "last": [last for _first, last in calendar.years],
        **({"starts": calendar.starts} if calendar.starts else {}),
        **force,
        "order": fold(document.title)[:LONGEST_ORDER],
    }  # fmt: skip


def heads(document: SearchDocument) -> set[str]:
    """What a suggestion of it may begin with: its names, from each of their first words on."""
    if document.type in (PROVISION, PASSAGE):
        return set()
    shown = document.shown
    texts = [document.title, *shown.get("identifiers", ()), *(name[0] for name in shown.get("names", ()))]
    parts = [words(text) for text in texts]
    return {" ".join(part[n:])[:LONGEST_WORD] for part in parts for n in range(min(len(part), MOST_HEADS))}
