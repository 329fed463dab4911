"""The engine for more than one machine: OpenSearch, by its REST interface.

It is given our own words (`search.text`, `search.stems`), so that both engines mean the same by a word, and asked with
queries made of our own tree. Nothing of a query's text is ever parsed over there.
"""
