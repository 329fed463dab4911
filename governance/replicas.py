"""Reading from replicas of the database, never so that somebody misses what they wrote themselves.

A request that only reads, of somebody who is not signed in, may be answered from a replica that has replayed
- what the primary had written when it was last asked, at most SAMPLE seconds ago, and
- what this reader has written, which a cookie remembers as a position in the write-ahead log.
Everything else, and all that writes, goes to the primary. While that is away, readers get what the replicas have; who
was reading from a database that went away under them is answered once more, from another one.

All of an answer comes from one database, so that an entity tag belongs to what it was made of.
https://www.postgresql.org/docs/15/functions-admin.html#FUNCTIONS-RECOVERY-CONTROL
"""

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from itertools import count

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, DatabaseError, InterfaceError, connections
from django.http import HttpRequest, HttpResponse

log = logging.getLogger(__name__)
SAMPLE = 0.5  # seconds
AWAY = 2.0  # seconds for which a database that did not answer is not asked again
COOKIE, COOKIE_AGE = "written", 300  # seconds: no replica is behind for longer, or it is not used at all
UNAVAILABLE = 503
ON_PRIMARY = ("/admin/",)
_WRITTEN = (
    "SELECT pg_wal_lsn_diff(CASE WHEN pg_is_in_recovery() THEN coalesce(pg_last_wal_replay_lsn(), '0/0') "
    "ELSE pg_current_wal_lsn() END, '0/0')::bigint"
)
_reading: ContextVar[str] = ContextVar("reading", default=DEFAULT_DB_ALIAS)


def reading() -> str:
    """The alias of the database that this request reads from."""
    return _reading.get()


@contextmanager
def read_from(alias: str) -> Iterator[None]:
    """Read from one database inside the block."""
    token = _reading.set(alias)
    try:
        yield
    finally:
        _reading.reset(token)


def on_primary():
    """Read from the primary inside the block: what is written must be made of what is newest."""
    return read_from(DEFAULT_DB_ALIAS)


def position(alias: str) -> int | None:
    """How much of the write-ahead log a database has written or replayed; None when it does not answer."""
    try:
        with connections[alias].cursor() as cursor:
            cursor.execute(_WRITTEN)
            return cursor.fetchone()[0]
    except (DatabaseError, InterfaceError) as error:
        log.warning("The database %s does not answer: %s", alias, " ".join(str(error).split()))
        connections[alias].close()
        return None


class Router:
    """Reads go where the request was sent; writes, and reads inside a transaction, to the primary."""

    def db_for_read(self, model, **hints) -> str:
        if connections[DEFAULT_DB_ALIAS].in_atomic_block:
            return DEFAULT_DB_ALIAS
        return reading()

    def db_for_write(self, model, **hints) -> str:
        return DEFAULT_DB_ALIAS

    def allow_relation(self, one, other, **hints) -> bool:
        return True

    def allow_migrate(self, db: str, app_label: str, **hints) -> bool:
        return db == DEFAULT_DB_ALIAS


class Positions:
    """What each database was last known to have, for the threads of a process: one asks, the others wait for what it is
    told, for SAMPLE seconds at most."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._known: dict[str, tuple[float, int | None]] = {}  # when it was told, and what
        self._asked: dict[str, float] = {}  # since when somebody has been asking

    def get(self, alias: str, at_least: int = 0) -> int | None:
        """The position of a database, asked anew when it is old or lower than it should be; None when it does not
        answer, or has not for SAMPLE seconds."""
        arrived = time.monotonic()
        with self._changed:
            while True:
                now = time.monotonic()
                told, known = self._known.get(alias, (float("-inf"), 0))
                enough = known is None or known >= at_least or told >= arrived
                if enough and now - told < (AWAY if known is None else SAMPLE):
                    return known
                asked = self._asked.setdefault(alias, now)
                if asked == now:
                    break
                if now - asked >= SAMPLE:
                    return None
                self._changed.wait(asked + SAMPLE - now)
        return self._ask(alias)

    def is_lost(self, alias: str) -> bool:
        """Does a database that was just read from answer no more?"""
        return self._ask(alias) is None

    def _ask(self, alias: str) -> int | None:
        found = None
        try:
            found = position(alias)
        finally:
            with self._changed:
                self._known[alias] = time.monotonic(), found
                self._asked.pop(alias, None)
                self._changed.notify_all()
        return found


class ReplicaMiddleware:
    """Chooses where a request reads; remembers for a reader what they have written. Does nothing without replicas."""

    def __init__(self, get_response) -> None:
        self.get_response = get_response
        self.positions = Positions()
        self.turn = count()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not settings.REPLICAS:
            return self.get_response(request)
        if request.method not in ("GET", "HEAD", "OPTIONS"):
            return self._marked(self.get_response(request))
        alias = self.choose(request)
        response = self._read(request, alias)
        if response.status_code == UNAVAILABLE and self.positions.is_lost(alias):
            other = self.choose(request)
            if other != alias:
                response = self._read(request, other)
        return response

    def _read(self, request: HttpRequest, alias: str) -> HttpResponse:
        with read_from(alias):
            return self.get_response(request)

    def choose(self, request: HttpRequest) -> str:
        """The alias of the database that a reading request is answered from."""
        signed_in = settings.SESSION_COOKIE_NAME in request.COOKIES
        written = self.positions.get(DEFAULT_DB_ALIAS)
        if written is not None and (signed_in or request.path.startswith(ON_PRIMARY)):
            return DEFAULT_DB_ALIAS
        wanted = max(written or 0, _number(request.COOKIES.get(COOKIE, "")))
        first, replicas = next(self.turn), settings.REPLICAS
        answering = []
        for number in range(len(replicas)):
            alias = replicas[(first + number) % len(replicas)]
            has = self.positions.get(alias, wanted)
            if has is not None and has >= wanted:
                return alias
            if has is not None:
                answering.append(alias)
        if written is None and answering:
            return answering[0]
        return DEFAULT_DB_ALIAS

    def _marked(self, response: HttpResponse) -> HttpResponse:
        written = position(DEFAULT_DB_ALIAS) if response.status_code < 400 else None
        if written is not None:
            response.set_cookie(
                COOKIE, str(written), max_age=COOKIE_AGE, secure=settings.SESSION_COOKIE_SECURE, httponly=True,
                samesite="Lax",
            )  # fmt: skip
        return response


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 20 else 0
