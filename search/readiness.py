"""What the index tells those who ask whether the site is ready."""

import logging
from typing import Any

from django.db import DatabaseError, InterfaceError

from governance.models import Change
from governance.readiness import NotReady
from search.engines import Away, Busy, IndexUnusable, get_engine
from search.sync import catch_up

log = logging.getLogger(__name__)


def index() -> dict[str, Any]:
    """How far the index has come, and how many changes it was behind when asked.

    Asking brings it forward, as a search would: an index that only searches could heal would never be healed on a
    machine that gets no searches because it is not ready. Raises NotReady while there is no usable index.
    """
    try:
        engine = get_engine()
        behind = _behind()
        if behind != 0:
            _carry_forward()
        status = engine.status()
    except Away as problem:
        raise NotReady("the search cluster does not answer") from problem
    except (IndexUnusable, Busy) as problem:
        raise NotReady("the search index is being built") from problem
    except OSError as problem:
        log.error("The search index cannot be read or written: %s", problem)
        raise NotReady("the search index cannot be read or written") from problem
    return {"position": str(status.position), "behind": behind or 0, "documents": status.documents}


def _behind() -> int | None:
    """How many changes are waiting; None when there is no usable index of this database to compare with."""
    try:
        position = get_engine().status().position
    except IndexUnusable:
        return None
    if not Change.objects.has(position):
        return None
    return Change.objects.between(position, Change.objects.reach()).count()


def _carry_forward() -> None:
    """Somebody else at it will do as well; an index that cannot be written may still be read."""
    try:
        catch_up(timeout=0, longest=0)
    except (Busy, OSError, DatabaseError, InterfaceError) as problem:
        log.warning("The search index was not brought forward: %s", problem)
