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
from search.engines import Busy, IndexUnusable, get_engine
from search.neighbours import neighbours

log = logging.getLogger(__name__)
LOCK_TIMEOUT = 5.0
READER_TIMEOUT = 1.0
REBUILD_TIMEOUT = 120.0
ROUNDS = 5
MOST_AT_ONCE = 10_000  # changes that are applied in one commit


def rebuild(
    unless_usable: bool = False, timeout: float = REBUILD_TIMEOUT, progress: Callable[[int], None] = lambda _count: None
) -> bool:
    """Make the index anew from the database, beside the live one; with `unless_usable` only where there is none.

    Returns whether it was made. `progress` is told about every second how many documents are done. Raises Busy when
    another process builds for longer than `timeout` seconds.
    """
    with on_primary():
        position = Change.objects.reach()
        visible = Record.objects.visible_to(None).order_by("pk")
        documents = _told(documents_of(visible.iterator(200)), progress)
        return get_engine().rebuild(documents, position, timeout, unless_usable)


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
                    _advance(since, timeout, end)
            except IndexUnusable as problem:
                heal(problem, timeout)
        return engine.status().position


def _advance(since: Position, timeout: float, end: float) -> None:
    """Apply what changed after `since`, a portion at a time, unless another process is quicker. Raises Busy when it is
    the `end` and there are more."""
    until = Change.objects.reach()
    while since != until:
        changed, place = _portion(since, until)
        if None in changed:  # a table was emptied as a whole
            rebuild(timeout=timeout)
            return
        if not _apply({record for record in changed if record is not None}, since, place, timeout):
            return
        since = place
        if since != until and monotonic() >= end:
            raise Busy("there are more changes than could be applied in time")


def _portion(since: Position, until: Position) -> tuple[set[int | None], Position]:
    """Whose the first changes after a position are, and where these lead: to `until`, unless there are very many.

    On the way there is no position but of settled changes: what is committed beyond the head is taken as a whole."""
    changes = Change.objects.between(since, until).values_list("xid", "id", "record_id")
    rows = list(changes[:MOST_AT_ONCE])
    if len(rows) == MOST_AT_ONCE:
        settled = [row for row in rows if row[:2] <= until[:2]]
        if settled:
            return {row[2] for row in settled}, Position(*settled[-1][:2], since.beyond)
        rows = list(changes)
    return {row[2] for row in rows}, until


def _apply(changed: set[int], since: Position, until: Position, timeout: float) -> bool:
    """Carry the index from one position to another one; False when another process was quicker."""
    documents = current(changed)
    affected = neighbours(_differently_mentioned(changed, documents)) - changed
    documents += current(affected)
    return get_engine().apply(changed | affected, documents, since, until, timeout)


def current(records: Iterable[int]) -> list[SearchDocument]:
    """The search documents of those of the records that the public may see."""
    ids = sorted(records)
    found: list[SearchDocument] = []
    for start in range(0, len(ids), 500):
        found += documents_of(Record.objects.visible_to(None).filter(pk__in=ids[start : start + 500]))
    return found


def _differently_mentioned(changed: set[int], documents: list[SearchDocument]) -> set[int]:
    """Records of which the documents of others must now say something else: a title, a slug, that they are there."""
    before = {filed.record: filed.mention for filed in get_engine().filed(changed).values() if filed.mention}
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
