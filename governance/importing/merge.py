"""An entry laid over a record's document, so that what the row does not speak of stays with all its evidence.

Works on the compact form: evidence in place, so that a value keeps its own when lists change.
"""

from typing import Any

from governance.importing.rows import LOOSE, Entry
from governance.models.vocabulary import Act

IDENTITY = {
    "names": ("text", "language"), "identifiers": ("scheme", "value"), "dates": ("event", "value"), "topics": ("slug",),
    "principles": ("slug",), "participation": ("party", "act", "from"), "caveats": ("kind", "text"),
}  # fmt: skip
SIDES = (Act.PARTY, Act.SIGNATORY, Act.RATIFIED, Act.ACCEDED)


def merge(base: dict, entry: Entry) -> dict:
    """Return the document that `entry` makes of `base` (left as it is); both in the compact form."""
    document = dict(base)
    for key, value in entry.scalars.items():
        _set_scalar(document, key, value, entry.cites.get(key), entry.row_cites)
    for key, cites in entry.cites.items():
        if key not in entry.scalars and _plain(document.get(key)) and cites != _cites_of(document[key]):
            document[key] = _with_cites(_plain(document[key]), cites)
    for key in dict.fromkeys([*(list_ for list_, _common in entry.clears), *entry.items]):
        _set_list(document, key, entry)
    return {key: value for key, value in document.items() if value not in ("", None, [])}


def _plain(value: Any) -> Any:
    return value.get("value", "") if isinstance(value, dict) else value


def _cites_of(value: Any) -> list[str]:
    return value.get("cite", []) if isinstance(value, dict) else []


def _with_cites(value: Any, cites: list[str]) -> Any:
    return {"value": value, "cite": cites} if cites else value


def _set_scalar(document: dict, key: str, value: str, cites: list[str] | None, row_cites: list[str]) -> None:
    old = document.get(key, "")
    if str(_plain(old)).strip() != value:
        document[key] = _with_cites(value, cites or row_cites) if value else ""
        return
    written = _cites_of(old)
    if cites is not None and cites != written:
        document[key] = _with_cites(value, cites)
    elif row_cites and not written and value:
        document[key] = _with_cites(value, row_cites)


def _set_list(document: dict, key: str, entry: Entry) -> None:
    old = list(document.get(key) or [])
    kept: list[tuple[int | None, dict]] = list(enumerate(old))
    given = entry.items.get(key, [])
    wanted = {_identity(key, item) for item in given}
    for list_, common in entry.clears:
        if list_ == key:
            kept = [
                (n, item) for n, item in kept
                if not _is_of(item, common) or _identity(key, item) in wanted
            ]  # fmt: skip
    for item in given:
        _put(key, kept, dict(item), entry)
    document[key] = [item for _n, item in kept]
    places = {n: place for place, (n, _item) in enumerate(kept) if n is not None}
    if any(places.get(n) != n for n in range(len(old))):
        _repoint(document, key, places)


def _is_of(item: dict, common: dict) -> bool:
    return all((item.get(name) or ("en" if name == "language" else "")) == value for name, value in common.items())


def _identity(key: str, item: dict) -> tuple:
    return tuple(item.get(name) or ("en" if name == "language" else "") for name in IDENTITY[key])


def _put(key: str, kept: list[tuple[int | None, dict]], item: dict, entry: Entry) -> None:
    """Find the existing item that this one is and bring it up to date, or add it."""
    loose = item.pop(LOOSE, False)
    place = _find(key, [each for _n, each in kept], item, loose)
    if place is None:
        if entry.row_cites and key != "caveats":
            item.setdefault("cite", entry.row_cites)
        kept.append((None, {name: value for name, value in item.items() if value not in ("", None, [])}))
        return
    n, old = kept[place]
    if loose:
        item = {name: value for name, value in item.items() if name == "role"}
    kept[place] = (n, _updated(old, item))


def _updated(old: dict, item: dict) -> dict:
    """The old item with the new values. Evidence stays where values were added, not where one was replaced."""
    given = {name: value for name, value in item.items() if value not in ("", None, [])}
    replaced = any(name != "cite" and old.get(name) not in (None, "", value) for name, value in given.items())
    rest = {name: value for name, value in old.items() if not (replaced and name in ("cite", "basis"))}
    if "cite" in given:
        rest.pop("basis", None) if given["cite"] != old.get("cite") else None
    return {**rest, **given}


def _find(key: str, items: list[dict], item: dict, loose: bool) -> int | None:
    identity = _identity(key, item)
    for place, each in enumerate(items):
        if _identity(key, each) == identity:
            return place
    if key == "names":
        folded = _folded(identity)
        return next((n for n, each in enumerate(items) if _folded(_identity(key, each)) == folded), None)
    if key != "participation":
        return None
    if loose:
        acts = (*SIDES, item["act"])
        return next(
            (n for n, each in enumerate(items) if each["party"] == item["party"] and each.get("act") in acts), None
        )
    same = [n for n, each in enumerate(items) if (each["party"], each.get("act")) == (item["party"], item["act"])]
    if len(same) == 1 and not _follows(items[same[0]], item):
        return same[0]
    return None


def _folded(identity: tuple) -> list[str]:
    return [value.casefold() for value in identity]


def _follows(old: dict, new: dict) -> bool:
    """A second interval of the same party: it begins when or after the first ended."""
    return bool(old.get("until") and new.get("from") and new["from"] >= old["until"])


def _repoint(document: dict, key: str, places: dict[int, int]) -> None:
    """Follow the items of a list to their new places; what pointed at an item that is gone points at the list."""

    def moved(pointer: str) -> str:
        parts = pointer.split("/")
        if len(parts) < 3 or parts[1] != key or not parts[2].isdecimal():
            return pointer
        place = places.get(int(parts[2]))
        return f"/{key}" if place is None else "/".join([*parts[:2], str(place), *parts[3:]])

    if document.get("caveats"):
        document["caveats"] = [
            {**row, "field": moved(row["field"])} if row.get("field") else row for row in document["caveats"]
        ]
