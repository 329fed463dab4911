"""Curation: the editor over documents, review, history, and who may do what."""
