"""Names made comparable, and an index from names to records that never chooses between two."""

import difflib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache

from governance.models import Name, Record
from governance.models.vocabulary import NameKind, State

_DROPPED = frozenset(
    [
        "of",
        "the",
        "and",
        "de",
        "la",
        "le",
        "les",
        "del",
        "el",
        "et",
        "y",
        "du",
        "des",
        "for",
        "on",
        "to",
        "in",
        "a",
        "an",
        "der",
        "die",
        "und",
    ]
)
_WRITTEN_OUT = {
    "rep": "republic", "dem": "democratic", "fed": "federation", "st": "saint", "sts": "saints", "govt": "government",
    "is": "islands", "isl": "islands", "dpr": "democratic peoples republic", "pdr": "peoples democratic republic",
}  # fmt: skip
_INITIALS = re.compile(r"\b[a-z](?: [a-z])+\b")  # “U.S.A.” is “USA”
# The marks of footnotes: superscript digits, daggers, digits in brackets, digits after a letter or a space.
_FOOTNOTES = re.compile(
    r"(?:\s*(?:[*†‡§¶]+|[\u00b9\u00b2\u00b3\u2070-\u209f]+|\[\w{1,2}(?:\s*,\s*\w{1,2})*\]|\(\d{1,2}\)|\d{1,2})\s*,?)+$"
)


LONGEST_KEPT = 300  # letters: what is longer is no name, and a cell of an uploaded table may be very long


class _Folding(dict[int, str]):
    """What becomes of each letter, by its number, for `str.translate`; found out when a letter is first met."""

    def __init__(self, keep: str) -> None:
        self.keep = keep

    def __missing__(self, number: int) -> str:
        letter = chr(number)
        if letter in self.keep or letter.isalnum():
            self[number] = letter
        elif unicodedata.combining(letter) or letter in "'’‘`´ʼ":
            self[number] = ""
        else:
            self[number] = " and " if letter == "&" else " "
        return self[number]


_folding = cache(_Folding)


def fold(value: str, keep: str = "") -> str:
    """Lower case without accents; punctuation becomes a space but for what is in `keep`, apostrophes go."""
    return unicodedata.normalize("NFKD", value.casefold()).translate(_folding(keep))


def key(value: str) -> str:
    """What two spellings of one name have in common: folded words without articles, abbreviations written out."""
    return _kept_key(value) if len(value) <= LONGEST_KEPT else _kept_key.__wrapped__(value)


@lru_cache(50_000)  # every import takes in all names of the knowledge anew, and most are those of the last one
def _kept_key(value: str) -> str:
    folded = _INITIALS.sub(lambda match: match[0].replace(" ", ""), " ".join(fold(value).split()))
    words = [_WRITTEN_OUT.get(word, word) for word in folded.split()]
    kept = [word for word in words if word not in _DROPPED]
    return " ".join(kept or words)


def without_footnotes(value: str) -> str:
    """The text without footnote marks at its end: “Algeria 2”, “Germany3, 4”, “Türkiye¹⁴”."""
    shorter = _FOOTNOTES.sub("", value.rstrip(" ,")).rstrip(" ,")
    return shorter if any(letter.isalpha() for letter in shorter) else value


@dataclass(frozen=True)
class Known:
    """A record as the index knows it."""

    pk: int
    type: str
    slug: str
    title: str

    @property
    def reference(self) -> str:
        return f"{self.type}/{self.slug}"


class NameIndex:
    """All names of the records of some types; `plain` names, which people only search with, count as hints alone."""

    def __init__(self, *types: str) -> None:
        self._found: dict[str, dict[int, Known]] = {}
        self._hints: dict[str, dict[int, Known]] = {}
        self._slugs: dict[str, Known] = {}
        self.records: dict[int, Known] = {}
        records = Record.objects.of_types(*types).exclude(state=State.WITHDRAWN)
        for pk, type_, slug, title in records.values_list("pk", "type", "slug", "title"):
            self.records[pk] = Known(pk, type_, slug, title)
            self._slugs[f"{type_}/{slug}"] = self._slugs[slug] = self.records[pk]
            self.add(title, pk)
        names = Name.objects.filter(record__in=records).values_list("text", "kind", "record_id")
        for text, kind, pk in names.iterator():
            self.add(text, pk, hint=kind == NameKind.PLAIN)

    def add(self, name: str, pk: int, hint: bool = False) -> None:
        """Take in one name of a record that the index has."""
        index = self._hints if hint else self._found
        index.setdefault(key(name), {})[pk] = self.records[pk]

    def by_slug(self, slug: str) -> Known | None:
        """The record with exactly this slug or reference (`instrument/icrmw`)."""
        return self._slugs.get(slug)

    def named(self, value: str) -> list[Known]:
        """All records that bear this name; one when it is clear."""
        found = self._found.get(key(value), {}) if key(value) else {}
        exact = [known for known in found.values() if fold(known.title) == fold(value)]
        return exact if len(exact) == 1 else list(found.values())

    def near(self, value: str, limit: int = 3) -> list[Known]:
        """Records with a name that resembles `value`: to be shown, never to be taken."""
        sought = key(value)
        hints = list(self._hints.get(sought, {}).values())
        close = difflib.get_close_matches(sought, self._words(), n=limit * 2, cutoff=0.75) if sought else []
        for name in close:
            hints += self._found[name].values()
        return list({known.pk: known for known in hints}.values())[:limit]

    def _words(self) -> Iterable[str]:
        return self._found.keys()
