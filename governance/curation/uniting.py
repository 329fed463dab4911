"""Two documents of one thing made one, and other documents that name either brought along. Pure: reads no database.

All in the compact form, where a value's evidence is part of it.
"""

from typing import Any

from governance.knowledge.form import LISTS, TAGS

# What makes two rows of a list the same row.
IDENTITY = {
    "names": ("text", "language"), "identifiers": ("scheme", "value"), "dates": ("event", "value"),
    "relations": ("predicate", "to", "date"), "participation": ("party", "act", "from", "role"),
    "provisions": ("slug",), "principles": ("slug",), "topics": ("slug",), "caveats": ("kind", "text"),
}  # fmt: skip
REFERENCES = {"relations": "to", "participation": "party"}
KEPT = ("type", "slug", "title")  # of the winner, whatever the loser says


def redirected(document: dict, old: str, new: str) -> dict:
    """The document with every mention of the record `old` turned into one of `new` (references: `topic/asylum`).

    Rows that become the same are one, with the evidence of both; what would relate `new` to itself goes.
    """
    slug = new.split("/", 1)[1]
    itself = f"{document['type']}/{document['slug']}"
    result: dict[str, Any] = dict(document)
    places: dict[str, str | None] = {}
    for key in LISTS:
        rows: list[dict | None] = [_row(key, row, old, new) for row in document.get(key) or []]
        if key in REFERENCES:
            rows = [None if row and row[REFERENCES[key]] == itself else row for row in rows]
        result[key], moved = _folded(key, rows)
        places |= {f"/{key}/{n}": None if to is None else f"/{key}/{to}" for n, to in moved.items()}
    parent = document.get("parent")
    plain = parent.get("value") if isinstance(parent, dict) else parent
    if plain and f"{document['type']}/{plain}" == old:
        above = None if new == itself else ({**parent, "value": slug} if isinstance(parent, dict) else slug)
        result["parent"] = above
    if result.get("caveats"):
        result["caveats"] = [_repointed(row, places) for row in result["caveats"]]
    return {key: value for key, value in result.items() if value not in ("", None, [])}


def united(winner: dict, loser: dict) -> dict:
    """The winner's document with all that only the loser's says: names, dates, parties …, each with its evidence.

    What both say once (kind, level, summary …) stays as the winner says it. The loser's title becomes a name.
    """
    old, new = (f"{one['type']}/{one['slug']}" for one in (loser, winner))
    base = redirected(winner, old, new)
    given = redirected({**loser, "slug": winner["slug"]}, old, new)
    result = dict(base)
    taken = {key for key in given if key not in (*LISTS, *KEPT) and key not in base}
    result |= {key: given[key] for key in taken}
    given["names"] = [*given.get("names", []), _title_as_name(loser)]
    places: dict[str, str | None] = {}
    for key in (key for key in LISTS if key != "caveats"):
        rows = base.get(key) or []
        more = [row for row in given.get(key) or [] if not (key == "names" and _known_name(row, rows, base))]
        result[key], moved = _folded(key, [*rows, *more])
        kept = iter(range(len(rows), len(rows) + len(more)))
        for n, row in enumerate(given.get(key) or []):
            place = moved[next(kept)] if row in more else None
            places[f"/{key}/{n}"] = None if place is None else f"/{key}/{place}"
    notes = [_repointed(row, places) for row in given.get("caveats") or []]
    own = {f"/{key}" for key in given if key not in (*LISTS, *taken)}
    notes = [{k: v for k, v in row.items() if k != "field"} if row.get("field") in own else row for row in notes]
    result["caveats"], _moved = _folded("caveats", [*(base.get("caveats") or []), *notes])
    return {key: value for key, value in result.items() if value not in ("", None, [])}


def _title_as_name(document: dict) -> dict:
    title = document["title"]
    text, cite = (title["value"], title.get("cite")) if isinstance(title, dict) else (title, None)
    return {"text": text, "language": "en", "kind": "alias"} | ({"cite": cite} if cite else {})


def _known_name(row: dict, rows: list[dict], document: dict) -> bool:
    title = document["title"]["value"] if isinstance(document["title"], dict) else document["title"]
    known = {title.casefold()} | {other["text"].casefold() for other in rows}
    return row["text"].casefold() in known


def _row(key: str, row: dict, old: str, new: str) -> dict:
    type_, slug = old.split("/", 1)
    if key in REFERENCES and row[REFERENCES[key]] == old:
        return {**row, REFERENCES[key]: new}
    if key in TAGS and key[:-1] == type_ and row["slug"] == slug:
        return {**row, "slug": new.split("/", 1)[1]}
    if key == "provisions" and type_ == "principle" and row.get("principles"):
        carried = [_row("principles", each, old, new) for each in row["principles"]]
        return {**row, "principles": _folded("principles", carried)[0]}
    return row


def _folded(key: str, rows: list[Any]) -> tuple[list[dict], dict[int, int | None]]:
    """Rows that say the same made one; and where each went, None for one that is gone (given as None)."""
    kept: list[dict] = []
    by_identity: dict[tuple, int] = {}
    places: dict[int, int | None] = {}
    for n, row in enumerate(rows):
        if row is None:
            places[n] = None
            continue
        identity = tuple(row.get(name) or "" for name in IDENTITY[key])
        if identity in by_identity:
            place = by_identity[identity]
            kept[place] = _both(kept[place], row)
        else:
            place = by_identity[identity] = len(kept)
            kept.append(row)
        places[n] = place
    return kept, places


def _both(row: dict, other: dict) -> dict:
    """One row with the evidence of both; the first one's values stand."""
    cites = list(dict.fromkeys([*row.get("cite", []), *other.get("cite", [])]))
    stands = other if other.get("cite") and not row.get("cite") else row  # the basis goes with the sources
    result = {name: value for name, value in {**other, **row}.items() if name != "basis"}
    result |= {"basis": stands["basis"]} if stands.get("basis") else {}
    if row.get("principles") or other.get("principles"):
        result["principles"] = _folded("principles", [*row.get("principles", []), *other.get("principles", [])])[0]
    return result | ({"cite": cites} if cites else {})


def _repointed(caveat: dict, places: dict[str, str | None]) -> dict:
    """Let a note follow the row it is about; where that is gone, it is about the list."""
    field = caveat.get("field") or ""
    parts = field.split("/")
    row = "/".join(parts[:3])
    if len(parts) < 3 or row not in places:
        return caveat
    place = places[row]
    return {**caveat, "field": f"/{parts[1]}" if place is None else "/".join([place, *parts[3:]])}
