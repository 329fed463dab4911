"""How near records are to what they are linked to."""

from search.links import linked_of


def test_what_it_defines_is_nearest_and_what_it_is_filed_under_furthest() -> None:
    document = {
        "principles": ["solidarity"],
        "topics": ["asylum", "funding"],
        "relations": [
            {"predicate": "defines", "type": "principle", "slug": "solidarity"},
            {"predicate": "related-to", "type": "topic", "slug": "asylum"},
        ],
    }
    assert linked_of(document) == {"principle/solidarity": 100, "topic/asylum": 50, "topic/funding": 20}
