"""A search document as OpenSearch is given it."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any

from search.documents import SearchDocument
from search.engines.opensearch.mapping import AMOUNTS, LONGEST_WORD, STEPS
from search.lengths import LENGTHS, length_bytes
from search.meaning import LINKED_ZONES, NAME_ZONES, ZONES, Zones, stemmed
from search.names import Text
from search.passages import PASSAGE
from search.provisions import PROVISION
from search.ranking import ZONE_WEIGHTS
from search.text import fold, tokens, words

MOST_HEADS = 8  # words of a name that a suggestion may begin with
LONGEST_ORDER = 200  # characters of a title that it is sorted by
Means = dict[str, float]


class Zone:
    """The texts of a zone: each word with its other forms at its place, and how often each form is there."""

    def __init__(self, name: str, texts: Iterable[Text]) -> None:
        self.name = name
        self.counts: Counter[str] = Counter()
        self.texts = [text for text in map(self._text, texts) if text]
        self.length = int(LENGTHS[length_bytes(self.counts.total())])  # type: ignore[arg-type]

    def _text(self, text: Text) -> str:
        places: dict[int, list[str]] = {}
        for token in tokens(text.text):
            word = token.text[:LONGEST_WORD]
            forms = places.setdefault(token.position, [])
            forms.append(word)
            if self._has_stems(text) and not token.whole:
                forms.append(stemmed(word, text.language))
        for forms in places.values():
            self.counts.update(forms)
        return " ".join("|".join(dict.fromkeys(places[place])) for place in sorted(places))

    def _has_stems(self, text: Text) -> bool:
        """Only names have stems of other languages than English."""
        return text.stemmed and (text.language == "en" or self.name in NAME_ZONES)

    def unit(self, means: Means) -> float:
        """What one word counts in it."""
        weight, share = ZONE_WEIGHTS[self.name]
        return weight / ((1 - share) + share * self.length / means[self.name])


def zones_of(document: SearchDocument) -> dict[str, Zone]:
    zones = {name: Zone(name, texts) for name, texts in document.zones.items() if texts}
    return {name: zone for name, zone in zones.items() if zone.length}


def amounts(zones: dict[str, Zone], units: dict[str, float], among: Zones) -> str:
    """What each form amounts to over some of the zones, as the analyzer wants it."""
    found: defaultdict[str, float] = defaultdict(float)
    for name, zone in zones.items():
        if name in among:
            for form, times in zone.counts.items():
                found[form] += units[name] * times
    return " ".join(f"{form}|{max(1, round(STEPS * amount))}" for form, amount in found.items())


def mean_lengths(lengths: dict[str, list[int]]) -> Means:
    return {name: sum(lengths[name]) / len(lengths[name]) if lengths.get(name) else 1.0 for name in ZONES}


def fields(document: SearchDocument, zones: dict[str, Zone], means: Means) -> dict[str, Any]:
    """What is written for a document."""
    calendar = document.calendar
    own = {form for name, zone in zones.items() if name not in LINKED_ZONES for form in zone.counts}
    force = {"force": {"gte": calendar.force[0], "lte": calendar.force[1]}} if calendar.force else {}
    units = {name: zone.unit(means) for name, zone in zones.items()}
    return {
        "key": document.key, "record": document.record, "type": document.type, "slug": document.slug,
        "title": document.title, "url": document.url, "digest": document.digest, "mention": document.mention,
        "parent": document.parent, "shown": document.shown, "near": document.linked,
        **({} if "/" in document.key else {"ref": f"{document.type}/{document.slug}"}),
        "zones": {name: zone.texts for name, zone in zones.items()},
        "units": units,
        **{field: amounts(zones, units, among) for among, field in AMOUNTS.items()},
        "any": sorted({form for zone in zones.values() for form in zone.counts}),
        "own": sorted(own),
        "exact": [f"{rank} {form}" for form, rank in document.exact.items()],
        "carried": [f"{strength} {slug}" for slug, strength in document.carried.items()],
        "linked": sorted(document.linked),
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
