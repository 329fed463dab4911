"""Is every part of a document of the right kind? Asked first, so that whatever reads it then can rely on it."""

import re
from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from governance.knowledge import cite
from governance.knowledge.form import (
    DERIVED,
    FULL_SHAPE,
    ITEM_KEYS,
    LISTS,
    NUMBER_LISTS,
    NUMBERS,
    OF_OTHERS,
    REFERENCE_KEY,
    SCALARS,
    TAGS,
    TEXT_LISTS,
)
from governance.knowledge.problems import Problem, shown
from governance.knowledge.sections import child_model

LARGEST_NUMBER = 32_767  # what the smallest column holds
PLAIN = ("type", "slug", *(key for key in DERIVED if key not in OF_OTHERS))
ALSO_DUMPED = ("title", "url", "direction")

# Neither a database nor a feed takes these: https://www.w3.org/TR/xml/#charsets
_UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

Reader = Callable[[Any, str], Any]  # value and place in, clean value out


def shape(document: dict) -> tuple[dict, list[Problem]]:
    """Return a copy with every part of the right kind, and a problem for each part that was not.

    Such a part is empty in the copy, or left out where the document has no place for it. `document` is a mapping with
    a known `type`, in either form.
    """
    shaper = _Shaper(document)
    return shaper.read(document), shaper.problems


class _Shaper:
    """Readers of the parts of a document, put together as its type and form ask for."""

    def __init__(self, document: dict) -> None:
        self.is_full = any(key in document for key in FULL_SHAPE)
        self.model = child_model(document["type"])
        self.problems: list[Problem] = []
        self.evidence: dict[str, Reader] = {"basis": self._text}
        if not self.is_full:
            self.evidence["cite"] = self._list_of(self._cite)
        self.readers = self._readers()

    def read(self, document: dict) -> dict:
        given = {key: value for key, value in document.items() if key not in OF_OTHERS}
        return {"slug": "", **self._mapping(self.readers)(given, "")}

    def _readers(self) -> dict[str, Reader]:
        readers = {name: self._value(self._field(name)) for name in (*SCALARS, *self.model.document_fields)}
        readers |= dict.fromkeys(PLAIN, self._text)
        readers |= {key: self._list_of(self._item(key)) for key in LISTS}
        if self.is_full:
            citations = self._list_of(self._citation(with_field=True))
            readers |= {"bases": self._words, "strengths": self._words, "citations": citations}
        return readers

    def _field(self, name: str) -> Reader:
        if name in NUMBERS:
            return self._number_if_any
        if name in NUMBER_LISTS:
            return self._list_of(self._number_or_numbers)
        return self._list_of(self._text) if name in TEXT_LISTS else self._text

    def _value(self, read: Reader) -> Reader:
        """A value, with its evidence in place where the form allows that."""
        with_evidence = self._mapping({"value": read, **self.evidence})
        return lambda value, place: (
            with_evidence(value, place) if isinstance(value, dict) and not self.is_full else read(value, place)
        )

    def _item(self, key: str) -> Reader:
        readers = dict.fromkeys(ITEM_KEYS[key], self._text) | self.evidence
        if key == "provisions":
            readers["principles"] = self._list_of(self._tag(may_be_text=not self.is_full))
        if key in TAGS:
            return self._text if self.is_full else self._tag(may_be_text=True)
        if key in REFERENCE_KEY and not self.is_full:
            readers[REFERENCE_KEY[key]] = self._text
        if key == "caveats":
            del readers["basis"]
            if self.is_full:
                readers["citations"] = self._list_of(self._citation(with_field=False))
        if self.is_full:
            readers |= dict.fromkeys(ALSO_DUMPED, self._text)
        return self._mapping(readers)

    def _tag(self, may_be_text: bool) -> Reader:
        read = self._mapping({"slug": self._text, "strength": self._text, **self.evidence})
        return lambda value, place: (self._text if may_be_text and isinstance(value, str) else read)(value, place)

    def _citation(self, with_field: bool) -> Reader:
        readers = dict.fromkeys(("source", "locator", "quote", "stance"), self._text)
        return self._mapping(
            readers | {"paragraph": self._number_if_any} | ({"field": self._text} if with_field else {})
        )

    def _say(self, place: str, message: str) -> None:
        self.problems.append(Problem(place, message))

    def _text(self, value: Any, place: str) -> str:
        if value is None:
            return ""
        if not isinstance(value, str):
            self._say(place, _("This field is text."))
        elif _UNREADABLE.search(value):
            self._say(place, _("This text holds a character that cannot be kept."))
        else:
            return value
        return ""

    def _number_if_any(self, value: Any, place: str) -> int | None:
        return None if value in (None, "") else self._number(value, place)

    def _number(self, value: Any, place: str) -> int | None:
        if isinstance(value, str) and re.fullmatch(r"[0-9]{1,7}", value):
            value = int(value)
        if type(value) is int and 0 <= value <= LARGEST_NUMBER:
            return value
        self._say(place, _("This field is a number from 0 to %s.") % LARGEST_NUMBER)
        return None

    def _number_or_numbers(self, value: Any, place: str) -> Any:
        return (self._list_of(self._number) if isinstance(value, list) else self._number)(value, place)

    def _cite(self, value: Any, place: str) -> str | None:
        text = self._text(value, place)
        if value and not text:
            return None
        try:
            cite.parse(text)
        except cite.BadCitation as error:
            self._say(place, str(error))
            return None
        return text

    def _words(self, value: Any, place: str) -> dict[str, str]:
        names = value if isinstance(value, dict) else {}
        return self._mapping(dict.fromkeys(names, self._text))(value, place)

    def _list_of(self, read: Reader) -> Reader:
        def read_list(value: Any, place: str) -> list:
            if value in (None, ""):
                return []
            if not isinstance(value, list):
                self._say(place, _("This field is a list."))
                return []
            items = [read(item, f"{place}/{n}") for n, item in enumerate(value)]
            return [item for item in items if item is not None]

        return read_list

    def _mapping(self, readers: dict[str, Reader]) -> Reader:
        def read_mapping(value: Any, place: str) -> dict:
            if not isinstance(value, dict):
                self._say(place, _("Each entry is a mapping of fields to values."))
                return {}
            clean = {}
            for key, item in value.items():
                here = f"{place}/{shown(key).replace('~', '~0').replace('/', '~1')}"
                if key in readers and isinstance(key, str):
                    clean[key] = readers[key](item, here)
                else:
                    self._say(here, _("There is no field “%s” here.") % shown(key))
            return clean

        return read_mapping
