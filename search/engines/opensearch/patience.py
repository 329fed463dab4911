"""Waiting for a cluster that has too much to do: twice as long each time, and not for ever."""

import time
from threading import Event

from search.engines import Away

FIRST, LONGEST, IN_ALL = 0.1, 5.0, 120.0  # seconds


class Patience:
    """For one thing that is tried again and again, `until` a time of the monotonic clock where one is given; it ends
    early once somebody sets `given_up`."""

    def __init__(self, given_up: Event | None = None, until: float | None = None) -> None:
        self.given_up = given_up or Event()
        self.end = time.monotonic() + IN_ALL if until is None else until
        self.next = FIRST

    def wait(self) -> None:
        """Wait until it may be tried again; raises Away when it has been tried for long enough."""
        if time.monotonic() > self.end or self.given_up.wait(self.next):
            raise Away("the search cluster has had too much to do for too long")
        self.next = min(LONGEST, self.next * 2)
