"""What a segment has for each document beside its words: columns to rank, filter and count by, names, what is shown.

A column of lists is two arrays: `<name>.counts`, how many items each document has, and `<name>.items`, one after the
other. Values of facets are numbers in a list of the segment's own, in `meta`.
"""

from array import array
from functools import lru_cache
from hashlib import blake2b
from typing import Any

import numpy as np
import orjson

from search.dates import ALWAYS
from search.documents import SearchDocument
from search.engines.whoosh.dictionary import pack
from search.filing import FACETS
from search.names import suggested
from search.stems import COMMON, stem
from search.text import words

UNDATED = 0
LISTS = ("years", *(f"facet.{name}" for name in FACETS), "titles", "rows", "name_sizes")  # copied as they are
SINGLES = {"records": 1, "starts": 1, "force": 2}  # columns, and how many items a document has in them
# These begin a filed form: called so, carries this principle, is this record, is linked to this record.
EXACT, CARRIED, RECORD, LINKED = "e", "c", "r", "l"
_MOST_WORDS = 8  # of a name from which it is suggested


@lru_cache(maxsize=65536)
def mark(text: str) -> int:
    """A number that stands for a stem in a name: 63 bits, the same everywhere."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "little") >> 1


class Marks(dict):
    """chunk of a name in one language → the marks of its stems, without those of common words."""

    def __init__(self, language: str) -> None:
        self.language = language

    def __missing__(self, chunk: str) -> frozenset[int]:
        found = frozenset(mark(stem(word, self.language)) for word in words(chunk) if word not in COMMON)
        self[chunk] = found
        return found


class Columns:
    """Collects documents; `arrays` gives their columns, filed forms and suggestions."""

    def __init__(self, marks: dict[str, Marks]) -> None:
        """`marks`: by language, what is known of the stems in names; it grows."""
        self.records, self.starts, self.force = array("q"), array("i"), array("i")
        self._lists: dict[str, tuple[array, Any]] = {name: (array("I"), array("i")) for name in LISTS}
        self._lists |= {"titles": (array("I"), bytearray()), "rows": (array("I"), bytearray())}
        self._stems = array("q")
        self._values: dict[str, dict[str, int]] = {name: {} for name in FACETS}
        self._marks = marks
        self._filed: dict[bytes, list[tuple[int, int]]] = {}
        self.suggestions: list[tuple[bytes, int, int, int]] = []  # text from a word on, place, later, document

    def __len__(self) -> int:
        return len(self.records)

    def add(self, document: SearchDocument) -> None:
        number, calendar = len(self.records), document.calendar
        self.records.append(document.record)
        self.starts.append(calendar.starts or UNDATED)
        self.force.extend(calendar.force or (ALWAYS, 0))
        self._list("years", [year for run in calendar.years for year in run])
        for name, known in self._values.items():
            self._list(f"facet.{name}", [known.setdefault(v, len(known)) for v in document.facets.get(name, ())])
        self._list("titles", document.title.encode())
        self._list("rows", orjson.dumps(_row(document)))
        self._name(document)
        for prefix, forms in ((EXACT, document.exact), (CARRIED, document.carried), (LINKED, document.linked)):
            for form, rank in forms.items():
                self._file(prefix, form, number, rank)
        if "/" not in document.key:  # a record, not a part of one
            self._file(RECORD, f"{document.type}/{document.slug}", number, 1)
            self._suggest(document, number)

    def _list(self, name: str, items) -> None:
        counts, all_ = self._lists[name]
        counts.append(len(items))
        if items:
            all_.extend(items)

    def _file(self, prefix: str, form: str, number: int, rank: int) -> None:
        self._filed.setdefault(f"{prefix}{form}".encode(), []).append((number, rank))

    def _name(self, document: SearchDocument) -> None:
        named = [(document.title, "en"), *(name[:2] for name in document.shown.get("names", ()))]
        sizes = []
        for text, language in named:
            marks = self._marks.setdefault(language[:2], Marks(language[:2]))
            stems = frozenset().union(*map(marks.__getitem__, text.split()))
            self._stems.extend(stems)
            sizes.append(len(stems))
        self._list("name_sizes", sizes)

    def _suggest(self, document: SearchDocument, number: int) -> None:
        for text, later in suggested(document.title, document.shown).items():
            parts = words(text)
            for place in range(min(len(parts), _MOST_WORDS)):
                key = f"{' '.join(parts[place:])}\0{text}".encode()
                self.suggestions.append((key, place, later, number))

    def arrays(self) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
        found: dict[str, np.ndarray] = {
            "records": np.frombuffer(self.records, np.int64),
            "starts": np.frombuffer(self.starts, np.int32),
            "force": np.frombuffer(self.force, np.int32),
            "name_stems": np.frombuffer(self._stems, np.int64),
        }
        for name, (counts, items) in self._lists.items():
            found[f"{name}.counts"] = np.frombuffer(counts, np.uint32)
            found[f"{name}.items"] = np.frombuffer(items, np.uint8 if isinstance(items, bytearray) else np.int32)
        forms = sorted(self._filed)
        postings = [posting for form in forms for posting in self._filed[form]]
        table = np.array(postings, dtype=np.int32).reshape(-1, 2)
        found |= {f"filed.{part}": values for part, values in pack(forms).items()}
        found |= {
            "filed.counts": np.array([len(self._filed[form]) for form in forms], dtype=np.uint32),
            "filed.documents": table[:, 0],
            "filed.ranks": table[:, 1].astype(np.uint8),
            **suggestion_arrays(sorted(self.suggestions)),
        }
        return found, {"size": len(self), "values": {name: list(known) for name, known in self._values.items()}}


def suggestion_arrays(suggestions: list[tuple[bytes, int, int, int]]) -> dict[str, np.ndarray]:
    """Sorted suggestions: what stands in each from a word on, with the name; and (place, later, document)."""
    keys = [key for key, *_rest in suggestions]
    table = np.array([rest for _key, *rest in suggestions], dtype=np.int32).reshape(-1)
    return {
        "suggested.blob": np.frombuffer(b"".join(keys), np.uint8),
        "suggested.ends": np.cumsum(np.array([len(key) for key in keys], dtype=np.int64)).astype(np.uint32),
        "suggested.table": table,
    }


def _row(document: SearchDocument) -> dict[str, Any]:
    return {
        "key": document.key, "record": document.record, "type": document.type, "slug": document.slug,
        "title": document.title, "url": document.url, "digest": document.digest, "mention": document.mention,
        "parent": document.parent, "linked": document.linked,
        "shown": document.shown,
    }  # fmt: skip
