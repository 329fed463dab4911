"""One search: match, fall back, rank, count, and make the page of hits."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from django.utils.translation import gettext as _

from search.engines.whoosh import naming
from search.engines.whoosh.counting import Filtering
from search.engines.whoosh.evaluate import Evaluator
from search.engines.whoosh.fields import RECORDS
from search.engines.whoosh.matching import Match, Matcher
from search.engines.whoosh.snapshot import Snapshot
from search.engines.whoosh.spelling import correction, is_known, is_name
from search.filing import RANKS
from search.highlight import Highlighter
from search.parser import Parsed
from search.query import Everything, Term, leaves
from search.ranking import LIKE, MOST_COMPARED, NAMED, TYPE_PRIORS
from search.request import SearchRequest
from search.results import Hit, Results
from search.stems import COMMON
from search.text import fold, tokens, words


@dataclass(frozen=True)
class Found:
    """Who matches, with what score, before the filters."""

    mask: np.ndarray
    score: np.ndarray
    ranks: np.ndarray
    terms: frozenset[str] = frozenset()
    notices: tuple[str, ...] = ()
    suggestion: str | None = None


def _corrected(text: str, corrections: dict[str, str]) -> str:
    return " ".join(corrections.get(fold(word), word) for word in text.split())


class Search:
    """Answers one request on one snapshot."""

    def __init__(self, snapshot: Snapshot, request: SearchRequest, parsed: Parsed) -> None:
        self.snapshot, self.request, self.tree = snapshot, request, parsed.tree
        self.matcher = Matcher(snapshot)
        self.filtering = Filtering(snapshot, request)
        self.passing = self.filtering.mask()

    def run(self) -> Results:
        found = self._found()
        chosen = np.flatnonzero(found.mask & self.passing)
        order = self._order(chosen, found)
        page = order[self.request.start : self.request.start + self.request.page_size]
        facets = self.filtering.counts(found.mask)
        told = [(name, count.value) for name in RECORDS for count in facets[name]]
        told += [(name, value) for name in RECORDS for value in self.request.filters.get(name, ())]
        labels = {reference: self.snapshot.titles.get(reference, reference[1]) for reference in told}
        return Results(
            count=len(chosen), hits=self._hits(page, found), facets=facets,
            position=self.snapshot.position, labels=labels, notices=found.notices, suggestion=found.suggestion,
        )  # fmt: skip

    # Matching: all words, then all words with a misspelling put right, then any word

    def _found(self) -> Found:
        found = self._attempt()
        if self._any(found) or isinstance(self.tree, Everything):
            return found
        corrections = self._corrections()
        if corrections:
            better = self._attempt(corrections)
            if self._any(better):
                text = self._reworded(corrections)
                notice = _("Nothing was found for “%(asked)s”. These are results for “%(better)s”.")
                return self._saying(better, notice % {"asked": self.request.q, "better": text}, text)
        names = self._names_among(corrections)
        some = self._attempt(names, relaxed=True)
        if not self._any(some):
            return found
        notice = _("Nothing has all of these words. These results have some of them.")
        return self._saying(some, notice, self._reworded(names) if names else None)

    def _any(self, found: Found) -> bool:
        return bool((found.mask & self.passing).any())

    def _saying(self, found: Found, notice: str, suggestion: str | None) -> Found:
        return replace(found, notices=(*found.notices, notice), suggestion=suggestion)

    def _attempt(self, corrections: dict[str, str] | None = None, relaxed: bool = False) -> Found:
        evaluator = Evaluator(self.matcher, corrections, relaxed)
        match = evaluator.run(self.tree)
        text = _corrected(naming.asked(self.tree), corrections or {})
        limits = naming.restrictions(self.tree)
        allowed = evaluator.run(limits).mask if limits is not None else self.snapshot.live
        ranks = naming.exact(self.snapshot, text) * allowed
        strengths = naming.carrying(self.snapshot, ranks) * allowed
        return Found(
            match.mask | (ranks > 0) | (strengths > 0),
            self._tiered(self._scored(match, text), ranks, strengths),
            ranks,
            frozenset(evaluator.terms),
            tuple(dict.fromkeys(evaluator.notices)),
        )

    def _scored(self, match: Match, text: str) -> np.ndarray:
        """How well the words match, better for whole names, for what is like a name, and by type."""
        if not match.score.any():
            return self.priors
        score = match.score * self.priors * (1 + NAMED * naming.named(self.snapshot, text))
        best = np.argsort(-np.where(match.mask, score, 0), kind="stable")[:MOST_COMPARED]
        score[best] *= 1 + LIKE * naming.likeness(self.snapshot, text, best)
        return score

    def _tiered(self, score: np.ndarray, ranks: np.ndarray, strengths: np.ndarray) -> np.ndarray:
        """A name or identifier that is the query comes first, by rank; then what carries a principle so named."""
        step = float(score.max(initial=0)) + 1
        return score + step * np.where(ranks > 0, 1 + ranks, np.where(strengths > 0, 1 + strengths / 10, 0))

    @cached_property
    def priors(self) -> np.ndarray:
        values = self.snapshot.codes.values["type"]
        weights = np.array([TYPE_PRIORS.get(value, 0.7) for value in values] or [1.0], dtype=np.float32)
        pairs = self.snapshot.facets["type"]
        priors = np.ones(self.snapshot.size, dtype=np.float32)
        priors[pairs.ids] = weights[pairs.codes]
        return priors

    # Did you mean

    def _corrections(self) -> dict[str, str]:
        """Unknown words of the query, and what they were probably meant to be."""
        texts = [leaf.text for leaf in leaves(self.tree, denied=False) if isinstance(leaf, Term)]
        asked = dict.fromkeys(word for text in texts for word in words(text))
        unknown = [word for word in asked if not is_known(self.snapshot, word)]
        found = {word: correction(self.snapshot, word) for word in unknown}
        return {word: better for word, better in found.items() if better}

    def _names_among(self, corrections: dict[str, str]) -> dict[str, str]:
        """The corrections to trust where they are not all there is: names, in a query whose words are mostly known."""
        names = {wrong: right for wrong, right in corrections.items() if is_name(self.snapshot, right)}
        asked = {
            word for leaf in leaves(self.tree, denied=False) if isinstance(leaf, Term) for word in words(leaf.text)
        }
        unknown = [word for word in asked - COMMON if not is_known(self.snapshot, word)]
        return names if 2 * len(unknown) <= len(asked - COMMON) else {}

    def _reworded(self, corrections: dict[str, str]) -> str:
        """The query as typed, with the corrected words in place."""
        text = self.request.q
        for token in sorted(tokens(text), key=lambda token: -token.start):
            if token.text in corrections and not token.whole:
                text = text[: token.start] + corrections[token.text] + text[token.end :]
        return text

    # Order and hits

    def _order(self, chosen: np.ndarray, found: Found) -> np.ndarray:
        title = self.snapshot.title_order[chosen]
        if self.request.ordering == "title":
            return chosen[np.argsort(title, kind="stable")]
        if self.request.ordering in ("date", "-date"):
            starts = self.snapshot.starts[chosen].astype(np.int64)
            days = -starts if self.request.ordering == "-date" else starts
            return chosen[np.lexsort((title, days, starts == 0))]
        return chosen[np.lexsort((title, -np.round(found.score[chosen], 4)))]

    def _hits(self, page: np.ndarray, found: Found) -> list[Hit]:
        highlighter = Highlighter(found.terms)
        return [self._hit(int(number), found, highlighter) for number in page]

    def _hit(self, number: int, found: Found, highlighter: Highlighter) -> Hit:
        row, shown = self.snapshot.row(number), self.snapshot.shown(number)
        exact = bool(found.ranks[number] >= min(RANKS.values()))
        texts = [shown["summary"]]
        if not exact:  # where it is what was asked for, its summary says more than a line that has the name
            texts += [shown.get("body", ""), " · ".join(text for text, _language, _kind in shown.get("names", ()))]
        return Hit(
            key=row["key"], record=row["record"], type=row["type"], slug=row["slug"], title=row["title"],
            url=row["url"], snippet=highlighter.snippet(texts), score=round(float(found.score[number]), 3),
            parent=shown["parent"], kind=shown["kind"], level=shown["level"], year=shown["year"],
            exact=exact,
        )  # fmt: skip
