"""Carrying the index forward by the change log, so that it says what the database says.

The log has every write, by whatever way it came (`governance.models.changes`); the index has the position it has come
to, in its own commit. Whoever searches and finds the index behind brings it forward first.
"""

import logging
from collections.abc import Callable, Iterable, Iterator
from math import inf
from time import monotonic

from django.db import DEFAULT_DB_ALIAS, DatabaseError, InterfaceError

from governance.models import Change, Position, Record
from governance.replicas import on_primary, reading
from search.documents import SearchDocument, documents_of
from search.engines import Busy, Engine, IndexUnusable, get_engine
from search.neighbours import neighbours

log = logging.getLogger(__name__)
LOCK_TIMEOUT = 5.0
READER_TIMEOUT = 1.0
REBUILD_TIMEOUT = 120.0
ROUNDS = 5
MOST_AT_ONCE = 10_000  # changes that are applied in one commit
MOST_STEPS = 100  # commits before an index that was built goes live
FEW = 100  # records whose changes do not keep it from that


def rebuild(
    unless_usable: bool = False, timeout: float = REBUILD_TIMEOUT, progress: Callable[[int], None] = lambda _count: None
) -> bool:
    """Make the index anew from the database, beside the live one; with `unless_usable` only where there is none.

    Returns whether it was made. `progress` is told about every second how many documents are done. Raises Busy when
    another process builds for longer than `timeout` seconds. What changes meanwhile is in it before it is live, but
    for what changes at the very last: that is left to the next search, as always.
    """
    with on_primary():
        position, steps = Change.objects.reach(), iter(range(MOST_STEPS))

        def forward(new: Engine) -> bool:
            return next(steps, None) is not None and _forward(new, position)

        visible = Record.objects.visible_to(None).order_by("pk")
        documents = _told(documents_of(visible.iterator(200)), progress)
        return get_engine().rebuild(documents, position, timeout, unless_usable, forward)


def _forward(new: Engine, begun: Position) -> bool:
    """Apply to an index that is not live yet what has changed since it was begun, or some of it; whether there was so
    much that it is worth another look. What cannot be done now is left to the next search."""
    try:
        if Change.objects.reached_by(begun):
            return False
        since, until = new.status().position, Change.objects.reach()
        if _is_emptied(since, until):
            return False
        changed, place = _portion(since, until)
        return _apply(new, changed, since, place, REBUILD_TIMEOUT) and len(changed) > FEW
    except (Busy, DatabaseError, InterfaceError) as problem:
        log.warning("What changed while the search index was built is not all in it yet: %s", problem)
        return False


def _told(documents: Iterable[SearchDocument], progress: Callable[[int], None]) -> Iterator[SearchDocument]:
    told = monotonic()
    for number, document in enumerate(documents):
        if monotonic() - told >= 1:
            told = monotonic()
            progress(number)
        yield document


def heal(problem: IndexUnusable, timeout: float = READER_TIMEOUT) -> None:
    """Rebuild an index that cannot be used, unless another process has done so meanwhile.

    Who finds another at it waits no longer than `timeout` seconds: if all readers waited, nobody would be left to
    answer requests that need no index. Raises Busy then, and where the index cannot be written.
    """
    started = monotonic()
    try:
        rebuilt = rebuild(unless_usable=True, timeout=timeout)
    except OSError as error:
        log.error("The search index cannot be built: %s", error)
        raise Busy(str(problem)) from error
    if rebuilt:
        log.warning("The search index was rebuilt in %.1f s: %s", monotonic() - started, problem)


def catch_up(timeout: float = LOCK_TIMEOUT, longest: float = inf) -> Position:
    """Bring the index as far as the log reaches and return its position.

    An index that cannot be used, or stands at a position that this log does not have (the database is another one, or
    an earlier state of it was restored), is rebuilt. Raises Busy when somebody else holds the index for longer than
    `timeout` seconds, and when very many changes are not all applied after `longest` seconds: what has been stays.
    """
    engine, end = get_engine(), monotonic() + longest
    with on_primary():
        for _round in range(ROUNDS):
            try:
                since = engine.status().position
                if Change.objects.reached_by(since):
                    return since
                if not Change.objects.has(since):
                    rebuild(timeout=timeout)
                else:
                    _advance(engine, since, timeout, end)
            except IndexUnusable as problem:
                heal(problem, timeout)
        return engine.status().position


def _advance(engine: Engine, since: Position, timeout: float, end: float) -> None:
    """Apply what changed after `since`, a portion at a time, unless another process is quicker. Raises Busy when it is
    the `end` and there are more."""
    until = Change.objects.reach()
    if _is_emptied(since, until):
        rebuild(timeout=timeout)
        return
    while since != until:
        changed, place = _portion(since, until)
        if not _apply(engine, changed, since, place, timeout):
            return
        since = place
        if since != until and monotonic() >= end:
            raise Busy("there are more changes than could be applied in time")


def _is_emptied(since: Position, until: Position) -> bool:
    """Was a table emptied as a whole? Then nobody knows whose the rows were."""
    return Change.objects.between(since, until).filter(record_id=None).exists()


def _portion(since: Position, until: Position) -> tuple[set[int], Position]:
    """Whose the first changes after a position are, and where these lead: to `until`, unless there are very many.

    On the way there is no position but of settled changes: what is committed beyond the head is taken as a whole."""
    changes = Change.objects.between(since, until).values_list("xid", "id", "record_id")
    rows, place = list(changes[:MOST_AT_ONCE]), until
    if len(rows) == MOST_AT_ONCE:
        settled = [row for row in rows if row[:2] <= until[:2]]
        rows = settled or list(changes)
        if settled:
            place = Position(*settled[-1][:2], since.beyond)
    return {row[2] for row in rows if row[2] is not None}, place


def _apply(engine: Engine, changed: set[int], since: Position, until: Position, timeout: float) -> bool:
    """Carry the index from one position to another one; False when another process was quicker."""
    documents = current(changed)
    affected = neighbours(_differently_mentioned(engine, changed, documents)) - changed
    documents += current(affected)
    return engine.apply(changed | affected, documents, since, until, timeout)


def current(records: Iterable[int]) -> list[SearchDocument]:
    """The search documents of those of the records that the public may see."""
    ids = sorted(records)
    found: list[SearchDocument] = []
    for start in range(0, len(ids), 500):
        found += documents_of(Record.objects.visible_to(None).filter(pk__in=ids[start : start + 500]))
    return found


def _differently_mentioned(engine: Engine, changed: set[int], documents: list[SearchDocument]) -> set[int]:
    """Records of which the documents of others must now say something else: a title, a slug, that they are there."""
    before = {filed.record: filed.mention for filed in engine.filed(changed).values() if filed.mention}
    after = {document.record: document.mention for document in documents if document.mention}
    return {record for record in changed if before.get(record) != after.get(record)}


def try_to_catch_up() -> bool:
    """For a request: as `catch_up`, but False when the index is not to be had in time, or cannot be written."""
    try:
        catch_up(LOCK_TIMEOUT, longest=LOCK_TIMEOUT)
    except Busy as error:
        log.warning("The search index is behind: %s", error)
        return False
    except OSError as error:
        log.error("The search index cannot be written: %s", error)
        return False
    except (DatabaseError, InterfaceError):
        if reading() == DEFAULT_DB_ALIAS:
            raise
        return False  # the primary is away, and readers have a replica
    return True
