"""What the best answers to a sentence pass on to what they are linked to, in either direction.

A question in everyday words finds one record by its name and misses those beside it, whose names have other words.
The best pass on some of their score (spreading activation: Crestani, Application of Spreading Activation Techniques in
Information Retrieval, 1997); squared, so that the very best pass on most.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

Document = TypeVar("Document")


def passing(best: Iterable[tuple[dict[str, Any], float]]) -> dict[str, float]:
    """The records (`type/slug`) of the best documents, with the best share each has of the highest score."""
    found: dict[str, float] = {}
    for row, share in best:
        owner = row["parent"] or row
        reference = f"{owner['type']}/{owner['slug']}"
        found[reference] = max(share, found.get(reference, 0.0))
    return found


def gains(shares: dict[str, float], linked: Callable[[str], Iterable[tuple[Document, float]]]) -> dict[Document, float]:
    """What documents are passed on to by records with these shares; `linked`: the documents that a record is linked
    to, and how near they are, from 0 to 1."""
    gained: defaultdict[Document, float] = defaultdict(float)
    for reference, share in shares.items():
        for document, nearness in linked(reference):
            gained[document] += share**2 * nearness
    return gained
