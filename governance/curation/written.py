"""The form in which a curator edits a document: compact, evidence in place, and nothing lost on the way.

The compact form has no place for evidence of a whole record or a whole list (`/participation`); here it stands in one
more list, `evidence`: `{field, cite}`. `read(write(document))` gives the document back.
"""

from typing import Any

from governance.knowledge import cite, compact, expand, own
from governance.knowledge.form import pointer_order

EVIDENCE = "evidence"


def write(document: dict) -> dict:
    """Return the form for editing of a document in either form."""
    full = own(document)
    small = compact(full)
    placed = {item["field"] for item in expand(small)["citations"]}
    loose: dict[str, list[str]] = {}
    for item in full["citations"]:
        if item["field"] not in placed:
            loose.setdefault(item["field"], []).append(cite.write(item))
    if loose:
        small[EVIDENCE] = [{"field": field, "cite": written} for field, written in loose.items()]
    return small


def read(written: dict) -> dict:
    """Return the full form (`own`) of what `write` gave or an editor made; raises BadCitation."""
    rest = {key: value for key, value in written.items() if key != EVIDENCE}
    full = expand(rest)
    citations: list[dict[str, Any]] = list(full["citations"])
    for row in written.get(EVIDENCE) or []:
        citations += [{"field": row["field"], **part} for text in row["cite"] for part in cite.parse(text)]
    return own({**full, "citations": sorted(citations, key=lambda item: pointer_order(item["field"]))})
