"""From text to a query tree: a small recursive descent over tokens, with plain words as the way out."""

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from search.query import (
    DEEPEST,
    FIELDS,
    LONGEST,
    MOST_CLAUSES,
    SHORTEST_PREFIX,
    And,
    Everything,
    Field,
    Fuzzy,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    QueryLimit,
    Range,
    Term,
    Words,
    leaves,
)
from search.text import words

_TOKEN = re.compile(
    rf"""(?P<open>\()|(?P<close>\))
    |"(?P<phrase>[^"]*)"
    |(?P<operator>(?:AND|OR|NOT)(?=[\s()"]|$))
    |(?P<minus>(?<![^\s(])-(?=[^\s-]))
    |(?P<field>(?i:{"|".join(FIELDS)})):(?=\S)
    |(?P<word>[^\s()"]+)""",
    re.VERBOSE,
)
_QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "＂": '"'})
_UNWANTED = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_FIELDLIKE = re.compile(r"([A-Za-z_]{2,20}):[^\s/:].*")
_OPERATORS = {"AND", "OR", "NOT"}
_RANGE = re.compile(r"(\d{1,4})?\.\.(\d{1,4})?|(\d{1,4})")
_FUZZY = re.compile(r"(.+)~([12]?)")


class _Unreadable(Exception):
    """The text is not in the search language; the message says why."""


@dataclass(frozen=True)
class Parsed:
    """A tree, and what the reader should know about how it was read."""

    tree: Node
    notices: tuple[str, ...] = ()


def parse(text: str) -> Parsed:
    """Read a query. Raises QueryLimit when it is too long, has too many parts or is nested too deeply."""
    text = _UNWANTED.sub(" ", text).strip()
    if len(text) > LONGEST:
        raise QueryLimit(_("The search is longer than %d characters; shorten it.") % LONGEST)
    if text in ("", "*"):
        return Parsed(Everything())
    parts = text.split()
    if text.isascii() and "".join(parts).isalnum() and _OPERATORS.isdisjoint(parts):  # as most are: words, no signs
        _check(len(parts))
        return Parsed(Words(tuple(map(Term, parts))))
    notices: tuple[str, ...] = ()
    try:
        parser = _Parser(text)
        tree, notices = parser.read(), parser.notices()
    except _Unreadable as error:
        tree = _plain(text)
        notices = (_("%s It was searched as plain words.") % error,)
    _check(sum(max(1, len(words(leaf.text))) if isinstance(leaf, Term) else 1 for leaf in leaves(tree)))
    if isinstance(tree, Everything):
        return Parsed(Or(()), (_("There is no letter or digit to search for in “%s”.") % text[:40],))
    return Parsed(tree, notices)


def _check(clauses: int) -> None:
    if clauses > MOST_CLAUSES:
        raise QueryLimit(_("The search has more than %d words; leave some out.") % MOST_CLAUSES)


def _plain(text: str) -> Node:
    found = tuple(Term(part) for part in re.split(r"[\s()\"*~:]+", text) if words(part))
    return Words(found) if found else Everything()


def _group(kind: type, nodes: list[Node]) -> Node:
    if not nodes:
        return Everything()
    return nodes[0] if len(nodes) == 1 and kind is not Words else kind(tuple(nodes))


class _Parser:
    def __init__(self, text: str) -> None:
        text = text.translate(_QUOTES)
        if text.count('"') % 2:
            raise _Unreadable(_("A quotation mark is not closed."))
        self.tokens = [(match.lastgroup, match.group(match.lastgroup or 0)) for match in _TOKEN.finditer(text)]
        self.place = 0
        self.depth = 0

    def read(self) -> Node:
        tree = self._or()
        if self.place < len(self.tokens):
            raise _Unreadable(_("A bracket is closed that was not opened."))
        return tree

    def notices(self) -> tuple[str, ...]:
        """What looks like a field and is none is searched as words that stand together, and that is said."""
        found = (_FIELDLIKE.fullmatch(value) for kind, value in self.tokens if kind == "word" and ":" in value)
        names = dict.fromkeys(match[1][:20] for match in found if match)
        if not names:
            return ()
        said = _("There is no field “%(name)s”; there are: %(fields)s.")
        return tuple(said % {"name": name, "fields": ", ".join(FIELDS)} for name in list(names)[:1])

    def _next(self) -> tuple[str | None, str]:
        return self.tokens[self.place] if self.place < len(self.tokens) else (None, "")

    def _takes(self, *token: str) -> bool:
        if self._next() != token:
            return False
        self.place += 1
        return True

    def _or(self) -> Node:
        nodes = [self._and()]
        while self._takes("operator", "OR"):
            nodes.append(self._and())
        if len(nodes) > 1 and any(isinstance(node, Everything) for node in nodes):
            raise _Unreadable(_("A word is missing beside OR."))
        return _group(Or, nodes)

    def _and(self) -> Node:
        nodes = [self._side_by_side()]
        while self._takes("operator", "AND"):
            nodes.append(self._side_by_side())
        if len(nodes) > 1 and any(isinstance(node, Everything) for node in nodes):
            raise _Unreadable(_("A word is missing beside AND."))
        return _group(And, nodes)

    def _side_by_side(self) -> Node:
        nodes: list[Node] = []
        while True:
            kind, value = self._next()
            if kind in (None, "close") or (kind == "operator" and value != "NOT"):
                break
            node = self._one()
            if not isinstance(node, Everything):
                nodes.append(node)
        return _group(Words, nodes)

    def _one(self) -> Node:
        self.depth += 1
        if self.depth > DEEPEST:
            raise QueryLimit(_("The search has more than %d brackets or NOTs inside each other.") % DEEPEST)
        kind, value = self._next()
        self.place += 1
        if kind == "open":
            node = self._or()
            if not self._takes("close", ")"):
                raise _Unreadable(_("A bracket is not closed."))
        elif kind == "minus" or (kind == "operator" and value == "NOT"):
            if self._next()[0] in (None, "close", "operator") and self._next() != ("operator", "NOT"):
                raise _Unreadable(_("A word is missing after NOT."))
            inner = self._one()
            node = Everything() if isinstance(inner, Everything) else Not(inner)
        elif kind == "field":
            node = self._field(value.lower())
        else:
            node = self._leaf(kind, value)
        self.depth -= 1
        return node

    def _field(self, name: str) -> Node:
        kind, value = self._next()
        if kind not in ("word", "phrase"):
            raise _Unreadable(_("A value is missing after “%s:”.") % name)
        self.place += 1
        if name == "year":
            return self._years(value)
        leaf = self._leaf(kind, value)
        if not isinstance(leaf, Term | Phrase | Prefix | Fuzzy):
            raise _Unreadable(_("A value is missing after “%s:”.") % name)
        return Field(name, leaf)

    def _years(self, value: str) -> Node:
        found = _RANGE.fullmatch(value)
        if not found or value == "..":
            raise _Unreadable(_("“year:%s” is no year; write year:2018 or year:2018..2023.") % value[:40])
        low, high, single = (int(part) if part else None for part in found.groups())
        return Range("year", single if single is not None else low, single if single is not None else high)

    def _leaf(self, kind: str | None, value: str) -> Node:
        if kind == "phrase":
            return Phrase(value) if words(value) else Everything()
        if "*" in value:
            return self._prefix(value)
        fuzzy = _FUZZY.fullmatch(value)
        if fuzzy and len(words(fuzzy.group(1))) == 1:
            long = len(words(fuzzy.group(1))[0]) > 4
            return Fuzzy(fuzzy.group(1), int(fuzzy.group(2) or (2 if long else 1)))
        return Term(value) if words(value) else Everything()

    def _prefix(self, value: str) -> Node:
        start = value.rstrip("*")
        if "*" in start or not words(start):
            raise _Unreadable(_("A * stands at the end of a word only."))
        if len(words(start)[-1]) < SHORTEST_PREFIX:
            raise _Unreadable(_("Before a * there must be at least %d letters.") % SHORTEST_PREFIX)
        return Prefix(start)
