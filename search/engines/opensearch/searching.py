"""One search: match, fall back, rank, count, and make the page of hits."""

import json
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _

from search.engines.opensearch import naming
from search.engines.opensearch.compiling import Clause, Compiler, every
from search.engines.opensearch.counting import aggregations, counted
from search.engines.opensearch.deep import DEEPEST, Deep
from search.engines.opensearch.meaning import ZONES, Zones, asked, restrictions
from search.engines.opensearch.reader import LIVE, Query, Reader
from search.engines.opensearch.spelling import correction, is_name, unknown
from search.engines.opensearch.values import RECORDS, filters
from search.filing import RANKS, forms_of
from search.highlight import Highlighter
from search.parser import Parsed
from search.query import Everything, Term, leaves
from search.questions import is_sentence
from search.ranking import ENOUGH, LIKE, MOST_COMPARED, SENTENCE_ZONES, TYPE_PRIORS
from search.request import SearchRequest
from search.results import Hit, Results
from search.stems import COMMON
from search.text import fold, tokens, words

OTHER_PRIOR = 0.7
SHOWN = ["key", "record", "type", "slug", "title", "url", "parent", "shown", "exact"]


class Rarities:
    """How rare what is asked for is; what is not known yet is noted, to be counted in one go."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.known: dict[str, float] = {}
        self.wanted: dict[str, Query] = {}

    def __call__(self, query: Query) -> float:
        name = json.dumps(query, sort_keys=True)
        if name not in self.known:
            self.wanted[name] = query
        return self.known.get(name, 1.0)

    def settle(self) -> None:
        names, queries = list(self.wanted), list(self.wanted.values())
        counts = self.reader.count(queries) if queries else []
        self.known |= {name: self.reader.rarity(count) for name, count in zip(names, counts, strict=True)}
        self.wanted = {}


@dataclass(frozen=True)
class Found:
    """What an attempt came to: the answer, and what has to be known to go on with it."""

    query: Query
    answer: Query
    text: str = ""
    forms: frozenset[str] = frozenset()
    scored: bool = False
    terms: frozenset[str] = frozenset()
    notices: tuple[str, ...] = ()
    suggestion: str | None = None

    @property
    def named(self) -> bool:
        """Is the query the name of something?"""
        hits = self.answer["hits"]["hits"]
        return any(naming.rank_of(hit["_source"]["exact"], set(self.forms)) for hit in hits[:1])

    @property
    def count(self) -> int:
        return self.answer["hits"]["total"]["value"]


def _is_likely(word: str, better: str) -> bool:
    """People seldom miss the first letter; of a short word there are too many neighbours that have another one."""
    return len(word) > 5 or better[0] == word[0] or better[:2] == word[1::-1]


def _snippet(shown: dict, exact: bool, highlighter: Highlighter) -> str:
    if shown.get("extract"):
        return highlighter.extract(shown["summary"])
    texts = [shown["summary"]]
    if not exact:  # where it is what was asked for, its summary says more than a line that has the name
        texts += [shown.get("body", ""), " · ".join(text for text, _language, _kind in shown.get("names", ()))]
    return highlighter.snippet(texts)


def _corrected(text: str, corrections: dict[str, str]) -> str:
    return " ".join(corrections.get(fold(word), word) for word in text.split())


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

    def run(self) -> Results:
        found = self._found()
        facets = counted(self.reader, found.answer.get("aggregations", {}))
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
        found = self._attempt()
        if is_sentence(self.tree) and not found.named:
            return self._answering(found)
        if found.count or isinstance(self.tree, Everything):
            return found
        corrections = self._corrections()
        if corrections:
            better = self._attempt(corrections)
            if better.count:
                text = self._reworded(corrections)
                notice = _("Nothing was found for “%(asked)s”. These are results for “%(better)s”.")
                return self._saying(better, notice % {"asked": self.request.q, "better": text}, text)
        names = self._names_among(corrections)
        some = self._attempt(names, relaxed=True)
        if not some.count:
            return found
        notice = _("Nothing has all of these words. These results have some of them.")
        return self._saying(some, notice, self._reworded(names) if names else None)

    def _answering(self, strict: Found) -> Found:
        """For a sentence: any of its words, where most of what is rare about it is there."""
        corrections = self._corrections()
        some = self._attempt(corrections, relaxed=True, zones=SENTENCE_ZONES, least=ENOUGH)
        if not some.count:
            some = self._attempt(corrections, relaxed=True)
        if some.count <= strict.count:
            return some
        return self._saying(
            some, _("This was read as a sentence: the results have the most telling of its words."), None
        )

    def _saying(self, found: Found, notice: str, suggestion: str | None) -> Found:
        return replace(found, notices=(*found.notices, notice), suggestion=suggestion)

    def _attempt(
        self,
        corrections: dict[str, str] | None = None,
        relaxed: bool = False,
        zones: Zones = ZONES,
        least: float = 0.0,
    ) -> Found:
        rarities = Rarities(self.reader)
        Compiler(self.reader, rarities, corrections or {}, relaxed, least).run(self.tree, zones)
        rarities.settle()
        compiler = Compiler(self.reader, rarities, corrections or {}, relaxed, least)
        clause = compiler.run(self.tree, zones)
        text = _corrected(asked(self.tree), corrections or {})
        limits = restrictions(self.tree)
        within = [compiler.run(limits).filter] if limits is not None else []
        forms = forms_of(text)
        query = self._whole(clause, text, forms, within)
        answer = self.reader.search(self._body(query, clause.scored))
        return Found(
            query, answer, text, frozenset(forms), clause.scored, frozenset(compiler.terms),
            tuple(dict.fromkeys(compiler.notices)),
        )  # fmt: skip

    def _whole(self, clause: Clause, text: str, forms: set[str], limits: list[Query]) -> Query:
        """How well the words match, better for whole names and by type; before all that is called just so."""
        query = clause.query if clause.scored else {"constant_score": {"filter": clause.filter}}
        named = naming.shares(self.reader, text) if clause.scored else []
        if named:
            query = {"function_score": {"query": query, "functions": named, "score_mode": "max"}}
        query = {"function_score": {"query": query, "functions": _priors(), "score_mode": "first"}}
        tiers = naming.tiers(self.reader, forms, limits)
        ways = [query, tiers] if tiers else [query]
        return {"bool": {"filter": [LIVE], "should": ways, "minimum_should_match": 1}}

    def _body(self, query: Query, scored: bool) -> Query:
        """The search for a page, with its facets; the first hits all together, for their names are looked at too."""
        start, size = self.request.start, self.request.page_size
        if self._compares(scored):
            start, size = 0, max(MOST_COMPARED, start + size)
        return {
            "query": query, "post_filter": every(list(self.filters.values())) if self.filters else {"match_all": {}},
            "aggs": aggregations(self.request.facets, self.filters), "sort": self._sort(),
            "track_total_hits": True, "track_scores": True, "_source": SHOWN,
            "from": start if start + size <= DEEPEST else 0, "size": size if start + size <= DEEPEST else 0,
        }  # fmt: skip

    def _compares(self, scored: bool) -> bool:
        return scored and self.request.ordering == "relevance" and self.request.start < MOST_COMPARED

    def _sort(self) -> list[dict[str, Any]]:
        title = [{"order": "asc"}, {"key": "asc"}]
        if self.request.ordering == "title":
            return title
        if self.request.ordering in ("date", "-date"):
            order = "desc" if self.request.ordering == "-date" else "asc"
            return [{"starts": {"order": order, "missing": "_last"}}, *title]
        return [{"_score": "desc"}, *title]

    # Did you mean

    def _asked(self) -> list[str]:
        texts = [leaf.text for leaf in leaves(self.tree, denied=False) if isinstance(leaf, Term)]
        return list(dict.fromkeys(word for text in texts for word in words(text)))

    def _corrections(self) -> dict[str, str]:
        """Unknown words of the query, and what they were probably meant to be."""
        found = {word: correction(self.reader, word) for word in unknown(self.reader, self._asked())}
        return {word: better for word, better in found.items() if better and _is_likely(word, better)}

    def _names_among(self, corrections: dict[str, str]) -> dict[str, str]:
        """The corrections to trust where they are not all there is: names, in a query whose words are mostly known."""
        names = {wrong: right for wrong, right in corrections.items() if is_name(self.reader, right)}
        words_asked = [word for word in self._asked() if word not in COMMON]
        return names if 2 * len(unknown(self.reader, words_asked)) <= len(words_asked) else {}

    def _reworded(self, corrections: dict[str, str]) -> str:
        """The query as typed, with the corrected words in place."""
        text = self.request.q
        for token in sorted(tokens(text), key=lambda token: -token.start):
            if token.text in corrections and not token.whole:
                text = text[: token.start] + corrections[token.text] + text[token.end :]
        return text

    # The page

    def _hits(self, found: Found) -> list[Hit]:
        start, size = self.request.start, self.request.page_size
        rows = found.answer["hits"]["hits"]
        if self._compares(found.scored):
            rows = self._compared(rows, found)[start : start + size]
        elif start + size > DEEPEST and start < found.count:
            rows = self.deep.page(self.reader, self._body(found.query, found.scored), start, size)
        highlighter = Highlighter(found.terms)
        return [self._hit(row["_source"], row["_score"], found, highlighter) for row in rows]

    def _compared(self, rows: list[dict], found: Found) -> list[dict]:
        """The first hits, better for what is like a name."""
        for row in rows[:MOST_COMPARED]:
            source = row["_source"]
            tier = row["_score"] // naming.STEP * naming.STEP
            names = [(source["title"], "en"), *((n[0], n[1]) for n in source["shown"].get("names", ()))]
            row["_score"] = tier + (row["_score"] - tier) * (1 + LIKE * naming.likeness(found.text, names))
        first = sorted(rows[:MOST_COMPARED], key=lambda row: -round(row["_score"], 3))
        return [*first, *rows[MOST_COMPARED:]]

    def _hit(self, source: dict, score: float | None, found: Found, highlighter: Highlighter) -> Hit:
        shown = source["shown"]
        exact = naming.rank_of(source["exact"], set(found.forms)) >= min(RANKS.values())
        return Hit(
            key=source["key"], record=source["record"], type=source["type"], slug=source["slug"],
            title=source["title"], url=source["url"], snippet=_snippet(shown, exact, highlighter),
            score=round(score or 0.0, 3), parent=source["parent"], kind=shown["kind"], level=shown["level"],
            year=shown["year"], exact=exact,
        )  # fmt: skip


def _priors() -> list[dict[str, Any]]:
    known = [
        {"filter": {"term": {"facets.type": str(type_)}}, "weight": weight} for type_, weight in TYPE_PRIORS.items()
    ]
    return [*known, {"filter": {"match_all": {}}, "weight": OTHER_PRIOR}]
