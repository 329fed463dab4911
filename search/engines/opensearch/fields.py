"""A search document as OpenSearch is given it."""

from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from itertools import chain
from typing import Any, NamedTuple

from search.documents import SearchDocument
from search.engines.opensearch.mapping import AMOUNTS, LONGEST_WORD, STEPS
from search.lengths import LENGTHS, length_bytes
from search.meaning import LINKED_ZONES, NAME_ZONES, ZONES, stemmed
from search.names import Text
from search.passages import PASSAGE
from search.provisions import PROVISION
from search.ranking import ZONE_WEIGHTS
from search.text import fold, tokens, words

MOST_HEADS = 8  # words of a name that a suggestion may begin with
LONGEST_ORDER = 200  # characters of a title that it is sorted by
Means = dict[str, float]


class Piece(NamedTuple):
    """A piece of a text without white space: its words and their other forms as the analyzer wants them, and each."""

    text: str
    forms: tuple[str, ...]


@lru_cache(maxsize=65536)
def analysed(piece: str, language: str) -> Piece:
    """What a piece comes to, with stems in a language, if any: the same few come again and again."""
    places: dict[int, list[str]] = {}
    for token in tokens(piece):
        word = token.text[:LONGEST_WORD]
        forms = places.setdefault(token.position, [])
        forms.append(word)
        if language and not token.whole:
            forms.append(stemmed(word, language))
    text = " ".join("|".join(dict.fromkeys(places[place])) for place in sorted(places))
    return Piece(text, tuple(chain.from_iterable(places.values())))


@lru_cache(maxsize=65536)
def _rounded(length: int) -> int:
    return int(LENGTHS[length_bytes(length)])  # type: ignore[arg-type]


class Zone:
    """The texts of a zone: each word with its other forms at its place, and how often each form is there."""

    def __init__(self, name: str, texts: Iterable[Text]) -> None:
        self.name = name
        self.counts: Counter[str] = Counter()
        self.texts = [text for text in map(self._text, texts) if text]
        self.length = _rounded(self.counts.total())

    def _text(self, text: Text) -> str:
        language = self._stems(text)
        pieces = [analysed(piece, language) for piece in text.text.split()]
        self.counts.update(chain.from_iterable(piece.forms for piece in pieces))
        return " ".join(piece.text for piece in pieces if piece.text)

    def _stems(self, text: Text) -> str:
        """The language of its stems, if it has any: only names have those of others than English."""
        return text.language if text.stemmed and (text.language == "en" or self.name in NAME_ZONES) else ""

    def unit(self, means: Means) -> float:
        """What one word counts in it."""
        weight, share = ZONE_WEIGHTS[self.name]
        return weight / ((1 - share) + share * self.length / means[self.name])


def zones_of(document: SearchDocument) -> dict[str, Zone]:
    zones = {name: Zone(name, texts) for name, texts in document.zones.items() if texts}
    return {name: zone for name, zone in zones.items() if zone.length}


def amounts(zones: dict[str, Zone], units: dict[str, float]) -> dict[str, str]:
    """By field, what each form amounts to over some of the zones."""
    among = {field: tuple(name for name in zones if name in some) for some, field in AMOUNTS.items()}
    written = {names: _amounts([(units[name], zones[name]) for name in names]) for names in set(among.values())}
    return {field: written[names] for field, names in among.items()}


def _amounts(zones: Iterable[tuple[float, Zone]]) -> str:
    """As the analyzer wants it."""
    found: dict[str, float] = {}
    for unit, zone in zones:
        for form, times in zone.counts.items():
            found[form] = found.get(form, 0.0) + unit * times
    written = {amount: f"|{max(1, round(STEPS * amount))}" for amount in set(found.values())}
    return " ".join([form + written[amount] for form, amount in found.items()])


def mean_lengths(lengths: dict[str, list[int]]) -> Means:
    return {name: sum(lengths[name]) / len(lengths[name]) if lengths.get(name) else 1.0 for name in ZONES}


def fields(document: SearchDocument, zones: dict[str, Zone], means: Means) -> dict[str, Any]:
    """What is written for a document."""
    calendar = document.calendar
    force = {"force": {"gte": calendar.force[0], "lte": calendar.force[1]}} if calendar.force else {}
    units = {name: zone.unit(means) for name, zone in zones.items()}
    own = [zone.counts for name, zone in zones.items() if name not in LINKED_ZONES]
    every = [zone.counts for zone in zones.values()]
    return {
        "key": document.key, "record": document.record, "type": document.type, "slug": document.slug,
        "title": document.title, "url": document.url, "digest": document.digest, "mention": document.mention,
        "parent": document.parent, "shown": document.shown, "near": document.linked,
        **({} if "/" in document.key else {"ref": f"{document.type}/{document.slug}"}),
        "zones": {name: zone.texts for name, zone in zones.items()},
        "units": units,
        **amounts(zones, units),
        "any": list(dict.fromkeys(chain.from_iterable(every))),
        "own": list(dict.fromkeys(chain.from_iterable(own))),
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
