"""Search engines behind one protocol: values in, values out. Nothing outside this package knows which one it is."""

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from typing import Protocol

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy

from governance.environment import SearchAddress
from governance.models import Position
from search.documents import SearchDocument
from search.parser import Parsed
from search.request import SearchRequest
from search.results import Results, Suggestion

ENGINES = {"whoosh": "search.engines.whoosh.engine", "opensearch": "search.engines.opensearch.engine"}


class IndexUnusable(Exception):
    """The index is missing, damaged, or was made by another release: it has to be rebuilt from the database."""


class Busy(Exception):
    """Somebody else is writing to the index and did not finish in time. `apology` is for the reader, who may come back
    after so many seconds."""

    retry_after = 60
    apology = gettext_lazy("The search index is being built; try again in a minute.")


class Away(Busy):
    """The machines that search do not answer."""

    apology = gettext_lazy("Search does not answer at the moment; try again in a minute.")


@dataclass(frozen=True)
class Status:
    """How far the index has come and what is in it."""

    position: Position
    documents: int
    records: int


@dataclass(frozen=True)
class Filed:
    """What the index holds under one key: whose it is, its fingerprint, and what other documents say of it."""

    record: int
    digest: str
    mention: str


class Engine(Protocol):
    """What an engine does.

    Every method but `rebuild` raises IndexUnusable when there is no usable index; what writes raises Busy when the lock
    is not to be had within `timeout` seconds. An engine on other machines raises Away when they do not answer.
    """

    def rebuild(
        self,
        documents: Iterable[SearchDocument],
        position: Position,
        timeout: float = 60,
        unless_usable: bool = False,
        forward: "Forward | None" = None,
    ) -> bool:
        """Make a new index of `documents` beside the live one and swap it in; on an error the live one stays.

        With `unless_usable` it returns False when there is a usable index, maybe made by another process meanwhile.
        `forward` is given the new index, as an engine, before it is swapped in: again as long as it returns True."""

    def apply(
        self,
        changed: Collection[int],
        documents: Iterable[SearchDocument],
        since: Position,
        position: Position,
        timeout: float = 5,
    ) -> bool:
        """Replace everything of the records `changed` by `documents`, in one commit that also sets `position`. Does
        nothing and returns False when the index no longer stands at `since`."""

    def search(self, request: SearchRequest, parsed: Parsed) -> Results:
        """Answer a request; raises QueryLimit for one that costs too much."""

    def suggest(self, text: str, limit: int = 8) -> list[Suggestion]:
        """Names that begin with `text`, or have a word that does; the best known first."""

    def status(self, thorough: bool = False) -> Status:
        """How the index stands; `thorough` also reads all of it and compares checksums."""

    def filed(self, records: Collection[int] | None = None) -> dict[str, Filed]:
        """What is in the index, by key: of some records, or all of it."""


Forward = Callable[[Engine], bool]  # brings an index forward by a step, and tells whether another one is worth it
_instead: ContextVar[SearchAddress | None] = ContextVar("instead", default=None)


def get_engine() -> Engine:
    """The engine that the settings name; one per process."""
    return engine_at(_instead.get() or settings.SEARCH)


@contextmanager
def using(address: SearchAddress) -> Iterator[None]:
    """Search with another engine than the settings name, inside the block."""
    token = _instead.set(address)
    try:
        yield
    finally:
        _instead.reset(token)


@lru_cache(maxsize=8)
def engine_at(address: SearchAddress) -> Engine:
    if address.engine not in ENGINES:
        raise ImproperlyConfigured(f"SEARCH_URL: there is no engine for {address.engine}://; use whoosh:///path.")
    return import_module(ENGINES[address.engine]).open(address)
