"""One search: match, fall back, rank, count, and make the page of hits."""

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from search.engines.opensearch import naming, sentences
from search.engines.opensearch.compiling import Clause, Compiler
from search.engines.opensearch.counting import aggregations, counted
from search.engines.opensearch.deep import DEEPEST, Deep
from search.engines.opensearch.queries import STEPS, besides, either, every, given, rounded
from search.engines.opensearch.rarity import Rarities
from search.engines.opensearch.reader import LIVE, Query, Reader
from search.engines.opensearch.spelling import corrections, is_name, unknown
from search.engines.opensearch.values import RECORDS, filters
from search.everyday import widened
from search.filing import RANKS, forms_of
from search.highlight import Highlighter
from search.lexicon import language_of
from search.meaning import ZONES, Zones
from search.naming import Asked, asked, restrictions
from search.parser import Parsed
from search.query import Everything, Term, leaves
from search.questions import is_sentence, telling
from search.ranking import ENOUGH, LIKE, MOST_COMPARED, SENTENCE_ZONES, TYPE_PRIORS
from search.request import SearchRequest
from search.results import Hit, Results
from search.spelling import corrected, reworded
from search.stems import COMMON
from search.text import fold, words

SHOWN = ["key", "record", "type", "slug", "title", "url", "parent", "shown", "exact"]
BY_TITLE: list[dict[str, Any]] = [{"order": "asc"}, {"record": "asc"}, {"key": "asc"}]
STRICT = "~strict"  # counts, beside the facets, those that have all of the words


@dataclass(frozen=True)
class Attempt:
    """A way to read the query: with corrections, by all of its words or any, in which zones, of how rare a share; of a
    `sentence` it is counted as well who has all of its words."""

    corrections: dict[str, str] = field(default_factory=dict)
    relaxed: bool = False
    zones: Zones = ZONES
    least: float = 0.0
    sentence: bool = False


@dataclass(frozen=True)
class Compiled:
    """Who matches; what the words add up to for those that need not have all of them; what limits even names; who has
    all of the words; the terms that a snippet marks; what the reader should know."""

    clause: Clause
    loosely: list[Query]
    limits: list[Query]
    strict: Query | None
    terms: frozenset[str]
    notices: tuple[str, ...]


@dataclass(frozen=True)
class Found:
    """What an attempt came to: the answer, and what has to be known to go on with it."""

    query: Query
    answer: Query
    text: str
    called: naming.Called
    compares: bool = False
    spread: bool = False
    terms: frozenset[str] = frozenset()
    notices: tuple[str, ...] = ()
    suggestion: str | None = None

    @property
    def count(self) -> int:
        return self.answer["hits"]["total"]["value"]

    @property
    def strict(self) -> int:
        """How many of them have all of the words."""
        return self.answer["aggregations"][STRICT]["doc_count"]


@dataclass
class Search:
    """Answers one request by one reader."""

    reader: Reader
    request: SearchRequest
    parsed: Parsed
    deep: Deep
    filters: dict[str, Query] = field(init=False)

    def __post_init__(self) -> None:
        self.tree = self.parsed.tree
        self.filters = filters(self.request)

    @cached_property
    def language(self) -> str:
        """The language that the query is in."""
        return language_of(words(asked(self.tree)))

    def run(self) -> Results:
        found = self._found()
        facets = counted(self.reader, {name: found.answer["aggregations"][name] for name in self.request.facets})
        told = [(name, count.value) for name in RECORDS for count in facets.get(name, ())]
        told += [(name, value) for name in RECORDS for value in self.request.filters.get(name, ())]
        titles = self.reader.titles(told)
        return Results(
            count=found.count, hits=self._hits(found), facets=facets, position=self.reader.state.position,
            labels={reference: titles.get(reference, reference[1]) for reference in told},
            notices=found.notices, suggestion=found.suggestion,
        )  # fmt: skip

    # Matching: all words, then all words with a misspelling put right, then any word

    def _found(self) -> Found:
        if is_sentence(self.tree) and not self._called(asked(self.tree)).is_any:
            return self._answering()
        found = self._attempt(Attempt())
        if found.count or isinstance(self.tree, Everything):
            return found
        corrections = self._corrections()
        if corrections:
            better = self._attempt(Attempt(corrections))
            if better.count:
                text = reworded(self.request.q, corrections)
                notice = _("Nothing was found for “%(asked)s”. These are results for “%(better)s”.")
                return self._saying(better, notice % {"asked": self.request.q, "better": text}, text)
        names = self._names_among(corrections)
        some = self._attempt(Attempt(names, relaxed=True))
        if not some.count:
            return found
        notice = _("Nothing has all of these words. These results have some of them.")
        return self._saying(some, notice, reworded(self.request.q, names) if names else None)

    def _answering(self) -> Found:
        """For a sentence: any of its words, where most of what is rare about it is there."""
        corrections = self._corrections()
        some = self._attempt(Attempt(corrections, True, SENTENCE_ZONES, ENOUGH, sentence=True))
        if not some.count:
            some = self._attempt(Attempt(corrections, relaxed=True, sentence=True))
        if some.count == some.strict:
            return some
        return self._saying(
            some, _("This was read as a sentence: the results have the most telling of its words."), None
        )

    def _saying(self, found: Found, notice: str, suggestion: str | None) -> Found:
        return replace(found, notices=(*found.notices, notice), suggestion=suggestion)

    def _attempt(self, attempt: Attempt) -> Found:
        text = corrected(asked(self.tree), attempt.corrections)
        called = self._called(text, attempt.least > 0)
        rarities = Rarities(self.reader)
        self._compiled(attempt, rarities, called)
        rarities.settle()
        compiled = self._compiled(attempt, rarities, called)
        query = self._worded(compiled, text, every([called.who(), *compiled.limits]))
        if attempt.least:
            query = self._spread(query, text)
        if called.is_any:
            query = either([query, called.tiers(compiled.limits)])
        scored = compiled.clause.scored
        query = rounded(every([LIVE], [query])) if scored else every([LIVE], [query])
        compares = scored and self.request.ordering == "relevance" and (called.is_any or not attempt.least)
        answer = self.reader.search(self._body(query, compares, compiled.strict))
        return Found(query, answer, text, called, compares, attempt.least > 0, compiled.terms, compiled.notices)

    def _compiled(self, attempt: Attempt, rarities: Rarities, called: naming.Called) -> Compiled:
        language = widened(self.language, attempt.least > 0) if attempt.relaxed else ""
        compiler = Compiler(self.reader, rarities, attempt.corrections, attempt.relaxed, attempt.least, language)
        clause = compiler.run(self.tree, attempt.zones)
        limits = restrictions(self.tree)
        return Compiled(
            clause,
            compiler.loosely(self.tree, attempt.zones) if called.is_any and clause.scored else [],
            [] if limits is None else [compiler.run(limits).filter],
            Compiler(self.reader, rarities, {}).run(self.tree).filter if attempt.sentence else None,
            frozenset(compiler.terms),
            tuple(dict.fromkeys(compiler.notices)),
        )

    def _called(self, text: str, sentence: bool = False) -> naming.Called:
        if not sentence:
            return naming.Called.of(self.reader, forms_of(text))
        forms = naming.wholly(self.reader, text, telling(text, self.language))
        return naming.Called.of(self.reader, forms, naming.PROPER)

    def _worded(self, compiled: Compiled, text: str, who: Query) -> Query:
        """How well the words match, better for whole names and by type. What is called so, `who`, is found even where
        it does not have all of the words."""
        clause = compiled.clause
        query = clause.query if clause.scored else {"constant_score": {"filter": clause.filter}}
        if compiled.loosely:
            query = either([query, every([besides(who, clause.filter)], [], compiled.loosely)])
        named = naming.shares(self.reader, text) if clause.scored else []
        if named:
            query = {"function_score": {"query": query, "functions": named, "score_mode": "max"}}
        return {"function_score": {"query": query, "functions": _priors(), "score_mode": "first"}}

    def _spread(self, query: Query, text: str) -> Query:
        """The same, with what the best answers to a sentence gain and pass on; of all records, not only of those that
        the filters let through."""
        asked_for = {
            "size": MOST_COMPARED, "query": every([LIVE], [query]), "track_total_hits": False, "_source": SHOWN,
            "sort": [{"_score": "desc"}, *BY_TITLE],
        }  # fmt: skip
        more = sentences.added(self.reader, text, self.language, self.reader.search(asked_for)["hits"]["hits"])
        return either([query, given(more)]) if more else query

    def _body(self, query: Query, compares: bool, strict: Query | None = None) -> Query:
        """The search for a page, with its facets; the first hits all together, for their names are looked at too."""
        start, size = self.request.start, self.request.page_size
        if compares and start < MOST_COMPARED:
            start, size = 0, max(MOST_COMPARED, start + size)
        chosen = list(self.filters.values())
        aside = {STRICT: {"filter": every([strict, *chosen])}} if strict else {}
        return {
            "query": query, "post_filter": every(chosen) if chosen else {"match_all": {}},
            "aggs": aggregations(self.request.facets, self.filters) | aside, "sort": self._sort(),
            "track_total_hits": True, "track_scores": True, "_source": SHOWN,
            "from": start if start + size <= DEEPEST else 0, "size": size if start + size <= DEEPEST else 0,
        }  # fmt: skip

    def _sort(self) -> list[dict[str, Any]]:
        if self.request.ordering == "title":
            return BY_TITLE
        if self.request.ordering in ("date", "-date"):
            order = "desc" if self.request.ordering == "-date" else "asc"
            return [{"starts": {"order": order, "missing": "_last"}}, *BY_TITLE]
        return [{"_score": "desc"}, *BY_TITLE]

    # Did you mean

    def _asked(self) -> list[str]:
        texts = [leaf.text for leaf in leaves(self.tree, denied=False) if isinstance(leaf, Term)]
        return list(dict.fromkeys(word for text in texts for word in words(text)))

    def _corrections(self) -> dict[str, str]:
        """Unknown words of the query, and what they were probably meant to be."""
        return corrections(self.reader, unknown(self.reader, self._asked()))

    def _names_among(self, corrections: dict[str, str]) -> dict[str, str]:
        """The corrections to trust where they are not all there is: names, in a query whose words are mostly known."""
        names = {wrong: right for wrong, right in corrections.items() if is_name(self.reader, right)}
        words_asked = [word for word in self._asked() if word not in COMMON]
        return names if 2 * len(unknown(self.reader, words_asked)) <= len(words_asked) else {}

    # The page

    def _hits(self, found: Found) -> list[Hit]:
        start, size = self.request.start, self.request.page_size
        rows = found.answer["hits"]["hits"]
        if found.compares and start < MOST_COMPARED:
            rows = _compared(rows, found)[start : start + size]
        elif start + size > DEEPEST and start < found.count:
            rows = self.deep.page(self.reader, self._body(found.query, found.compares), start, size)
        highlighter = Highlighter(found.terms)
        return [self._hit(row["_source"], row["_score"], found, highlighter) for row in rows]

    def _hit(self, source: dict, score: float | None, found: Found, highlighter: Highlighter) -> Hit:
        shown = source["shown"]
        exact = found.called.rank_of(source["exact"]) >= min(RANKS.values())
        return Hit(
            key=source["key"], record=source["record"], type=source["type"], slug=source["slug"],
            title=source["title"], url=source["url"], snippet=highlighter.shown(shown, exact),
            score=round(score or 0.0, 3), parent=source["parent"], kind=shown["kind"], level=shown["level"],
            year=shown["year"], exact=exact,
        )  # fmt: skip


def _compared(rows: list[dict], found: Found) -> list[dict]:
    """The first hits, better for what is like a name; what the query is a name of is put before all others anew."""
    likes = Asked.alike(found.text)
    tiers = [max(map(float, row.get("matched_queries", ())), default=0.0) for row in rows]
    scores = [row["_score"] - naming.STEP * tier for row, tier in zip(rows, tiers, strict=True)]
    if found.spread:
        pass  # names have been compared before
    elif any(scores):
        like = [likes.likeness(sentences.names(row["_source"])) for row in rows[:MOST_COMPARED]]
        scores[:MOST_COMPARED] = [score * (1 + LIKE * much) for score, much in zip(scores, like, strict=False)]
    else:
        scores = [sentences.prior(row["_source"]) for row in rows]
    step = max(scores, default=0.0) + 1
    for row, score, tier in zip(rows, scores, tiers, strict=True):
        row["_score"] = score + step * tier
    return sorted(rows, key=_order)


def _order(row: dict) -> tuple:
    source = row["_source"]
    return -round(row["_score"] * STEPS), fold(source["title"]), source["record"], source["key"]


def _priors() -> list[dict[str, Any]]:
    known = [
        {"filter": {"term": {"facets.type": str(type_)}}, "weight": weight} for type_, weight in TYPE_PRIORS.items()
    ]
    return [*known, {"filter": {"match_all": {}}, "weight": sentences.OTHER_PRIOR}]
