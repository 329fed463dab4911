"""How the values of facets are worded for a reader."""

from django.utils.translation import gettext_lazy as _

from governance import m49
from governance.browse.facets import LABELS
from governance.models.vocabulary import KIND_LABELS, Binding, Type
from search.passages import PASSAGE
from search.provisions import PROVISION

FACETS = ("type", "level", "kind", "binding", "principle", "topic", "country", "region", "actor", "year", "source")
FACET_LABELS = LABELS | {"year": _("Year")}
TYPE_LABELS = {**{str(type_): type_.label for type_ in Type}, PROVISION: _("Provision"), PASSAGE: _("Passage")}
_KINDS = {kind: label for (_type, kind), label in KIND_LABELS.items()}
_WORDS = {
    "type": lambda value: TYPE_LABELS.get(value, value),
    "kind": lambda value: _KINDS.get(value, value),
    "binding": lambda value: Binding(value).label if value in Binding.values else value,
    "region": m49.label,
}


def worded(facet: str, value: str, titles: dict[tuple[str, str], str]) -> str:
    """The label of a value; `titles` has those of records, by (type, slug)."""
    if facet in _WORDS:
        return str(_WORDS[facet](value))
    return titles.get((facet, value), value)
