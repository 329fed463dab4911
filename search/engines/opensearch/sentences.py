"""What the best answers to a sentence add to the scores of others, and what they gain by their own names.

The answers are few, so that it is reckoned here from what the index tells of them, and given back to it with the query.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from search.engines.opensearch.queries import amounts, either, having, saturated
from search.engines.opensearch.reader import Reader
from search.feedback import counts_of, telling_terms
from search.meaning import CLOSE_ZONES, Form, word_slot
from search.naming import Asked
from search.questions import telling
from search.ranking import FED_BACK, FEEDING, MOST_LIKE, PASSED_ON, PASSING, SENTENCE_LIKE, SENTENCE_ZONES, TYPE_PRIORS
from search.spreading import gains, passing

OTHER_PRIOR = 0.7
Added = dict[str, float]  # by the keys of documents
Answers = list[tuple[dict[str, Any], float]]  # what is shown of the best, and their scores, the best first


def added(reader: Reader, text: str, language: str, rows: Sequence[dict[str, Any]]) -> Added:
    """What is added to the scores of documents for a sentence; `rows`: those with the best scores so far."""
    liked = compared(rows, asked_of(reader, text, language))
    if not any(liked.values()):  # only named, by words that count for nothing
        liked = {row["_source"]["key"]: prior(row["_source"]) for row in rows}
    answers = sorted(((row["_source"], liked[row["_source"]["key"]]) for row in rows), key=lambda answer: -answer[1])
    found: defaultdict[str, float] = defaultdict(float)
    if not answers or answers[0][1] <= 0:
        return found
    for row in rows:
        found[row["_source"]["key"]] += liked[row["_source"]["key"]] - row["_score"]
    for part in (linked(reader, answers), alike(reader, answers)):
        for key, score in part.items():
            found[key] += score
    return found


def asked_of(reader: Reader, text: str, language: str) -> Asked:
    """The words of a sentence, the rarer the more telling."""
    told = telling(text, language)
    counts = reader.count([having(word_slot(word), SENTENCE_ZONES) for word in told])
    return Asked.of_sentence(told, [reader.rarity(count) for count in counts], language)


def compared(rows: Sequence[dict[str, Any]], asked: Asked) -> dict[str, float]:
    """The scores of documents, better for what is like a name."""
    sources = [(row["_source"], row["_score"]) for row in rows]
    return {source["key"]: score * (1 + SENTENCE_LIKE * asked.likeness(names(source))) for source, score in sources}


def prior(source: dict[str, Any]) -> float:
    """How much the type of a document is favoured."""
    return TYPE_PRIORS.get(source["type"], OTHER_PRIOR)


def names(source: dict[str, Any]) -> list[tuple[str, str]]:
    """The names of a document, each with its language."""
    return [(source["title"], "en"), *((name[0], name[1]) for name in source["shown"].get("names", ()))]


def linked(reader: Reader, answers: Answers) -> Added:
    """What the best pass on to what they are linked to."""
    top = answers[0][1]
    shares = passing((source, score / top) for source, score in answers[:PASSING])
    links = reader.links(shares)
    return {key: PASSED_ON * top * gained for key, gained in gains(shares, lambda ref: links[ref].items()).items()}


def alike(reader: Reader, answers: Answers) -> Added:
    """What is added to what is most like the best."""
    top = answers[0][1]
    terms = _terms(reader, [(source, score / top) for source, score in answers[:FEEDING]])
    if not terms:
        return {}
    slots = [(Form(term),) for term in terms]
    rarities = map(reader.rarity, reader.count([having(slot, CLOSE_ZONES) for slot in slots]))
    worth = [weight * rarity for weight, rarity in zip(terms.values(), rarities, strict=True)]
    query = either([saturated(amounts(slot, CLOSE_ZONES), much) for slot, much in zip(slots, worth, strict=True)])
    hits = reader.search({"size": MOST_LIKE, "query": query, "_source": ["key"], "track_total_hits": False})
    scores = {hit["_source"]["key"]: hit["_score"] for hit in hits["hits"]["hits"]}
    most = max(scores.values(), default=1.0)
    return {key: FED_BACK * top * score / most for key, score in scores.items()}


def _terms(reader: Reader, answers: Answers) -> dict[str, float]:
    counts = [
        counts_of(source["title"], source["shown"]["summary"], source["shown"].get("names", ()))
        for source, _share in answers
    ]
    terms = list(dict.fromkeys(term for found in counts for term, _times in found))
    frequency = dict(zip(terms, reader.count([{"term": {"any": term}} for term in terms]), strict=True))
    shares = (share for _source, share in answers)
    return telling_terms(zip(counts, shares, strict=True), frequency.__getitem__, reader.rarity)
