"""The parameters and answers of search, as the schema of the API tells them."""

from governance.api import parameters as p
from governance.api.shapes import COUNT, LINK, MAYBE, TEXT, list_of, object_of, one_of
from search.finding import LONGEST_START
from search.labels import FACETS
from search.query import LONGEST
from search.request import HIGHEST_PAGE, ORDERINGS, TYPES

MOST_SUGGESTIONS = 20
_REPLACED = ("q", "ordering")
PARAMETERS = (
    p.query(
        "q",
        "Words, phrases, AND, OR, NOT, word*, word~ and field:value. What does not parse is searched as plain words.",
        {"type": "string", "maxLength": LONGEST},
    ),
    *(parameter for parameter in p.FILTERS if parameter.name not in _REPLACED),
    p.query("ordering", "The order.", {"type": "string", "enum": list(ORDERINGS)}),
    p.query("page", "The number of the page.", {"type": "integer", "minimum": 1, "maximum": HIGHEST_PAGE}),
    p.SIZE,
)
START = p.query(
    "q", "The beginning of a name, of at least two letters.", {"type": "string", "maxLength": LONGEST_START}
)
LIMIT = p.query("limit", "How many at most.", {"type": "integer", "minimum": 1, "maximum": MOST_SUGGESTIONS})

_TYPE = one_of(TYPES)
SHAPES = {
    "FacetValue": object_of("A value of a facet.", value=TEXT, label=TEXT, count=COUNT, selected={"type": "boolean"}),
    "Hit": object_of(
        "What was found: a record, or a part of one with its `parent`.",
        ("parent",),
        type=_TYPE,
        slug=TEXT,
        title=TEXT,
        url=TEXT,
        snippet={**TEXT, "description": "HTML: what matches is in <mark>, all else is escaped."},
        score={"type": "number"},
        level=MAYBE,
        kind=MAYBE,
        year={"type": ["integer", "null"]},
        parent=object_of("The record it belongs to.", type=_TYPE, slug=TEXT, title=TEXT),
    ),
    "SearchPage": object_of(
        "A page of what was found. Facets leave their own choice out.",
        query=TEXT,
        count=COUNT,
        next=LINK,
        previous=LINK,
        notices={"type": "array", "items": TEXT},
        suggestion=MAYBE,
        facets=object_of("By name.", **{name: list_of("FacetValue") for name in FACETS}),
        results=list_of("Hit"),
    ),
    "Suggestion": object_of("A name to go to.", text=TEXT, title=TEXT, type=_TYPE, label=TEXT, url=TEXT),
    "SuggestionList": object_of("Names that begin so.", query=TEXT, suggestions=list_of("Suggestion")),
}
