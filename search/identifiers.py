"""Identifiers in any spelling: what people type for a treaty, a resolution or a regulation, brought to one form.

Schemes and their official spellings: `governance.identifiers`.
"""

import re
from collections.abc import Iterator

from governance.models.vocabulary import Scheme
from search.text import fold

_DIGIT = re.compile(r"\d")
_UNTS = (
    re.compile(r"(\d{1,4}) unts (\d{1,4})"),
    re.compile(r"unts (?:vol(?:ume)? )?(\d{1,4}) (?:(?:p|pp|page) )?(\d{1,4})"),
    re.compile(r"vol(?:ume)? (\d{1,4}) unts (?:(?:p|pp|page) )?(\d{1,4})"),
)
_RESOLUTION = re.compile(r"(?:a )?(?:un )?(?:unga |ga |general assembly )?(?:res|resolution) (?:no )?(\d{1,3}/\d{1,3})")
_NUMBER_PAIR = re.compile(
    r"(?:.*\b(?:no|nr|reg|regulation|directive|eu|ec) )?(\d{1,4})/(\d{1,4})(?:/(?:eu|ec|eg|eec))?"
)
_ILO = re.compile(r"(?:ilo )?(?:convention |recommendation |protocol )?(?:(?:no|nr|n) )?([crp])? ?0*(\d{1,3})")
_REGISTRATION = re.compile(r"(?:unts )?(?:(?:registration )?no )?(?:i[ -])?(\d{3,6})")
_CELEX = re.compile(r"([0-9ce])(\d{4})([a-z]{1,2})(\d{4})")


def plain(text: str) -> str:
    """Fold, and leave only letters, digits, slashes and single spaces."""
    folded = re.sub(r"(?<=\w)\.(?=\w\.|\w\b)", "", fold(text))
    return " ".join(re.sub(r"[^\w/]+", " ", folded).split())


def keys(scheme: str, value: str) -> set[str]:
    """The forms under which an identifier of a record is filed."""
    text = plain(value)
    return {f"{scheme}={text.replace(' ', '')}", *_by_scheme(scheme, text)}


def _by_scheme(scheme: str, text: str) -> Iterator[str]:
    if scheme == Scheme.UN_SYMBOL:
        yield f"symbol={text}"
        tail = re.search(r"\b(\d{1,3}/\d{1,3})$", text)
        if tail:
            yield f"pair={tail.group(1)}"
    elif scheme == Scheme.UNTS:
        yield from _unts(text)
    elif scheme == Scheme.UNTS_REGISTRATION:
        yield f"registration={text.removeprefix('i ')}"
    elif scheme == Scheme.ILO:
        found = _ILO.fullmatch(text)
        if found:
            yield f"labour={found.group(1)}{int(found.group(2))}"
            yield f"labour={int(found.group(2))}"
    elif scheme == Scheme.CELEX:
        found = _CELEX.match(text)
        if found:
            _sector, year, _kind, number = found.groups()
            yield f"celex={found.group()}"
            yield f"pair={int(number)}/{year}"
            yield f"pair={year}/{int(number)}"


def _unts(text: str) -> Iterator[str]:
    for pattern in _UNTS:
        found = pattern.fullmatch(text)
        if found:
            yield f"unts={int(found.group(1))}-{int(found.group(2))}"
            return


def recognise(text: str) -> set[str]:
    """The forms that `text` may name, taken as a whole; empty when it looks like no identifier."""
    if not _DIGIT.search(fold(text)):
        return set()
    text = plain(text)
    if len(text) > 80:
        return set()
    found = {f"{scheme}={text.replace(' ', '')}" for scheme in Scheme.values}
    found.add(f"symbol={re.sub(r' ?/ ?', '/', text)}")
    found.update(_unts(text))
    resolution = _RESOLUTION.fullmatch(text)
    if resolution:
        found.add(f"pair={resolution.group(1)}")
    pair = _NUMBER_PAIR.fullmatch(text)
    if pair:
        found.add(f"pair={int(pair.group(1))}/{int(pair.group(2))}")
    ilo = _ILO.fullmatch(text)
    if ilo and not text.isdecimal():
        found.add(f"labour={ilo.group(1) or ''}{int(ilo.group(2))}")
    registration = _REGISTRATION.fullmatch(text)
    if registration:
        found.add(f"registration={registration.group(1)}")
    celex = _CELEX.fullmatch(text)
    if celex:
        found.add(f"celex={text}")
    return found
