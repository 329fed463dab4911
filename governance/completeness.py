"""How much of a checklist, made by reading the source texts, the records hold. Pure functions over documents.

Strict on purpose: a name must be a record's name, not only occur in it; a fact must be cited to its paragraph on the
record it is about; a discrepancy must be a caveat there. Nothing is known here of any particular checklist.
"""

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

RECORD_TYPES = {
    "instrument": "instrument", "actor": "actor", "process": "actor", "principle": "principle", "level": "level",
    "event": "event", "country": "country", "case_study": "practice",
}  # fmt: skip
PLACE_TYPE = "region"  # a city or region may also be the place of a record
OTHER_TYPE = "topic"  # themes, challenges, solutions, mechanisms, definitions, questions, regions …
SALIENCES = ("core", "secondary", "mention")
ENOUGH_WORDS = 0.6  # of the words of a fact that is not a record: it is worded anew on purpose
LONGEST_NAME = 12  # words: a longer wording of a source is not kept, so a part of it may stand for it
SHORTEST_PART = 6
EMPTY_WORDS = frozenset(
    ["and", "the", "its", "for", "with", "from", "that", "this", "are", "their", "has", "been", "into", "text", "puts"]
)

Key = tuple[str, str]


class ChecklistError(ValueError):
    """A checklist cannot be read; the message names the file."""


@dataclass(frozen=True)
class Checklist:
    """The four lists of a checklist folder, as they stand in its JSON files."""

    entities: list[dict]
    facts: list[dict]
    discrepancies: list[dict]
    documents: list[dict]

    @classmethod
    def read(cls, folder: Path) -> "Checklist":
        """Read the folder; raises ChecklistError for a file that is missing or is not JSON."""
        lists = {}
        for name in cls.__dataclass_fields__:
            path = folder / f"{name}.json"
            try:
                lists[name] = json.loads(path.read_text(encoding="utf-8"))
            except (OSError, ValueError) as error:
                raise ChecklistError(f"{path}: {error}") from error
        return cls(**lists)


@dataclass
class Score:
    """Of one kind of entry: how many there are, and which of them were not found."""

    total: int = 0
    missing: list[str] = field(default_factory=list)

    @property
    def found(self) -> int:
        return self.total - len(self.missing)

    @property
    def percent(self) -> float:
        return 100 * self.found / self.total if self.total else 100.0

    def count(self, label: str, found: bool) -> None:
        self.total += 1
        if not found:
            self.missing.append(label)


def words(text: str) -> list[str]:
    """Split into plain words: no markup, accents, case, quotation marks or dashes."""
    text = re.sub(r"<[^>]*>", "", str(text)).replace("’", "'")
    text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return re.findall(r"\w+", re.sub(r"'s\b|'", "", text.casefold()))


def spellings(name: str) -> set[str]:
    """Return the forms in which a name may stand: as it is, without what is in brackets, and that alone."""
    forms = {name, re.sub(r"\s*\([^)]*\)", "", name), *re.findall(r"\(([^)]*)\)", name)}
    found = {" ".join(words(form)) for form in forms}
    return {re.sub(r"^(the|an|a) ", "", form) for form in found if form}


def shared_names(held: set[str], wanted: set[str]) -> set[str]:
    """Return the names held that are wanted, or that are a long part of a wanted one that is too long to be held."""
    long = [f" {name} " for name in wanted if len(name.split()) > LONGEST_NAME]
    parts = [name for name in held if long and len(name.split()) >= SHORTEST_PART]
    return held & wanted | {part for part in parts if any(f" {part} " in name for name in long)}


def place(locator: str) -> tuple[str, int]:
    """Read a locator of the checklist: `S4.p12` is source S4, paragraph 12."""
    code, _, paragraph = locator.partition(".p")
    return code, int(paragraph or 0)


def texts_in(value: Any) -> Iterator[str]:
    """Yield every text in a document, citations left out."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key not in ("citations", "bases", "url", "updated"):
                yield from texts_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts_in(inner)
    elif value is not None:
        yield str(value)


class Holding:
    """One document with what the measure asks of it."""

    def __init__(self, document: dict) -> None:
        self.document = document
        self.key: Key = (document["type"], document["slug"])
        self.names = set().union(*map(spellings, self._own_names()))
        self.places = set().union(*map(spellings, str(document.get("place") or "").split(",")))
        self.values = {(c["source"], c["paragraph"]) for c in document["citations"] if c.get("paragraph")}
        self.caveats = {
            (c["source"], c["paragraph"])
            for caveat in document["caveats"] for c in caveat["citations"] if c.get("paragraph")
        }  # fmt: skip
        self.references = set(self._references())
        self.words = words(" ".join(texts_in(document)))

    def _own_names(self) -> Iterator[str]:
        yield self.document["title"]
        yield from (name["text"] for name in self.document["names"] if name["kind"] != "plain")
        for provision in self.document.get("provisions") or []:
            yield from filter(None, (provision["label"], provision["heading"]))

    def _references(self) -> Iterator[Key]:
        document = self.document
        for item in (*document["relations"], *document["participation"]):
            yield item["type"], item["slug"]
        yield from (("topic", slug) for slug in document["topics"])
        yield from (("principle", slug) for slug in document["principles"])
        if document.get("level"):
            yield "level", document["level"]
        if document.get("parent"):
            yield document["type"], document["parent"]

    def quotes_at(self, places: set) -> Iterator[list[str]]:
        for item in self.document["citations"]:
            if (item["source"], item["paragraph"]) in places and item["quote"]:
                yield words(item["quote"])

    def says(self, name: str) -> bool:
        """Whether a spelling occurs, as whole words, anywhere in the document."""
        return any(f" {form} " in f" {' '.join(self.words)} " for form in spellings(name))


class Measure:
    """A checklist held against documents: which records stand for which entity, and what of the rest is there."""

    def __init__(self, checklist: Checklist, documents: Iterable[dict]) -> None:
        self.checklist = checklist
        self.holdings = {holding.key: holding for holding in map(Holding, documents)}
        self.entities = {entity["key"]: entity for entity in checklist.entities}
        self.wanted = {key: set().union(*map(spellings, entity["names"])) for key, entity in self.entities.items()}
        self.candidates = {key: self._candidates(entity) for key, entity in self.entities.items()}
        self.records = self._assign()

    def _candidates(self, entity: dict) -> list[Holding]:
        """Records of the right type that bear one of the entity's names and are cited to its paragraphs, best first."""
        type_ = RECORD_TYPES.get(entity["type"], OTHER_TYPE)
        names = self.wanted[entity["key"]]
        places = {place(locator) for locator in entity["locators"]}
        parties = [self.entities[p]["names"][0] for p in entity.get("parties") or [] if p in self.entities]
        right = {h.key: shared_names(h.names, names) for h in self.holdings.values() if h.key[0] == type_}
        here = [h for key, h in self.holdings.items() if right.get(key) and places & (h.values | h.caveats)]
        return sorted(here, key=lambda h: (
            -sum(map(h.says, parties)), -len(right[h.key]), -max(map(len, right[h.key])), -len(places & h.values), h.key
        ))  # fmt: skip

    def _assign(self) -> dict[str, Holding]:
        """Give every entity a record of its own as far as there are enough; merged entities may share one."""
        owner: dict[Key, str] = {}

        def find(key: str, tried: set[Key]) -> bool:
            for holding in self.candidates[key]:
                if holding.key not in tried:
                    tried.add(holding.key)
                    if holding.key not in owner or find(owner[holding.key], tried):
                        owner[holding.key] = key
                        return True
            return False

        for key in self.entities:
            find(key, set())
        records = {key: self.holdings[at] for at, key in owner.items()}
        return records | self._merged(records)

    def _merged(self, records: dict[str, Holding]) -> dict[str, Holding]:
        shared = {}
        for key, entity in self.entities.items():
            partners = set(entity.get("may_merge_with") or [])
            partners |= {k for k, other in self.entities.items() if key in (other.get("may_merge_with") or [])}
            for partner in sorted(partners & records.keys() if key not in records else ()):
                if shared_names(records[partner].names, self.wanted[key]):
                    shared[key] = records[partner]
        return shared

    def is_found(self, entity: dict) -> bool:
        """A record stands for the entity, or, for a place, a record cited to the paragraph happens there."""
        if entity["key"] in self.records or entity["type"] != PLACE_TYPE:
            return entity["key"] in self.records
        places = {place(locator) for locator in entity["locators"]}
        return any(places & h.values and self.wanted[entity["key"]] & h.places for h in self.holdings.values())

    def record_of(self, key: str) -> Holding | None:
        """The record that stands for an entity, or for a source document named by its code."""
        return self.records.get(key) or self.holdings.get(("source", key))

    def has_fact(self, fact: dict) -> bool:
        """Cited to its paragraph on the record of its subject or object, with the other side named there."""
        places = {place(locator) for locator in fact["locators"]}
        sides = [self.record_of(fact["subject"])]
        if fact.get("object_is_key"):
            sides.append(self.record_of(fact["object"]))
        for holding, other in zip(sides, [fact["object"], fact["subject"]], strict=False):
            if holding and places & holding.values and self._names_there(holding, other, fact, places):
                return True
        return False

    def _names_there(self, holding: Holding, other: str, fact: dict, places: set) -> bool:
        record = self.record_of(other) if fact.get("object_is_key") else None
        if record and (record is holding or record.key in holding.references or holding.key in record.references):
            return True
        if fact.get("object_is_key"):
            return any(holding.says(name) for name in self.entities.get(other, {}).get("names", []))
        evidence = " ".join(words(fact["evidence"]))
        quoted = (" ".join(quote) for quote in holding.quotes_at(places))
        if any(quote in evidence or evidence in quote for quote in quoted if quote):
            return True
        return _worded(str(fact.get("value") or fact["object"]), holding.words)

    def shows(self, discrepancy: dict) -> bool:
        """A caveat on a record of one of the entities points at one of the paragraphs."""
        places = {place(locator) for locator in discrepancy["locators"]}
        records = filter(None, map(self.record_of, discrepancy["entities"]))
        return any(places & holding.caveats for holding in records)

    def scores(self, code: str) -> dict[str, Score]:
        """Return the scores of one source document by the kind of entry."""
        scores = {name: Score() for name in (*SALIENCES, "facts", "discrepancies", "residue")}
        for entity in self.checklist.entities:
            if code in entity["sources"]:
                scores[entity["salience"]].count(entity["key"], self.is_found(entity))
        for fact in self.checklist.facts:
            if fact["document"] == code:
                label = f"{fact['id']} {fact['subject']} {fact['predicate']} {fact['object']}"
                scores["facts"].count(label, self.has_fact(fact))
        for discrepancy in self.checklist.discrepancies:
            if any(place(locator)[0] == code for locator in discrepancy["locators"]):
                scores["discrepancies"].count(f"{discrepancy['id']} {discrepancy['title']}", self.shows(discrepancy))
        for locator in self._residue(code):
            scores["residue"].count(f"{locator} is cited as evidence", not self._is_evidence(locator))
        return scores

    def _residue(self, code: str) -> list[str]:
        return [p for d in self.checklist.documents if d["id"] == code for p in d.get("boilerplate_paragraphs", [])]

    def _is_evidence(self, locator: str) -> bool:
        """Page residue may support what is said of the text itself, and a caveat may point at it; nothing else may."""
        own = ("source", place(locator)[0])
        return any(place(locator) in holding.values for holding in self.holdings.values() if holding.key != own)


def _worded(text: str, there: list[str]) -> bool:
    """Whether the words say a text that is no record: every number in it and most other words, by their beginnings."""
    numbers = re.findall(r"\d+", text)
    known = {word.lstrip("0") for word in there if word.isdigit()}
    if any(number.lstrip("0") not in known for number in numbers):
        return False
    beginnings = {word[:5] for word in there}
    asked = [w for w in words(text) if len(w) > 2 and w not in EMPTY_WORDS and not w.isdigit()]
    found = sum(word[:5] in beginnings for word in asked)
    return bool(asked or numbers) and found >= ENOUGH_WORDS * len(asked)
