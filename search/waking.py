"""Waiting until somebody has written: PostgreSQL says so (LISTEN), SQLite is looked at every second.

https://www.psycopg.org/psycopg3/docs/advanced/async.html#asynchronous-notifications
"""

import logging
import time
from typing import Any, Self

from django.db import connection

from governance.models.triggers import CHANNEL

log = logging.getLogger(__name__)
LOOK = 1.0  # seconds between looks where nobody says anything
LONGEST = 15.0  # seconds between looks where somebody would: a change beyond the head settles without a word


class Waker:
    """Listens on a connection of its own, which is made anew when it breaks."""

    def __init__(self) -> None:
        self._listening: Any = None

    def __enter__(self) -> Self:
        self._listen()
        return self

    def __exit__(self, *raised: object) -> None:
        self._close()

    def _listen(self) -> None:
        if connection.vendor != "postgresql":
            return
        import psycopg

        options = connection.get_connection_params()
        for name in ("context", "cursor_factory", "prepare_threshold"):  # Django's own ways with a connection
            options.pop(name, None)
        try:
            self._listening = psycopg.connect(**options, autocommit=True)
            self._listening.execute(f"LISTEN {CHANNEL}")
        except psycopg.Error as error:
            log.warning("Changes are looked for every second: %s", " ".join(str(error).split()))
            self._close()

    def _close(self) -> None:
        if self._listening is not None:
            self._listening.close()
            self._listening = None

    def wait(self, longest: float = LONGEST) -> bool:
        """Return once somebody has written, True, or after a while all the same, False."""
        if self._listening is None:
            time.sleep(LOOK)
            self._listen()
            return False
        import psycopg

        try:
            return bool(list(self._listening.notifies(timeout=longest, stop_after=1)))
        except psycopg.Error as error:
            log.warning("The database no longer says when something changes: %s", " ".join(str(error).split()))
            self._close()
            return False
