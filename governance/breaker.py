"""A breaker, for services that may be away: who did not answer is left alone for a while, so that nobody waits for it.

https://learn.microsoft.com/azure/architecture/patterns/circuit-breaker describes the pattern.
"""

import threading
import time

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 15.0  # seconds in which nobody asks what did not answer


class Breaker:
    """Opens when told of a failure, and then lets one call through after each pause, twice as long every time. Calls
    that were under way when it opened, and fail as well, are of the same failure. Safe for threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pause = 0.0
        self._until = 0.0
        self._is_tried = False  # somebody was let through after a pause

    def lets_through(self) -> bool:
        """May this call be made? Whoever makes it says what came of it."""
        with self._lock:
            now = time.monotonic()
            if now < self._until:
                return False
            if self._pause:
                self._until = now + self._pause  # this caller tries; the others wait for what comes of it
                self._is_tried = True
            return True

    def failed(self) -> None:
        with self._lock:
            if self._pause and not self._is_tried:
                return
            self._is_tried = False
            self._pause = min(LONGEST_PAUSE, self._pause * 2 or FIRST_PAUSE)
            self._until = time.monotonic() + self._pause

    def answered(self) -> None:
        if not self._pause:
            return
        with self._lock:
            self._pause = self._until = 0.0
            self._is_tried = False
