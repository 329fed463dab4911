"""Browsing: the filters, facets and paging that every list shares, as a page and as data."""
