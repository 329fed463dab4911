"""What a snapshot keeps of what was read and worked out for earlier searches, up to a number of bytes."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, TypeVar

import numpy as np

T = TypeVar("T")
MOST_BYTES = 64 << 20
MOST_FOR_EACH = 400  # bytes for each document of a large index: what a common word is worked out to grows with it
_OVERHEAD = 1000  # bytes of a value beside its items


class Kept:
    """Values made of arrays, by key; what was not asked for the longest goes first. Threads share it."""

    def __init__(self, most: int = MOST_BYTES) -> None:
        self.most, self.bytes = most, 0
        self._lock = Lock()
        self._values: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()

    def get(self, key: Hashable, make: Callable[[], T], arrays: Callable[[T], tuple[np.ndarray, ...]]) -> T:
        """Return the value of a key, which `make` makes when it is not there. Nobody may write to its `arrays`."""
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
                return self._values[key][0]
        value = make()
        size = _OVERHEAD
        for array in arrays(value):
            array.flags.writeable = False
            size += array.nbytes
        with self._lock:
            if size <= self.most and key not in self._values:
                self._values[key] = value, size
                self.bytes += size
                while self.bytes > self.most:
                    self.bytes -= self._values.popitem(last=False)[1][1]
        return value
