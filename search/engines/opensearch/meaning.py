"""What both engines mean by a query, from where it is kept."""

from search.engines.whoosh.evaluate import TITLE_ZONES, Restriction, is_common
from search.engines.whoosh.leaves import MOST_FUZZY, MOST_PREFIXED
from search.engines.whoosh.matching import Form, Slot, Zones, word_slot
from search.engines.whoosh.naming import LONGEST_NAME, asked, restrictions
from search.engines.whoosh.schema import CLOSE_ZONES, GAP, LINKED_ZONES, NAME_ZONES, STEM, ZONES
from search.engines.whoosh.spelling import distances

__all__ = [
    "CLOSE_ZONES", "GAP", "LINKED_ZONES", "LONGEST_NAME", "MOST_FUZZY", "MOST_PREFIXED", "NAME_ZONES", "STEM",
    "TITLE_ZONES", "ZONES", "Form", "Restriction", "Slot", "Zones", "asked", "distances", "is_common", "restrictions",
    "word_slot",
]  # fmt: skip
