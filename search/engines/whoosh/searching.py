"""One search: match, fall back, rank, count, and make the page of hits."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from django.utils.translation import gettext as _

from search.engines.whoosh import naming
from search.engines.whoosh.arrays import distinct
from search.engines.whoosh.columns import UNDATED
from search.engines.whoosh.counting import Filtering
from search.engines.whoosh.evaluate import Evaluator
from search.engines.whoosh.fields import RECORDS
from search.engines.whoosh.matching import Matcher
from search.engines.whoosh.segment import Segment
from search.engines.whoosh.snapshot import Snapshot
from search.engines.whoosh.spelling import correction, is_known, is_name
from search.engines.whoosh.spreading import spread
from search.everyday import widened
from search.filing import RANKS
from search.highlight import Highlighter
from search.lexicon import language_of
from search.meaning import STEM, ZONES
from search.naming import Asked, asked, restrictions
from search.parser import Parsed
from search.query import Everything, Term, leaves
from search.questions import is_sentence, telling
from search.ranking import ENOUGH, LIKE, MOST_COMPARED, NAMED, SENTENCE_LIKE, SENTENCE_ZONES
from search.request import SearchRequest
from search.results import Hit, Results
from search.spelling import corrected, is_likely, reworded
from search.stems import COMMON
from search.text import fold, words

_STEPS = 10_000  # of a score; what differs by less is of equal worth
_EXACT = 1e-6  # of a float32, more or less
_SAMPLED = 2048  # scores of a sample


@dataclass(frozen=True)
class Found:
    """Who matches (sorted numbers of documents) with what score, before the filters; where those stand that pass them;
    `ranks` of those named so."""

    ids: np.ndarray
    score: np.ndarray
    passing: np.ndarray | slice
    ranks: naming.Ranked
    terms: frozenset[str] = frozenset()
    notices: tuple[str, ...] = ()
    suggestion: str | None = None

    @property
    def is_any(self) -> bool:
        return bool(len(self.ids[self.passing]))


class Search:
    """Answers one request on one snapshot."""

    def __init__(self, snapshot: Snapshot, request: SearchRequest, parsed: Parsed) -> None:
        self.snapshot, self.request, self.tree = snapshot, request, parsed.tree
        self.matcher = Matcher(snapshot)
        self.filtering = Filtering(snapshot, request)

    @cached_property
    def language(self) -> str:
        """The language that the query is in."""
        return language_of(words(asked(self.tree)))

    def run(self) -> Results:
        found = self._found()
        chosen, score = found.ids[found.passing], found.score[found.passing]
        facets = self.filtering.counts(found.ids, chosen)
        told = [(name, count.value) for name in RECORDS for count in facets.get(name, ())]
        told += [(name, value) for name in RECORDS for value in self.request.filters.get(name, ())]
        labels = {reference: self.snapshot.titled(*reference) or reference[1] for reference in told}
        return Results(
            count=len(chosen), hits=self._hits(*self._page(chosen, score), found), facets=facets,
            position=self.snapshot.position, labels=labels, notices=found.notices, suggestion=found.suggestion,
        )  # fmt: skip

    # Matching: all words, then all words with a misspelling put right, then any word

    def _found(self) -> Found:
        found = self._attempt()
        if is_sentence(self.tree) and not found.ranks:
            return self._answering(found)
        if found.is_any or isinstance(self.tree, Everything):
            return found
        corrections = self._corrections()
        if corrections:
            better = self._attempt(corrections)
            if better.is_any:
                text = reworded(self.request.q, corrections)
                notice = _("Nothing was found for “%(asked)s”. These are results for “%(better)s”.")
                return self._saying(better, notice % {"asked": self.request.q, "better": text}, text)
        names = self._names_among(corrections)
        some = self._attempt(names, relaxed=True)
        if not some.is_any:
            return found
        notice = _("Nothing has all of these words. These results have some of them.")
        return self._saying(some, notice, reworded(self.request.q, names) if names else None)

    def _answering(self, strict: Found) -> Found:
        """For a sentence: any of its words, where most of what is rare about it is there."""
        corrections = self._corrections()
        some = self._attempt(corrections, relaxed=True, zones=SENTENCE_ZONES, least=ENOUGH)
        if not some.is_any:
            some = self._attempt(corrections, relaxed=True)
        if np.isin(some.ids[some.passing], strict.ids).all():
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
        zones: tuple[str, ...] = ZONES,
        least: float = 0.0,
    ) -> Found:
        language = widened(self.language, least > 0) if relaxed else ""
        evaluator = Evaluator(self.matcher, corrections, relaxed, least, language)
        match = evaluator.run(self.tree, zones)
        text = corrected(asked(self.tree), corrections or {})
        limits = restrictions(self.tree)
        allowed = None if limits is None else evaluator.mask(limits)
        if least > 0:
            named = naming.wholly(self.snapshot, text, telling(text, self.language))
        else:
            named = naming.exact(self.snapshot, text)
        ranks = self._allowed(named, allowed)
        strengths = self._allowed(naming.carrying(self.snapshot, ranks), allowed)
        ids, score = match.ids, match.score
        besides = np.array(sorted(ranks.keys() | strengths.keys()), dtype=np.int64)
        if len(besides):
            ids = distinct(np.concatenate([ids, besides]))
            score = np.zeros(len(ids), dtype=np.float32)
            score[np.searchsorted(ids, besides)] = evaluator.loosely(self.tree, besides, zones)
            score[np.searchsorted(ids, match.ids)] = match.score
        score = self._scored(ids, score, text, least > 0)
        if least > 0:
            ids, score = spread(self.matcher, ids, score)
        terms, notices = frozenset(evaluator.terms), tuple(dict.fromkeys(evaluator.notices))
        return Found(ids, _tiered(ids, score, ranks, strengths), self.filtering.passing(ids), ranks, terms, notices)

    @staticmethod
    def _allowed(ranked: naming.Ranked, allowed: np.ndarray | None) -> naming.Ranked:
        return ranked if allowed is None else {number: rank for number, rank in ranked.items() if allowed[number]}

    def _scored(self, ids: np.ndarray, score: np.ndarray, text: str, sentence: bool = False) -> np.ndarray:
        """How well the words match, better for whole names, for what is like a name, and by type. In a
        `sentence` a name is like it by the rarer words, and by those that stand for them."""
        priors = self.snapshot.column(ids, lambda segment: segment.priors)
        if not score.any():
            return priors
        score = score * priors
        for number, share in naming.named(self.snapshot, text).items():
            place = int(np.searchsorted(ids, number))
            if place < len(ids) and ids[place] == number:
                score[place] *= 1 + NAMED * share
        best = np.sort(_highest(score, MOST_COMPARED))
        likes = self._telling(text) if sentence else Asked.alike(text)
        score[best] *= 1 + (SENTENCE_LIKE if sentence else LIKE) * naming.likeness(self.snapshot, likes, ids[best])
        return score

    def _telling(self, text: str) -> Asked:
        """The words of a sentence, the rarer the more telling."""
        told = telling(text, self.language)
        return Asked.of_sentence(told, [self.matcher.telling(word, SENTENCE_ZONES) for word in told], self.language)

    # Did you mean

    def _corrections(self) -> dict[str, str]:
        """Unknown words of the query, and what they were probably meant to be."""
        texts = [leaf.text for leaf in leaves(self.tree, denied=False) if isinstance(leaf, Term)]
        asked = dict.fromkeys(word for text in texts for word in words(text))
        unknown = [word for word in asked if not is_known(self.snapshot, word)]
        found = {word: self._correction(word) for word in unknown}
        return {word: better for word, better in found.items() if better and is_likely(word, better)}

    def _correction(self, word: str) -> str | None:
        self.matcher.check_time()
        return correction(self.snapshot, word)

    def _names_among(self, corrections: dict[str, str]) -> dict[str, str]:
        """The corrections to trust where they are not all there is: names, in a query whose words are mostly known."""
        names = {wrong: right for wrong, right in corrections.items() if is_name(self.snapshot, right)}
        asked = {
            word for leaf in leaves(self.tree, denied=False) if isinstance(leaf, Term) for word in words(leaf.text)
        }
        unknown = [word for word in asked - COMMON if not is_known(self.snapshot, word)]
        return names if 2 * len(unknown) <= len(asked - COMMON) else {}

    # Order and hits

    def _page(self, ids: np.ndarray, score: np.ndarray) -> tuple[list[int], list[float]]:
        """The documents of the page that was asked for, in order, and their scores. Those of equal worth are in order
        of their titles, which each segment knows of its own: the best of each are compared by the titles themselves."""
        most = self.request.start + self.request.page_size
        if self.request.ordering == "relevance":
            near = _near_the_best(score, most)
            ids, score = ids[near], score[near]
        parts = self.snapshot.parts(ids)
        best: list[tuple] = []
        for segment, span, inner in parts:
            keys = (self._worth(segment, inner, score[span]) << 32) | segment.title_order[inner]
            places = np.argpartition(keys, most - 1)[:most] if len(keys) > most else np.arange(len(keys))
            places = places[np.argsort(keys[places])] + span.start
            if len(parts) == 1:
                best = [(0, "", int(ids[place]), float(score[place])) for place in places[self.request.start :]]
                return [number for *_key, number, _score in best], [score for *_key, score in best]
            for place in places.tolist():
                number = int(ids[place])
                key = int(keys[place - span.start] >> 32)
                best.append((key, fold(self.snapshot.title(number)), number, float(score[place])))
        page = sorted(best)[self.request.start : most]
        return [number for *_key, number, _score in page], [score for *_key, score in page]

    def _worth(self, segment: Segment, inner: np.ndarray, score: np.ndarray) -> np.ndarray:
        """A number for each document that orders them, the least first; undated documents come last by date."""
        if self.request.ordering == "title":
            return np.zeros(len(inner), dtype=np.int64)
        if self.request.ordering in ("date", "-date"):
            starts = segment.starts[inner].astype(np.int64)
            return np.where(starts == UNDATED, 1 << 30, -starts if self.request.ordering == "-date" else starts)
        return -np.rint(score * np.float32(_STEPS)).astype(np.int64)

    def _hits(self, numbers: list[int], scores: list[float], found: Found) -> list[Hit]:
        stems = [term for term in found.terms if term.startswith(STEM)]
        highlighter = Highlighter(found.terms, set().union(*map(self.snapshot.surface, stems)) if numbers else ())
        return [self._hit(number, score, found, highlighter) for number, score in zip(numbers, scores, strict=True)]

    def _hit(self, number: int, score: float, found: Found, highlighter: Highlighter) -> Hit:
        row = self.snapshot.row(number)
        exact = found.ranks.get(number, 0) >= min(RANKS.values())
        shown = row["shown"]
        return Hit(
            key=row["key"], record=row["record"], type=row["type"], slug=row["slug"], title=row["title"],
            url=row["url"], snippet=highlighter.shown(shown, exact), score=round(score, 3),
            parent=row["parent"], kind=shown["kind"], level=shown["level"], year=shown["year"],
            exact=exact,
        )  # fmt: skip


def _edge(score: np.ndarray, most: int) -> np.float32:
    """The lowest of the `most` highest scores, of which there are as many or more. What lies below most scores of a
    sample need not be sorted out, which takes the longest."""
    step = len(score) // _SAMPLED
    likely = 8 + 2 * most // max(1, step)
    if step > 1 and likely < _SAMPLED:
        above = score[score >= np.partition(score[::step], -likely)[-likely]]
        if len(above) >= most:
            score = above
    return np.partition(score, len(score) - most)[len(score) - most]


def _highest(score: np.ndarray, most: int) -> np.ndarray:
    """Where the highest scores are; of equal ones at the edge, the first."""
    if len(score) <= most:
        return np.arange(len(score))
    edge = _edge(score, most)
    above = np.flatnonzero(score > edge)
    return np.concatenate([above, np.flatnonzero(score == edge)[: most - len(above)]])


def _near_the_best(score: np.ndarray, most: int) -> np.ndarray | slice:
    """Where the highest scores are and those that may be equal to them once rounded; maybe all."""
    if len(score) <= 8 * most:
        return slice(None)
    edge = _edge(score, most)
    return np.flatnonzero(score >= edge - abs(edge) * _EXACT - 2 / _STEPS)


def _tiered(ids: np.ndarray, score: np.ndarray, ranks: naming.Ranked, strengths: naming.Ranked) -> np.ndarray:
    """A name or identifier that is the query comes first, by rank; then what carries a principle so named."""
    step = np.float32(score.max(initial=0) + 1)
    tiers = {number: 1 + strength / 10 for number, strength in strengths.items()}
    tiers |= {number: 1 + rank for number, rank in ranks.items()}
    if tiers:
        score = score.copy()
        score[np.searchsorted(ids, list(tiers))] += step * np.array(list(tiers.values()), dtype=np.float32)
    return score
