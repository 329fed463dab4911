"""What both engines mean by a query, from where it is kept."""

from search.engines.whoosh.evaluate import CLOSE_ZONES, TITLE_ZONES, Restriction, is_common
from search.engines.whoosh.leaves import MOST_FUZZY, MOST_PREFIXED
from search.engines.whoosh.matching import Form, Slot, word_slot
from search.engines.whoosh.naming import LONGEST_NAME, asked, restrictions
from search.engines.whoosh.schema import GAP, STEM, ZONES
from search.engines.whoosh.spelling import distance

__all__ = [
    "CLOSE_ZONES", "GAP", "LONGEST_NAME", "MOST_FUZZY", "MOST_PREFIXED", "STEM", "TITLE_ZONES", "ZONES", "Form",
    "Restriction", "Slot", "asked", "distance", "is_common", "restrictions", "word_slot",
]  # fmt: skip
