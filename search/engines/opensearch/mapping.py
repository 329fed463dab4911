"""The mapping: our own words with their places in each zone, what they amount to together, names, values, days.

A zone's score is BM25F's share of one zone, with the constants of `search.ranking` written into its similarity; the
words of all zones together are features of a document, whose saturation is BM25F's.
https://docs.opensearch.org/2.19/field-types/supported-field-types/rank/
"""

from typing import Any

from search.engines.opensearch.meaning import GAP, ZONES
from search.filing import FACETS
from search.ranking import SATURATION, SENTENCE_ZONES, ZONE_WEIGHTS

# Zones that words are looked for in together, and the features with what each word amounts to in them.
AMOUNTS = {ZONES: "amounts", SENTENCE_ZONES: "telling"}
LONGEST_WORD = 200  # characters; a longer one is cut, in the index and in a query
KEYWORD = {"type": "keyword"}
UNSORTED = {"type": "keyword", "doc_values": False}
SHOWN = ("key", "record", "type", "slug", "title", "url", "digest", "mention", "parent", "shown", "exact")


def body(means: dict[str, float], shards: int) -> dict[str, Any]:
    """What an index is made with; `means` are the mean lengths of the zones."""
    return {"settings": _settings(means, shards), "mappings": _mappings()}


def _settings(means: dict[str, float], shards: int) -> dict[str, Any]:
    return {
        "number_of_shards": shards,
        "number_of_replicas": 0,  # while it is built
        "refresh_interval": "-1",
        "gc_deletes": "1h",  # for so long a write that comes late is known to be late
        "max_result_window": 10_000,
        "translog.durability": "request",
        "similarity": {zone: _similarity(zone, means[zone]) for zone in ZONES},
        "analysis": {
            # One place of a text is one word of ours; its other forms come after it, between bars.
            "filter": {"forms": {"type": "pattern_capture", "preserve_original": False, "patterns": ["([^|]+)"]}},
            "analyzer": {"forms": {"type": "custom", "tokenizer": "whitespace", "filter": ["forms"]}},
        },
    }


def _similarity(zone: str, mean: float) -> dict[str, Any]:
    weight, share = ZONE_WEIGHTS[zone]
    amount = f"{weight} * doc.freq / ({1 - share} + {share} * doc.length / {mean})"
    return {
        "type": "scripted",
        "script": {"source": f"double amount = {amount}; return query.boost * amount / ({SATURATION} + amount);"},
    }


def _mappings() -> dict[str, Any]:
    zones = {
        zone: {"type": "text", "analyzer": "forms", "similarity": zone, "position_increment_gap": GAP} for zone in ZONES
    }
    return {
        "dynamic": "strict",
        "_source": {"includes": [*(name for name in SHOWN), "state"]},
        "properties": {
            "state": {"type": "object", "enabled": False},
            "key": KEYWORD,
            "record": {"type": "long"},
            "ref": KEYWORD,
            "type": {"type": "object", "enabled": False},
            "slug": KEYWORD,
            "title": {"type": "object", "enabled": False},
            "url": {"type": "object", "enabled": False},
            "digest": KEYWORD,
            "mention": {"type": "object", "enabled": False},
            "parent": {"type": "object", "enabled": False},
            "shown": {"type": "object", "enabled": False},
            "zones": {"properties": zones},
            **{name: {"type": "rank_features"} for name in AMOUNTS.values()},
            "any": KEYWORD,
            "own": UNSORTED,
            "exact": KEYWORD,
            "carried": UNSORTED,
            "heads": UNSORTED,
            "facets": {"properties": dict.fromkeys(FACETS, KEYWORD)},
            "years": {"type": "integer_range"},
            "first": {"type": "integer"},
            "last": {"type": "integer"},
            "starts": {"type": "integer"},
            "force": {"type": "integer_range"},
            "order": KEYWORD,
        },
    }
