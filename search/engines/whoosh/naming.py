"""Names and identifiers: is the query one, and is one among its words?"""

import re

import numpy as np

from search import identifiers
from search.engines.whoosh.snapshot import Snapshot
from search.filing import FIRST_RANK, called
from search.query import And, Field, Node, Not, Phrase, Range, Term, Words
from search.stems import COMMON, languages, stem
from search.text import words

LONGEST_NAME = 12  # words
_ARTICLE = re.compile(r"^(?:the|an?)\s+", re.IGNORECASE)


def asked(tree: Node) -> str:
    """The words of a query that may be a name; empty for one with operators."""
    if not isinstance(tree, Words):
        return ""
    parts = []
    for node in tree.nodes:
        if isinstance(node, Term | Phrase):
            parts.append(node.text)
        elif isinstance(node, Words):  # a bracket, as in Regulation (EU) No 604/2013
            parts.append(f"({asked(node)})")
        elif not isinstance(node, Not | Field | Range):
            return ""
    return " ".join(parts)


def restrictions(tree: Node) -> Node | None:
    """What of the query limits even an exact match."""
    nodes = tuple(n for n in tree.nodes if isinstance(n, Not | Field | Range)) if isinstance(tree, Words) else ()
    return And(nodes) if nodes else None


def exact(snapshot: Snapshot, text: str) -> np.ndarray:
    """The rank under which each document is filed as `text`: 4 for its title, 0 for those that are not."""
    ranks = np.zeros(snapshot.size, dtype=np.float32)
    if not text:
        return ranks
    forms = {called(text), called(_ARTICLE.sub("", text)), *identifiers.recognise(text)}
    for form in forms - {""}:
        posting = snapshot.posting("exact", form)
        ranks[posting.ids] = np.maximum(ranks[posting.ids], posting.weights)
    return ranks


def named(snapshot: Snapshot, text: str) -> np.ndarray:
    """For each document, the share of the query's words that make up one of its names, by rank of the name."""
    parts = words(text)
    shares = np.zeros(snapshot.size, dtype=np.float32)
    if not 1 < len(parts) <= 40:
        return shares
    for first in range(len(parts)):
        for last in range(first + 1, min(len(parts), first + LONGEST_NAME) + 1):
            posting = snapshot.posting("exact", called(" ".join(parts[first:last])))
            if posting.ids.size:
                share = (last - first) / len(parts) * posting.weights / FIRST_RANK
                shares[posting.ids] = np.maximum(shares[posting.ids], share)
    return shares


def likeness(snapshot: Snapshot, text: str, numbers: np.ndarray) -> np.ndarray:
    """How like the query the best name of each document is, from 0 to 1: the share of common words (Dice)."""
    asked = [
        {word, *(stem(word, language) for language in languages(word))} for word in words(text) if word not in COMMON
    ]
    likes = np.zeros(len(numbers), dtype=np.float32)
    for place, number in enumerate(numbers):
        for name in snapshot.names(int(number)):
            if name:
                shared = sum(1 for forms in asked if not name.isdisjoint(forms))
                likes[place] = max(likes[place], 2 * shared / (len(name) + len(asked)))
    return likes


def carrying(snapshot: Snapshot, ranks: np.ndarray) -> np.ndarray:
    """How strongly each provision carries a principle that is named exactly (3 explicit, 2 implied, 1 interpreted)."""
    strengths = np.zeros(snapshot.size, dtype=np.float32)
    for number in np.flatnonzero(ranks):
        row = snapshot.row(int(number))
        if row["type"] == "principle":
            posting = snapshot.posting("carried", row["slug"])
            strengths[posting.ids] = np.maximum(strengths[posting.ids], posting.weights)
    return strengths
