"""Parts of a document that live in a room above this one.

`governance` must not import `instruments`; an instrument's provisions are written and read by the section that the
instruments app registers when it starts.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True)
class Section:
    """How one list of a document is kept.

    `prefetch`: lookups for a queryset of the type's records. `dump(record, public)`: the list's items, and where each
    row went, as `{"/provisions/<position>": "/provisions/<index>"}`, for citations are stored by position.
    `clear(record)`: delete the stored rows. `apply(record, items, lookup)`: write the rows of a record that has none.
    """

    type: str
    key: str
    prefetch: tuple[str, ...]
    dump: Callable
    clear: Callable
    apply: Callable


_sections: dict[str, Section] = {}


def register(section: Section) -> None:
    """Make a section known; called once from an app's `ready`."""
    _sections[section.key] = section


def sections_of(type_: str) -> list[Section]:
    """The sections that records of this type have."""
    return [section for section in _sections.values() if section.type == type_]


def child_model(type_: str):
    """The model of a record type, whichever app it lives in; KeyError for an unknown type."""
    return _child_models()[type_]


@cache
def _child_models() -> dict[str, type]:
    from django.apps import apps

    from governance.models import Record

    models = (model for model in apps.get_models() if issubclass(model, Record) and model is not Record)
    return {model.__name__.lower(): model for model in models}
