"""The search language as a tree, with limits on the tree.

Text becomes a tree here (`parse`); an engine compiles the tree and never sees the text. Nothing typed raises anything
but `QueryLimit`: what does not parse is searched as plain words, and `Parsed.notices` says so.

    words                 all wanted (an engine may fall back to any)
    "a phrase"            AND OR NOT -word ( )
    word*  word~  word~1  field:value  year:2018..2023
"""

from collections.abc import Iterator
from dataclasses import dataclass

LONGEST = 500
MOST_CLAUSES = 40
DEEPEST = 10
SHORTEST_PREFIX = 2
FIELDS = (
    "type",
    "kind",
    "level",
    "binding",
    "principle",
    "topic",
    "actor",
    "country",
    "region",
    "year",
    "source",
    "title",
    "id",
)


class QueryLimit(ValueError):
    """The query costs more than is allowed; the message says what to do about it."""


@dataclass(frozen=True)
class Term:
    """A word as typed; it may hold hyphens or slashes."""

    text: str


@dataclass(frozen=True)
class Phrase:
    text: str


@dataclass(frozen=True)
class Prefix:
    text: str


@dataclass(frozen=True)
class Fuzzy:
    text: str
    distance: int


@dataclass(frozen=True)
class Field:
    """A field that has, or contains, what a leaf says."""

    name: str
    value: "Term | Phrase | Prefix | Fuzzy"


@dataclass(frozen=True)
class Range:
    """Years, both ends included; None leaves an end open."""

    name: str
    low: int | None
    high: int | None


@dataclass(frozen=True)
class Not:
    node: "Node"


@dataclass(frozen=True)
class And:
    nodes: tuple["Node", ...]


@dataclass(frozen=True)
class Or:
    nodes: tuple["Node", ...]


@dataclass(frozen=True)
class Words:
    """Words side by side: all are wanted; where that finds nothing, any of them will do."""

    nodes: tuple["Node", ...]


@dataclass(frozen=True)
class Everything:
    """Nothing was asked for."""


Leaf = Term | Phrase | Prefix | Fuzzy | Field | Range
Node = Leaf | Not | And | Or | Words | Everything


def children(node: Node) -> tuple[Node, ...]:
    if isinstance(node, Not):
        return (node.node,)
    return node.nodes if isinstance(node, And | Or | Words) else ()


def leaves(node: Node, denied: bool = True) -> Iterator[Leaf]:
    """Every leaf of the tree; without those under a NOT when `denied` is false."""
    if isinstance(node, Not) and not denied:
        return
    below = children(node)
    for child in below:
        yield from leaves(child, denied)
    if not below and not isinstance(node, Everything):
        yield node  # type: ignore[misc]


def depth(node: Node) -> int:
    return 1 + max(map(depth, children(node)), default=0)
