"""Suggestions while typing: names that begin with what is typed, then names with a word that does."""

from search.engines.opensearch.fields import MOST_HEADS
from search.engines.opensearch.mapping import LONGEST_WORD
from search.engines.opensearch.reader import Reader
from search.names import suggested, worth
from search.ranking import TYPE_PRIORS
from search.results import Suggestion
from search.text import words

SHORTEST = 2
MOST_READ = 200
OTHER_PRIOR = 0.7


def suggest(reader: Reader, text: str, limit: int) -> list[Suggestion]:
    """At most `limit` suggestions, one for each record; none for fewer than two letters."""
    start = " ".join(words(text))[:LONGEST_WORD]
    if len(start) < SHORTEST:
        return []
    query = {
        "bool": {
            "filter": [{"prefix": {"heads": start}}],
            "should": [{"constant_score": {"filter": {"term": {"heads": start}}, "boost": 10}}]
            + [
                {"constant_score": {"filter": {"term": {"facets.type": str(type_)}}, "boost": prior}}
                for type_, prior in TYPE_PRIORS.items()
            ],
        }
    }
    asked = {"size": MOST_READ, "query": query, "_source": ["type", "title", "url", "shown"], "track_total_hits": False}
    sources = [hit["_source"] for hit in reader.search(asked)["hits"]["hits"]]
    best = sorted(((_value(source, start), number) for number, source in enumerate(sources)))[:limit]
    return [_suggestion(sources[number], value[-1]) for value, number in best]


def _value(source: dict, start: str) -> tuple:
    """How good the best name of a record is: what is typed itself, at its beginning, an official one, a short one."""
    prior = TYPE_PRIORS.get(source["type"], OTHER_PRIOR)
    values = []
    for name, later in suggested(source["title"], source["shown"]).items():
        parts = words(name)
        for n in range(min(len(parts), MOST_HEADS)):
            rest = " ".join(parts[n:])
            if rest.startswith(start):
                values.append(worth(name, later, prior, rest == start, n == 0))
    return min(values, default=(True, True, True, 9, -prior, len(source["title"]), source["title"]))


def _suggestion(source: dict, name: str) -> Suggestion:
    return Suggestion(name, source["title"], source["type"], source["url"])
