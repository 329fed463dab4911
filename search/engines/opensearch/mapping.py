"""The mapping: our own words with their places in each zone, what they amount to together, names, values, days.

What a word amounts to over several zones (BM25F before saturation) is known when a document is written; it is kept as
the frequency of the word, a whole number, and saturated by the query, once the forms of a word are added up.
https://docs.opensearch.org/2.19/analyzers/token-filters/delimited-term-frequency/
"""

from typing import Any

from search.filing import FACETS
from search.meaning import CLOSE_ZONES, GAP, ZONES
from search.ranking import SENTENCE_ZONES

# Zones that words are looked for in together, and the field with what each word amounts to in them.
AMOUNTS = {ZONES: "amounts", SENTENCE_ZONES: "telling", CLOSE_ZONES: "close"}
STEPS = 10_000  # of an amount
LONGEST_WORD = 200  # characters; a longer one is cut, in the index and in a query
KEYWORD = {"type": "keyword"}
UNSORTED = {"type": "keyword", "doc_values": False}
SHOWN = (
    "key", "record", "ref", "type", "slug", "title", "url", "digest", "mention", "parent", "shown", "exact", "near",
)  # fmt: skip
# While an index is built, what fails is built anew, and its segments are merged once, at the end.
BUILDING = {
    "number_of_replicas": 0, "translog.durability": "async",
    "merge.policy.segments_per_tier": 100, "merge.policy.max_merge_at_once": 100,
}  # fmt: skip
BUILT = {
    "translog.durability": "request", "merge.policy.segments_per_tier": None, "merge.policy.max_merge_at_once": None,
    "auto_expand_replicas": "0-1",
}  # fmt: skip


def body(shards: int) -> dict[str, Any]:
    """What an index is made with."""
    return {"settings": _settings(shards), "mappings": _mappings()}


def _settings(shards: int) -> dict[str, Any]:
    return {
        "number_of_shards": shards,
        "refresh_interval": "-1",
        "gc_deletes": "1h",  # for so long a write that comes late is known to be late
        "max_result_window": 10_000,
        **BUILDING,
        "similarity": {
            "amount": _scripted(f"return query.boost * doc.freq / {float(STEPS)};"),
            "count": _scripted("return query.boost * doc.freq;"),
        },
        "analysis": {
            # All forms of a word are one token at first, as long as they may be.
            "tokenizer": {"places": {"type": "whitespace", "max_token_length": 100_000}},
            "filter": {
                # One place of a text is one word of ours; its other forms come after it, between bars.
                "forms": {"type": "pattern_capture", "preserve_original": False, "patterns": ["([^|]+)"]},
                # A word, a bar, and how often it is to be taken for being there.
                "amounts": {"type": "delimited_term_freq", "delimiter": "|"},
            },
            "analyzer": {
                name: {"type": "custom", "tokenizer": "places", "filter": [name]} for name in ("forms", "amounts")
            },
        },
    }


def _scripted(source: str) -> dict[str, Any]:
    return {"type": "scripted", "script": {"source": source}}


def _mappings() -> dict[str, Any]:
    zone = {
        "type": "text", "analyzer": "forms", "similarity": "count", "norms": False, "position_increment_gap": GAP,
    }  # fmt: skip
    unit = {"type": "float", "index": False}
    amount = {
        "type": "text", "analyzer": "amounts", "search_analyzer": "whitespace", "similarity": "amount", "norms": False,
        "index_options": "freqs",
    }  # fmt: skip
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
            "near": {"type": "object", "enabled": False},
            "zones": {"properties": dict.fromkeys(ZONES, zone)},
            "units": {"properties": dict.fromkeys(ZONES, unit)},
            **dict.fromkeys(AMOUNTS.values(), amount),
            "any": KEYWORD,
            "own": UNSORTED,
            "exact": KEYWORD,
            "carried": UNSORTED,
            "linked": UNSORTED,
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
