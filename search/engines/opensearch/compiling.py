"""A query tree as OpenSearch's queries.

Strict: all words are wanted. Relaxed: any word will do; more and rarer ones come first. How rare a word is has to be
known before the query is written, so a tree is compiled twice: first to see what must be counted, then with the counts.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from search.engines.opensearch.mapping import LONGEST_WORD
from search.engines.opensearch.queries import (
    MOST_WEIGHED,
    adding_up,
    amounts,
    best,
    either,
    every,
    having,
    saturated,
    side_by_side,
    times_side_by_side,
    weighed,
)
from search.engines.opensearch.rarity import Rarities
from search.engines.opensearch.reader import LIVE, Query, Reader
from search.engines.opensearch.spelling import near
from search.engines.opensearch.values import NOTHING, FieldValues, years
from search.everyday import standing_for
from search.meaning import (
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
from search.query import And, Everything, Field, Fuzzy, Node, Not, Or, Phrase, Prefix, QueryLimit, Range, Term, Words
from search.questions import is_filler
from search.ranking import ADJACENT, EXPANDED, HELPFUL, OWN_SHARE
from search.text import tokens, words

MOST_CLAUSES = 900  # of a query, of the 1024 that OpenSearch takes: forms, those of phrases counted for every zone
MOST_FORMS = 300  # of words of another language and everyday words that stand for those of a sentence
BESIDE_FORMS = 4  # clauses of a word beside its forms
MOST_SIDE_BY_SIDE = 50  # forms of one word of a phrase


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


class Compiler:
    """`terms`: what a snippet marks, filled on the way; `notices`: what the reader should know. With a `language`,
    words that may stand for one of it help too."""

    def __init__(
        self,
        reader: Reader,
        rarities: Rarities,
        corrections: dict[str, str],
        relaxed: bool = False,
        least: float = 0.0,
        language: str = "",
    ) -> None:
        self.reader, self.rarities, self.corrections = reader, rarities, corrections
        self.relaxed, self.least, self.language = relaxed, least, language
        self.others = MOST_FORMS
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
        return Compiler(self.reader, self.rarities, self.corrections).run(node, zones)

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
        slots = [tuple(f._replace(term=f.term[:LONGEST_WORD]) for f in slot) for slot in slots]
        self.terms.update(form.term for slot in slots for form in slot)
        if len(slots) > 1:
            return self._phrase([slot[:MOST_SIDE_BY_SIDE] for slot in slots], zones)
        return self._word(slots[0], zones)

    def _word(self, slot: Slot, zones: Zones) -> Clause:
        """Any form of a word, in any of the zones."""
        found, rarity = having(slot, zones), self._rarity(slot, zones)
        scored = saturated(amounts(slot, zones), rarity)
        if len(slot) > MOST_WEIGHED:
            scored = every([], [], [scored, {"constant_score": {"filter": found, "boost": 0.01 * rarity}}])
        own = {"terms": {"own": [form.term for form in slot]}} if zones == ZONES else found
        return Clause(scored, found, own, rarity)

    def _rarity(self, slot: Slot, zones: Zones) -> float:
        """How rare a word is as it was typed: what may stand for it as well makes it no less telling."""
        typed = tuple(form for form in slot if form.own)
        return self.rarities.of(having(typed, zones), having(slot, zones))

    def _phrase(self, slots: list[Slot], zones: Zones) -> Clause:
        """The slots one after the other in one text of a zone."""
        rarity = sum(self.rarities.of(having(slot, zones)) for slot in slots)
        scored = saturated([times_side_by_side(slots, zone) for zone in zones], rarity)
        places = {zone: side_by_side(slots, zone) for zone in zones}
        own = [query for zone, query in places.items() if zone not in LINKED_ZONES]
        return Clause(scored, either(list(places.values())), either(own), rarity)

    def slots(self, text: str) -> list[Slot]:
        """The words of a text as slots, misspelled ones put right."""
        return [self._slot(word) for part in words(text) for word in self.corrections.get(part, part).split()]

    def _slot(self, word: str) -> Slot:
        others = standing_for(word, self.language)[: self.others] if self.language else ()
        return (*word_slot(word), *(Form(f"{STEM}{code}:{other}", weight, False) for code, other, weight in others))

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
        self.others = self._fitting(asked)
        wanted = self._wanted(asked)
        clauses = [self.run(n, zones) for n in wanted]
        if not clauses:
            return Clause.of(every([LIVE, *limits]))
        found = self._any(clauses) if self.relaxed else self._all(clauses, wanted, zones)
        helpful = [weighed(self._aside(n, zones).query, HELPFUL) for n in asked if n not in wanted]
        passing = every([found.filter, *limits])
        query = every(limits, [found.query], [*self._closeness(node, zones), *helpful])
        return Clause(query, passing, passing, found.rarity)

    def _fitting(self, asked: Sequence[Node]) -> int:
        """How many forms may stand for each word, so that they are not too many in all."""
        if not self.language:
            return 0
        found = [standing_for(word, self.language) for n in asked if isinstance(n, Term) for word in words(n.text)]
        return MOST_FORMS if sum(map(len, found)) <= MOST_FORMS else MOST_FORMS // len(found)

    def _wanted(self, asked: Sequence[Node]) -> Sequence[Node]:
        """The words that should be there: of a sentence, those that say what is asked about."""
        wanted = [n for n in asked if not is_common(n, asked)] or asked
        return [n for n in wanted if not is_filler(n, wanted, self.language)] if self.least else wanted

    def loosely(self, node: Node, zones: Zones) -> list[Query]:
        """What the words of a query add up to for documents that need not have all of them."""
        if not isinstance(node, Words | And):
            return [self.run(node, zones).query]
        asked = [n for n in node.nodes if not isinstance(n, Restriction)]
        wanted = [n for n in asked if isinstance(node, And) or not is_common(n, asked)] or asked
        found = [(n in wanted, self._aside(n, zones)) for n in asked]
        return [c.query if needed else weighed(c.query, HELPFUL) for needed, c in found if c.scored]

    def _all(self, clauses: list[Clause], nodes: Sequence[Node], zones: Zones) -> Clause:
        """All of the words, and a good share of them its own, or all of them in one name of something it is linked to:
        words that happen to be scattered over what a large record is linked to are no match."""
        found = self._and(clauses)
        if len(clauses) == 1:
            return found
        enough = OWN_SHARE * sum(c.rarity for c in clauses)
        shares = [{"filter": c.own, "weight": c.rarity} for c in clauses if c.rarity > 0]
        ways = [adding_up(found.filter, shares, enough)]
        texts = [node.text for node in nodes if isinstance(node, Term)]
        linked = tuple(zone for zone in LINKED_ZONES if zone in zones)
        if len(texts) == len(nodes) and linked:
            slots = [slot for text in texts for slot in self.slots(text)]
            ways += [side_by_side(slots, zone) for zone in linked]
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
            passing = adding_up(found.filter, shares, self.least)
            query = every([passing], [query])
        return Clause(query, passing, found.own, found.rarity, found.scored)

    def _closeness(self, node: Words, zones: Zones) -> list[Query]:
        """A bonus where two words of the query stand side by side."""
        found, left = [], MOST_CLAUSES - sum(map(self._clauses, node.nodes))
        close = tuple(zone for zone in CLOSE_ZONES if zone in zones)
        for first, second in zip(node.nodes, node.nodes[1:], strict=False):
            if isinstance(first, Term) and isinstance(second, Term):
                slots = [*self.slots(first.text), *self.slots(second.text)]
                parts, forms = self._beside(slots, close) if 2 <= len(slots) <= 4 else ([], 0)
                rarity = sum(self.rarities.of(having(slot, close)) for slot in slots)
                left -= forms
                if parts and left >= 0:
                    found.append(saturated(parts, ADJACENT * rarity))
        return found

    def _clauses(self, node: Node) -> int:
        return BESIDE_FORMS + sum(map(len, self.slots(node.text))) if isinstance(node, Term) else MOST_WEIGHED

    def _beside(self, slots: list[Slot], zones: Zones) -> tuple[list[Query], int]:
        """What the slots side by side amount to in those of the zones where any document has them so, by those forms
        that any document has; and how many forms are asked for in all."""
        where = [zone for zone in zones if self.rarities.is_any(side_by_side(slots, zone))]
        had = [tuple(form for form in slot if self.rarities.is_any(having((form,), zones))) for slot in slots]
        return [times_side_by_side(had, zone) for zone in where], len(where) * sum(map(len, had))
