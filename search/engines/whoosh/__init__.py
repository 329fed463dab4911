"""The embedded engine: Whoosh 2.7.4 keeps terms, postings, positions and commits; numpy ranks, filters and counts.

Whoosh's own query objects, scorers and collectors are not used: they score each field for itself, add a constant for
every NOT, count facets too low with block skipping, and take tens of milliseconds where an array takes one.
"""
