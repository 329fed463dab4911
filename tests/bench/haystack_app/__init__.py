"""The Django app of the peer `haystack`, as its tutorial makes one."""
