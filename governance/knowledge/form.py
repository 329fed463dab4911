"""The two forms of a document, and the way from one to the other.

*Compact*: as people write it, evidence in place (`{value, basis, cite}`; `cite` on list items).
*Full*: as JSON has it, `bases` by field and `citations` by JSON Pointer. `own` is the full form without what is derived
from other records (addresses, titles of others, the other side's relations), so it can be compared and stored.
"""

import hashlib
import json
from typing import Any

from django.utils.text import slugify

from governance.knowledge import cite
from governance.models.vocabulary import Basis

SCALARS = ("title", "kind", "level", "binding", "summary", "body")
LISTS = ("names", "identifiers", "dates", "relations", "participation", "provisions", "principles", "topics", "caveats")
TAGS = ("principles", "topics")
ITEM_KEYS = {
    "names": ("text", "language", "kind"),
    "identifiers": ("scheme", "value"),
    "dates": ("event", "value", "note"),
    "relations": ("predicate", "type", "slug", "date", "note"),
    "participation": ("type", "slug", "act", "role", "from", "until", "effect", "note"),
    "provisions": ("label", "slug", "heading", "gist"),
    "principles": ("slug", "strength"),
    "topics": ("slug",),
    "caveats": ("kind", "field", "text"),
}
CARRIED = {"slug": "", "strength": "explicit", "basis": "editorial"}
REFERENCE_KEY = {"relations": "to", "participation": "party"}
OF_OTHERS = ("url", "countries", "takes_part_in")
DERIVED = (*OF_OTHERS, "updated", "state", "code")
FULL_SHAPE = ("bases", "strengths", "citations")
NUMBERS = ("position",)
TEXT_LISTS = ("languages",)
NUMBER_LISTS = ("residue", "joined", "footnotes")
DEFAULTS = {"position": 0, "rights": "snippets", "language": "en"}


def expand(document: dict) -> dict:
    """Return the full form of a document in either form.

    Takes what `check` takes; raises BadCitation for a citation it cannot read.
    """
    if any(key in document for key in FULL_SHAPE):
        return document
    full: dict[str, Any] = {"bases": {}, "strengths": {}, "citations": []}
    for key, value in document.items():
        if key in LISTS:
            full[key] = [_expand_item(key, item, f"/{key}/{n}", full) for n, item in enumerate(value or [])]
        elif key not in OF_OTHERS:
            full[key] = _expand_scalar(key, value, full)
    return full


def _expand_scalar(key: str, value: Any, full: dict) -> Any:
    if not isinstance(value, dict):
        return value
    written = value.get("cite") or []
    _add_citations(f"/{key}", written, full)
    full["bases"][key] = value.get("basis") or (Basis.STATED if written else Basis.EDITORIAL).value
    return value.get("value")


def _expand_item(key: str, item: Any, pointer: str, full: dict) -> Any:
    if not isinstance(item, dict):
        item = {"slug": item}
    written = item.get("cite") or []
    basis = item.get("basis") or (Basis.STATED if written else Basis.EDITORIAL).value
    values = {name: value for name, value in item.items() if name not in ("cite", "basis")}
    if key == "caveats":
        return {**values, "citations": [part for text in written for part in cite.parse(text)]}
    _add_citations(pointer, written, full)
    if key in TAGS:
        full["bases"][pointer[1:]] = basis
        if values.get("strength"):
            full["strengths"][values.get("slug") or ""] = values["strength"]
        return values.get("slug") or ""
    if key in REFERENCE_KEY and REFERENCE_KEY[key] in values:
        type_, _, slug = str(values.pop(REFERENCE_KEY[key])).partition("/")
        values |= {"type": type_, "slug": slug}
    if key == "provisions":
        values["principles"] = [
            _expand_carried(carried, f"{pointer}/principles/{n}", full)
            for n, carried in enumerate(values.get("principles") or [])
        ]
    return {**values, "basis": basis}


def _expand_carried(item: Any, pointer: str, full: dict) -> dict:
    item = item if isinstance(item, dict) else {"slug": item}
    written = item.get("cite") or []
    _add_citations(pointer, written, full)
    basis = item.get("basis") or (Basis.STATED if written else Basis.EDITORIAL).value
    return {"slug": item.get("slug"), "strength": item.get("strength", "explicit"), "basis": basis}


def _add_citations(pointer: str, written: list[str], full: dict) -> None:
    for text in written:
        full["citations"] += [{"field": pointer, **part} for part in cite.parse(str(text))]


def compact(document: dict) -> dict:
    """Return the compact form of a document in either form: `own(compact(document))` equals `own(document)`."""
    document = own(document)
    cites: dict[str, list[str]] = {}
    for item in document["citations"]:
        cites.setdefault(item["field"], []).append(cite.write(item))
    bases = document["bases"]
    left_out = {
        key: None for key in (*bases, *(field[1:] for field in cites)) if "/" not in key and key not in document
    }
    small: dict[str, Any] = {}
    for key, value in (document | left_out).items():
        if key in FULL_SHAPE:
            continue
        if key in LISTS:
            small[key] = [_compact_item(key, item, f"/{key}/{n}", document, cites) for n, item in enumerate(value)]
        elif f"/{key}" in cites or key in bases:
            small[key] = _with_evidence({"value": value}, bases.get(key), cites.get(f"/{key}"))
        else:
            small[key] = value
    return {key: value for key, value in small.items() if value not in ("", None, [])}


def _compact_item(key: str, item: Any, pointer: str, document: dict, cites: dict) -> Any:
    if key in TAGS:
        entry = {"slug": item}
        if key == "principles" and document["strengths"].get(item):
            entry["strength"] = document["strengths"][item]
        return _with_evidence(entry, document["bases"].get(pointer[1:]), cites.get(pointer))
    if key == "caveats":
        values = {name: value for name, value in item.items() if name != "citations"}
        return _with_evidence(values, None, [cite.write(part) for part in item["citations"]])
    values = {name: value for name, value in item.items() if name != "basis"}
    if key in REFERENCE_KEY:
        values = {REFERENCE_KEY[key]: f"{values.pop('type')}/{values.pop('slug')}", **values}
    if key == "provisions":
        values["principles"] = [
            _with_evidence(
                {"slug": carried["slug"], "strength": carried["strength"]},
                carried["basis"],
                cites.get(f"{pointer}/principles/{n}"),
            )
            for n, carried in enumerate(item["principles"])
        ]
    return _with_evidence(values, item.get("basis"), cites.get(pointer))


def _with_evidence(values: dict, basis: str | None, written: list[str] | None) -> dict:
    values = {name: value for name, value in values.items() if value not in ("", None, [])}
    if basis and basis != (Basis.STATED if written else Basis.EDITORIAL):
        values["basis"] = basis
    if written:
        values["cite"] = written
    return values


def own(document: dict) -> dict:
    """Return what a document says of its own record, in full form: two documents that say the same become equal.

    Every key that all types have is present, in a fixed order; what only one type has, where it is not the default.
    """
    given = expand(document)
    result: dict[str, Any] = {"type": given["type"], "slug": given["slug"]}
    for key in SCALARS:
        result[key] = given.get(key) or ""
    result["bases"] = {key: basis for key, basis in (given.get("bases") or {}).items() if basis}
    result["strengths"] = {
        slug: strength for slug, strength in sorted((given.get("strengths") or {}).items()) if strength
    }
    known = {*result, *LISTS, *DERIVED, "citations"}
    extras = {key: _own_extra(key, given[key]) for key in sorted(given) if key not in known}
    result |= {key: value for key, value in extras.items() if value not in ("", None, [], DEFAULTS.get(key))}
    for key in LISTS:
        result[key] = [_own_item(key, item) for item in given.get(key) or [] if not _is_other_side(item)]
    result["citations"] = sorted(
        (own_citation(item) for item in given.get("citations") or []),
        key=lambda item: pointer_order(item["field"]),
    )
    _lift_principles(result)
    for pointer in (f"{key}/{n}" for key in TAGS for n in range(len(result[key]))):
        result["bases"].setdefault(pointer, Basis.EDITORIAL.value)
    result["bases"] = dict(sorted(result["bases"].items()))
    return result


def _own_extra(key: str, value: Any) -> Any:
    if value in ("", None):
        return None
    if key in NUMBERS:
        return int(value)
    return _numbers(value) if key in NUMBER_LISTS else value


def _numbers(value: list) -> list:
    return [_numbers(item) if isinstance(item, list) else int(item) for item in value]


def pointer_order(pointer: str) -> list[tuple[int, int, str]]:
    """A key that sorts pointers as a reader counts: /dates/2 before /dates/10."""
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in pointer.split("/")[1:]]


def _lift_principles(result: dict) -> None:
    """What a provision carries, its instrument carries: add the principles that the list leaves out."""
    for provision in result["provisions"]:
        for carried in provision["principles"]:
            if carried["slug"] and carried["slug"] not in result["principles"]:
                result["bases"][f"principles/{len(result['principles'])}"] = Basis.COMPUTED.value
                result["principles"].append(carried["slug"])


def _is_other_side(item: Any) -> bool:
    return isinstance(item, dict) and item.get("direction") == "inverse"


def _own_item(key: str, item: Any) -> Any:
    if key in TAGS:
        return item
    values = {name: item.get(name) or DEFAULTS.get(name, "") for name in ITEM_KEYS[key]}
    if key == "caveats":
        return {**values, "citations": [own_citation(part, field=False) for part in item.get("citations") or []]}
    if key == "provisions":
        values["slug"] = values["slug"] or slugify(str(values["label"]))
        values["principles"] = [
            {name: carried.get(name) or default for name, default in CARRIED.items()}
            for carried in item.get("principles") or []
        ]
    return {**values, "basis": item.get("basis") or Basis.EDITORIAL.value}


def own_citation(item: dict, field: bool = True) -> dict:
    """Return a citation of a full document with every key, `field` among them or not."""
    values = {"field": item.get("field") or ""} if field else {}
    return values | {
        "source": item.get("source") or "",
        "paragraph": None if item.get("paragraph") in (None, "") else int(item["paragraph"]),
        "locator": item.get("locator") or "",
        "quote": item.get("quote") or "",
        "stance": item.get("stance") or "supports",
    }


def digest(document: dict) -> str:
    """SHA-256, in hex, of what the document says of its own record."""
    text = json.dumps(own(document), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
