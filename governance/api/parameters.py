"""The parameters and answers of the API, as the schema tells them. Each is said once and used by every address."""

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse

from governance.api.base import ALL_PLURALS, MOST_VALUES, REFERENCE
from governance.browse.filters import LARGEST_PAGE, ORDERINGS, YEARS
from governance.models.vocabulary import PREDICATES, Act


def query(name: str, text: str, schema: dict | type | OpenApiTypes = str, **more) -> OpenApiParameter:
    """A parameter of the query string."""
    return OpenApiParameter(name, schema, OpenApiParameter.QUERY, description=text, **more)


def _choice(name: str, text: str, values: tuple[str, ...] = ()) -> OpenApiParameter:
    """A repeatable parameter; where `values` are records, the schema fills them in."""
    items = {"type": "string", **({"enum": list(values)} if values else {})}
    return query(
        name, f"{text} Given more than once, any of them.", {"type": "array", "items": items, "maxItems": MOST_VALUES}
    )


def _number(least: int, most: int | None = None, default: int | None = None) -> dict:
    made = {"type": "integer", "minimum": least, "maximum": most, "default": default}
    return {key: value for key, value in made.items() if value is not None}


def _path(name: str, text: str, schema: dict) -> OpenApiParameter:
    return OpenApiParameter(name, schema, OpenApiParameter.PATH, description=text, required=True)


PLURAL = _path("plural", "The type of record.", {"type": "string", "enum": list(ALL_PLURALS)})
SLUG = _path("slug", "The record's slug, present or former.", {"type": "string", "pattern": "^[A-Za-z0-9_-]{1,120}$"})
_NAMED = {"type": "string", "pattern": f"^{REFERENCE}$"}
SUBJECT = query("subject", "The record that is the subject, as type/slug.", _NAMED)
OBJECT = query("object", "The record that is the object, as type/slug.", _NAMED)
EITHER_END = query("record", "A record at either end, as type/slug.", _NAMED)
PARTY = query("party", "Who takes part: a country or an actor, as type/slug.", _NAMED)
TAKES_PART_IN = query("record", "What is taken part in, as type/slug.", _NAMED)
PREDICATE = _choice("predicate", "The relation.", tuple(PREDICATES))
ACT = _choice("act", "What the party did, or is.", tuple(Act.values))
ON = query("on", "A day: only what its dates allow to be so then. Undated rows follow their record.", OpenApiTypes.DATE)
AT = query("at", "A day: the record as it was public when that day ended (UTC).", OpenApiTypes.DATE)
AFTER = query(
    "after",
    "A position, from an earlier answer; 0.0 is the beginning.",
    {"type": "string", "pattern": r"^[0-9]{1,18}\.[0-9]{1,18}$"},
)
PAGE = query("page", "The number of the page.", _number(1, default=1))
SIZE = query("page_size", "Entries on a page.", _number(1, LARGEST_PAGE))
PAGING = (PAGE, SIZE)
CURSOR = query(
    "cursor",
    "For harvesters: start with an empty one and follow `next`. Records come in the order in which they were made, so "
    "none is missed while the base changes; `page` and `ordering` mean nothing then.",
    {"type": "string", "pattern": "^[0-9]{0,18}$"},
    allow_blank=True,
)
FILTERS = (
    query(
        "q",
        "Words that all stand in the title, a name, an identifier or the summary.",
        {"type": "string", "maxLength": 200, "pattern": "^[^\\u0000]*$"},
    ),
    _choice("type", "The type of record."),
    _choice("kind", "The kind: treaty, consultative process, theme …"),
    _choice("level", "The level of cooperation, its narrower levels included."),
    _choice("binding", "The legal force."),
    _choice("principle", "A principle that the record states or carries."),
    _choice("topic", "A topic of the record."),
    _choice("actor", "An actor that takes part."),
    _choice("country", "A country that takes part, by its ISO 3166-1 alpha-2 code."),
    _choice("region", "A region or sub-region of UN M49, of a country that takes part."),
    query("year_min", "With a date in this year or later.", _number(*YEARS)),
    query("year_max", "With a date in this year or earlier.", _number(*YEARS)),
    _choice("source", "A source that the record rests on, by its code."),
    query("in_force_on", "In force, or in being, on a day.", OpenApiTypes.DATE),
    query("ordering", "The order.", {"type": "string", "enum": list(ORDERINGS)}),
)
_SAID = {
    301: "The record was renamed: it answers at `Location`, for ever.",
    400: "A parameter cannot be used; `details` names each with what is wrong.",
    404: "There is nothing here.",
    410: "The record was withdrawn; its address is kept and not given to anything else.",
    503: "The index is being built; `Retry-After` says when to come back.",
    429: "Too many requests from this address; `Retry-After` says when to go on.",
}


def answers(shape: str, *errors: int) -> dict:
    """The answers of an address: 200 with a shape of `shapes.SHAPES`, and errors."""
    found: dict = {200: {"$ref": f"#/components/schemas/{shape}"}}
    for status in errors:
        body = None if status == 301 else {"$ref": "#/components/schemas/Error"}
        found[status] = OpenApiResponse(body, description=_SAID[status])
    return found
