"""Where a provision that is no longer at its address went. What was published there answers for ever."""

from collections.abc import Iterable

from governance.models import Decision, Record
from governance.models.vocabulary import State

SAME = (("slug",), ("label",), ("heading", "gist"))  # by what a provision is known again, the surest first


class Removed(Exception):
    """The provision was published at this address and is gone."""


def successor(instrument: Record, slug: str) -> str | None:
    """The slug of the provision that once was published as `slug`; None when nothing ever was.

    Follows the published revisions from the last one that has it. Raises Removed where the trace ends.
    """
    published = instrument.revisions.filter(decision=Decision.APPROVED, state=State.PUBLISHED).order_by("number")
    followed: dict | None = None
    for document in published.values_list("document", flat=True):
        provisions = document.get("provisions") or []
        here = _same(provisions, {"slug": slug})
        followed = here or (followed and (_same(provisions, followed) or {}))
    if followed is None:
        return None
    if not followed:
        raise Removed
    return followed["slug"]


def _same(provisions: Iterable[dict], wanted: dict) -> dict | None:
    """The one provision that is `wanted` by the surest mark that either has; none where two could be it."""
    for keys in SAME:
        mark = [wanted.get(key) for key in keys]
        found = [item for item in provisions if all(mark) and [item.get(key) for key in keys] == mark]
        if len(found) == 1:
            return found[0]
    return None
