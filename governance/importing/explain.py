"""Problems of a document, which name a place in it, for people who have a table before them."""

from django.utils.translation import gettext as _

from governance.importing.account import say
from governance.importing.fields import label
from governance.knowledge import Problem

_LISTS = (
    "names",
    "identifiers",
    "dates",
    "relations",
    "participation",
    "provisions",
    "principles",
    "topics",
    "caveats",
)


def explain(problem: Problem, written: dict) -> str:
    """“Identifier UN Treaty Series 12: …” instead of “/identifiers/0/value: …”."""
    parts = problem.place.split("/")[1:]
    if not parts:
        return problem.message
    if parts[0] in _LISTS and len(parts) > 1 and parts[1].isdecimal():
        items = written.get(parts[0]) or []
        item = items[int(parts[1])] if int(parts[1]) < len(items) else None
        said = say(parts[0], item) if isinstance(item, dict) else str(item or parts[0])
        return f"{said}: {problem.message}"
    if parts[0] == "citations":
        return _("Sources: %s") % problem.message
    return f"{label(parts[0])}: {problem.message}"
