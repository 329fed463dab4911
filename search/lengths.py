"""Lengths of zones as an index keeps them: rounded up to one of 256 steps, so that each is a byte."""

import numpy as np
from whoosh.util.numeric import byte_to_length

LENGTHS = np.array([byte_to_length(n) for n in range(256)])  # as Whoosh steps


def length_bytes(lengths: np.ndarray) -> np.ndarray:
    """Lengths as bytes: the next of the steps."""
    return np.minimum(np.searchsorted(LENGTHS, lengths), 255).astype("u1")
