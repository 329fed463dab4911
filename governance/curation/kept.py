"""What takes long to find, found once for each state of the knowledge and each language, and kept for an hour."""

import hashlib
from collections.abc import Callable
from typing import TypeVar

from django.core.cache import cache
from django.utils.translation import get_language

from governance.models import Change

T = TypeVar("T")


def once(name: str, find: Callable[[], T]) -> T:
    """The result of `find`, from the cache of this process where nothing changed since."""
    state = f"{get_language()} {Change.objects.all().token()}"
    key = f"{name}-{hashlib.sha256(state.encode()).hexdigest()}"
    found = cache.get(key)
    if found is None:
        found = find()
        cache.set(key, found, 3600)
    return found
