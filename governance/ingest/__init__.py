"""A source's full text: from a file, read out of process, to numbered paragraphs that citations and search lead into.

`process.parse` (file → blocks) · `store.ingest` (blocks → `Passage` rows, anchors kept) · `rights.shown` (what a reader
may see of one) · `passages.passages_of` (what the search index takes). docs/sources.md tells it for people.
"""
