"""A query tree as OpenSearch's queries.

Strict: all words are wanted. Relaxed: any word will do; more and rarer ones come first. How rare a word is has to be
known before the query is written, so a tree is compiled twice: first to see what must be counted, then with the counts.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from search.engines.opensearch.fields import counts_in, feature
from search.engines.opensearch.mapping import AMOUNTS, LONGEST_WORD
from search.engines.opensearch.meaning import (
    CLOSE_ZONES,
    LINKED_ZONES,
    MOST_FUZZY,
    MOST_PREFIXED,
    STEM,
    TITLE_ZONES,
    ZONES,
    Form,
    Restriction,
    Slot,
    Zones,
    is_common,
    word_slot,
)
from search.engines.opensearch.reader import LIVE, Query, Reader
from search.engines.opensearch.spelling import near
from search.engines.opensearch.values import NOTHING, FieldValues, years
from search.everyday import standing_for
from search.query import And, Everything, Field, Fuzzy, Node, Not, Or, Phrase, Prefix, QueryLimit, Range, Term, Words
from search.questions import is_filler
from search.ranking import ADJACENT, EVERYDAY, EXPANDED, HELPFUL, OWN_SHARE, SATURATION, STEMMED
from search.text import tokens, words

BEFOREHAND = 10.0  # lifts a sum of weights off the 1 that OpenSearch gives where there is none
MOST_WEIGHED = 100  # forms of a word that are weighed each for itself; of a prefix there may be more
MOST_SIDE_BY_SIDE = 50  # forms of one word of a phrase
Rarity = Callable[[Query], float]


@dataclass(frozen=True)
class Clause:
    """Who matches and how well; who matches in words of its own; how rare that is; whether it is a matter of degree."""

    query: Query
    filter: Query
    own: Query
    rarity: float = 0.0
    scored: bool = True

    @classmethod
    def of(cls, query: Query) -> "Clause":
        return cls(every([query]), query, query, scored=False)


def every(queries: Sequence[Query], scored: Sequence[Query] = (), better: Sequence[Query] = ()) -> Query:
    """All of the queries; of those that are scored the sum, and more for what is better."""
    found: Query = {"filter": list(queries), "must": list(scored), "should": list(better)}
    return {"bool": {name: parts for name, parts in found.items() if parts}}


def either(queries: Sequence[Query]) -> Query:
    """Any of the queries; the sum of their scores."""
    return {"bool": {"should": list(queries), "minimum_should_match": 1}} if queries else NOTHING


def best(queries: Sequence[Query]) -> Query:
    """Any of the queries; the best of their scores."""
    if len(queries) == 1:
        return queries[0]
    return {"dis_max": {"queries": list(queries)}} if queries else NOTHING


def weighed(query: Query, weight: float) -> Query:
    """A query whose score counts for more or less."""
    return {"function_score": {"query": query, "weight": weight, "boost_mode": "multiply"}}


class Compiler:
    """`terms`: what a snippet marks, filled on the way; `notices`: what the reader should know."""

    def __init__(
        self,
        reader: Reader,
        rarity: Rarity,
        corrections: dict[str, str],
        relaxed: bool = False,
        least: float = 0.0,
    ) -> None:
        self.reader, self.rarity, self.corrections = reader, rarity, corrections
        self.relaxed, self.least = relaxed, least
        self.terms: set[str] = set()
        self.notices: list[str] = []

    def run(self, node: Node, zones: Zones = ZONES) -> Clause:
        """Return the clause for `node`; raises QueryLimit for a prefix of too many words."""
        match node:
            case Everything():
                return Clause.of(LIVE)
            case Term():
                return self._term(node.text, zones)
            case Phrase():
                return self._slotted([(Form(word),) for word in words(node.text)], zones)
            case Prefix():
                return self._slotted(self._prefixed(node.text), zones)
            case Fuzzy():
                return self._slotted([self._fuzzy(node)], zones)
            case Field():
                return self._field(node)
            case Range():
                return Clause.of(years(node.low, node.high))
            case Not():
                return Clause.of({"bool": {"filter": [LIVE], "must_not": [self._aside(node.node, zones).filter]}})
            case Or():
                return self._or([self.run(child, zones) for child in node.nodes])
            case And():
                return self._and([self.run(child, zones) for child in node.nodes])
            case Words():
                return self._words(node, zones)

    def _aside(self, node: Node, zones: Zones) -> Clause:
        """Strictly, and without marking its words in snippets."""
        return Compiler(self.reader, self.rarity, self.corrections).run(node, zones)

    def _field(self, node: Field) -> Clause:
        if node.name == "title":
            return self.run(node.value, TITLE_ZONES)
        query, notice = FieldValues(self.reader).find(node.name, node.value)
        if notice and notice not in self.notices:
            self.notices.append(notice)
        return Clause.of(query)

    def _or(self, clauses: list[Clause]) -> Clause:
        return Clause(
            either([c.query for c in clauses]), either([c.filter for c in clauses]), either([c.own for c in clauses]),
            max((c.rarity for c in clauses), default=0.0), any(c.scored for c in clauses),
        )  # fmt: skip

    def _and(self, clauses: list[Clause]) -> Clause:
        passing = every([c.filter for c in clauses])
        query = every([c.filter for c in clauses if not c.scored], [c.query for c in clauses if c.scored])
        return Clause(query, passing, passing, sum(c.rarity for c in clauses), any(c.scored for c in clauses))

    # Words and phrases

    def _slotted(self, slots: list[Slot], zones: Zones) -> Clause:
        if not slots:
            return Clause.of(NOTHING)
        slots = [tuple(Form(f.term[:LONGEST_WORD], f.weight) for f in slot) for slot in slots]
        self.terms.update(form.term for slot in slots for form in slot)
        if len(slots) > 1:
            return self._phrase([slot[:MOST_SIDE_BY_SIDE] for slot in slots], zones)
        return self._word(slots[0], zones) if zones in AMOUNTS else self._phrase(slots, zones)

    def _word(self, slot: Slot, zones: Zones) -> Clause:
        """Any form of a word, in any zone of those whose amounts are known together."""
        forms = [form.term for form in slot]
        found = _anywhere(slot, zones)
        rarity = self.rarity(found)
        scores = [_amount(form, zones, SATURATION / form.weight, rarity) for form in slot[:MOST_WEIGHED]]
        if len(slot) > MOST_WEIGHED:
            scores.append({"constant_score": {"filter": found, "boost": 0.01 * rarity}})
        return Clause(best(scores), found, {"terms": {"own": forms}} if zones == ZONES else found, rarity)

    def _phrase(self, slots: list[Slot], zones: Zones) -> Clause:
        """The slots one after the other in one text of a zone; of a single slot, the word in these zones."""
        rarity = sum(self._slot_rarity(slot, zones) for slot in slots)
        places = {zone: query for zone in zones if (query := _in_zone(slots, zone))}
        own = [query for zone, query in places.items() if zone not in LINKED_ZONES]
        scored = [_boosted(query, rarity) for query in places.values()]
        if len(slots) == 1 and any(form.weight < 1 for form in slots[0]):  # as it stands is better than by its stem
            plain = tuple(form for form in slots[0] if form.weight == 1)
            scored = [_boosted(query, STEMMED * rarity) for query in places.values()]
            scored += [_boosted(query, rarity) for zone in zones if (query := _in_zone([plain], zone))]
        return Clause(best(scored), either(list(places.values())), either(own), rarity)

    def _slot_rarity(self, slot: Slot, zones: Zones) -> float:
        if zones in AMOUNTS:
            return self.rarity(_anywhere(slot, zones))
        return self.rarity(either([query for zone in zones if (query := _in_zone([slot], zone))]))

    def slots(self, text: str) -> list[Slot]:
        """The words of a text as slots, misspelled ones put right."""
        return [self._slot(word) for part in words(text) for word in self.corrections.get(part, part).split()]

    def _slot(self, word: str) -> Slot:
        """A word, and in a sentence the everyday words that may stand for it."""
        others = standing_for(word) if self.least > 0 else ()
        return (*word_slot(word), *(Form(f"{STEM}{language}:{other}", EVERYDAY) for language, other in others))

    def _term(self, text: str, zones: Zones) -> Clause:
        """A word; one with hyphens or slashes matches in its parts, side by side, or as a whole."""
        parts = self._slotted(self.slots(text), zones)
        wholes = tuple(Form(token.text) for token in tokens(text) if token.whole)
        if not wholes:
            return parts
        whole = self._slotted([wholes], zones)
        return Clause(
            best([parts.query, whole.query]), either([parts.filter, whole.filter]), either([parts.own, whole.own]),
            max(parts.rarity, whole.rarity),
        )  # fmt: skip

    def _prefixed(self, text: str) -> list[Slot]:
        *before, start = words(text)
        found = self.reader.words(start, MOST_PREFIXED + 1)
        if len(found) > MOST_PREFIXED:
            message = _("More than %(n)d words begin with “%(start)s”; write more of it.")
            raise QueryLimit(message % {"n": MOST_PREFIXED, "start": start})
        return [*map(word_slot, before), tuple(Form(word, EXPANDED) for word in found or [start])]

    def _fuzzy(self, leaf: Fuzzy) -> Slot:
        word = words(leaf.text)[0]
        found = near(self.reader, word, leaf.distance)[:MOST_FUZZY]
        others = (Form(other, EXPANDED / (1 + distance)) for distance, other in found if other != word)
        return (*word_slot(word), *others)

    # Words side by side

    def _words(self, node: Words, zones: Zones) -> Clause:
        limits = [self.run(n, zones).filter for n in node.nodes if isinstance(n, Restriction)]
        asked = [n for n in node.nodes if not isinstance(n, Restriction)]
        wanted = [n for n in asked if not is_common(n, asked)] or asked
        if self.least:
            wanted = [n for n in wanted if not is_filler(n, wanted)]
        clauses = [self.run(n, zones) for n in wanted]
        if not clauses:
            return Clause.of(every([LIVE, *limits]))
        found = self._any(clauses) if self.relaxed else self._all(clauses, wanted, zones)
        helpful = [weighed(self._aside(n, zones).query, HELPFUL) for n in asked if n not in wanted]
        passing = every([found.filter, *limits])
        query = every(limits, [found.query], [*self._closeness(node, zones), *helpful])
        return Clause(query, passing, passing, found.rarity)

    def _all(self, clauses: list[Clause], nodes: Sequence[Node], zones: Zones) -> Clause:
        """All of the words, and a good share of them its own, or all of them in one name of something it is linked to:
        words that happen to be scattered over what a large record is linked to are no match."""
        found = self._and(clauses)
        if len(clauses) == 1:
            return found
        enough = OWN_SHARE * sum(c.rarity for c in clauses)
        shares = [{"filter": c.own, "weight": c.rarity} for c in clauses if c.rarity > 0]
        ways = [_adding_up(found.filter, shares, enough)]
        texts = [node.text for node in nodes if isinstance(node, Term)]
        linked = tuple(zone for zone in LINKED_ZONES if zone in zones)
        if len(texts) == len(nodes) and linked:
            slots = [slot for text in texts for slot in self.slots(text)]
            ways += [query for zone in linked if (query := _in_zone(slots, zone))]
        passing = every([found.filter, either(ways)])
        return Clause(every([either(ways)], [found.query]), passing, passing, found.rarity, found.scored)

    def _any(self, clauses: list[Clause]) -> Clause:
        """Any of the words; the score falls with what is missing, weighed by how rare it is."""
        found = self._or(clauses)
        whole = sum(c.rarity for c in clauses) or 1.0
        shares = [{"filter": c.filter, "weight": c.rarity / whole} for c in clauses if c.rarity > 0]
        query: Query = {
            "function_score": {
                "query": found.query, "functions": shares, "score_mode": "sum", "boost_mode": "multiply",
            }
        }  # fmt: skip
        if not shares:
            return found
        passing = found.filter
        if self.least:
            passing = _adding_up(found.filter, shares, self.least)
            query = every([passing], [query])
        return Clause(query, passing, found.own, found.rarity, found.scored)

    def _closeness(self, node: Words, zones: Zones) -> list[Query]:
        """A bonus where two words of the query stand side by side."""
        found = []
        close = tuple(zone for zone in CLOSE_ZONES if zone in zones)
        for first, second in zip(node.nodes, node.nodes[1:], strict=False):
            if isinstance(first, Term) and isinstance(second, Term):
                slots = [*self.slots(first.text), *self.slots(second.text)]
                if 2 <= len(slots) <= 4:
                    found.append(weighed(self._phrase(slots, close).query, ADJACENT))
        return found


def _anywhere(slot: Slot, zones: Zones) -> Query:
    """Documents with any form of a word in the zones."""
    if zones == ZONES:
        return {"terms": {"any": [form.term for form in slot]}}
    return either([_amount(form, zones, SATURATION, 1.0) for form in slot[:MOST_WEIGHED]])


def _amount(form: Form, zones: Zones, pivot: float, boost: float) -> Query:
    """What a form amounts to in the zones, saturated."""
    field = f"{AMOUNTS[zones]}.{feature(form.term)}"
    return {"rank_feature": {"field": field, "saturation": {"pivot": pivot}, "boost": boost}}


def _adding_up(query: Query, shares: list[Query], enough: float) -> Query:
    """Documents for which the weights of what they match come to enough."""
    return {
        "function_score": {
            "query": query, "functions": [{"filter": LIVE, "weight": BEFOREHAND}, *shares],
            "score_mode": "sum", "boost_mode": "replace", "min_score": BEFOREHAND + enough - 0.001,
        }
    }  # fmt: skip


def _in_zone(slots: Sequence[Slot], zone: str) -> Query | None:
    """The slots side by side in a zone; None where one of them has no form that counts there."""
    places = ["|".join(f.term for f in slot if counts_in(f.term, zone)) for slot in slots]
    return {"match_phrase": {f"zones.{zone}": {"query": " ".join(places)}}} if all(places) else None


def _boosted(query: Query, boost: float) -> Query:
    ((field, asked),) = query["match_phrase"].items()
    return {"match_phrase": {field: {**asked, "boost": boost}}}
