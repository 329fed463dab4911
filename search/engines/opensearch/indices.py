"""Indexes and their names: one alias for each release of the code, an index behind it, a new one built beside.

prefix-RELEASE          the alias that this release asks
prefix-RELEASE-TIME     an index; its alias is moved to it in one step, after it has been read back
prefix-locks            who builds anew

Two releases that serve at the same time, while one takes over from the other, each have their own.
"""

import hashlib
import re
import secrets
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from itertools import chain, islice
from pathlib import Path
from typing import Any

from governance.models import Position
from search.documents import SearchDocument
from search.engines import Busy, IndexUnusable
from search.engines.opensearch import mapping, state
from search.engines.opensearch.bulk import Bulk
from search.engines.opensearch.client import READ, Cluster, Refused
from search.engines.opensearch.fields import Means, fields, mean_lengths, zones_of
from search.engines.opensearch.settling import settle

SAMPLE = 5000  # documents by which the lengths of zones are judged
LEASE = 120.0  # seconds without a sign of life until another may build
SIGN_OF_LIFE = 5.0  # seconds from one to the next
AT_ONCE = 3  # calls with writes: while two are under way, the next one is made ready
GREEN = 60  # seconds for the copies to be made before it is served without them
PAGE = 5000


class NotVerified(Exception):
    """What was read back from a new index is not what was written to it."""


@cache
def release() -> str:
    """A fingerprint of the code that decides what is in the index."""
    here = Path(__file__).resolve().parent
    checkout = here.parent.parent.parent
    folders = (checkout / "search", checkout / "governance" / "knowledge")
    files = [path for folder in folders for path in sorted(folder.glob("*.py"))]
    files += [checkout / "governance" / name for name in ("edtf.py", "force.py", "m49.py")]
    files += [here / "mapping.py", here / "fields.py", here / "indices.py", here / "state.py"]
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:12]


class Sum:
    """A sum over documents that does not ask for their order."""

    def __init__(self) -> None:
        self.documents = self.total = 0

    def add(self, key: str, digest: str) -> None:
        self.documents += 1
        self.total += int.from_bytes(hashlib.sha256(f"{key} {digest}".encode()).digest()[:8], "big")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sum) and (self.documents, self.total) == (other.documents, other.total)


class Indices:
    """The indexes under one prefix; `alias` is the name by which the one is asked that is served."""

    def __init__(self, cluster: Cluster, prefix: str, shards: int, alias: str = "") -> None:
        self.cluster, self.prefix, self.shards = cluster, prefix, shards
        self.alias = alias or f"{prefix}-{release()}"

    def names(self, pattern: str = "*") -> list[str]:
        """The indexes there are, the newest first."""
        found = self.cluster.patiently("GET", f"{self.prefix}-{pattern}/_alias", ignore_unavailable=True)
        own = re.compile(rf"{re.escape(self.prefix)}-[0-9a-f]{{12}}-[0-9a-f]+")
        return sorted((name for name in found if own.fullmatch(name)), key=_made, reverse=True)

    @contextmanager
    def built(
        self, documents: Iterable[SearchDocument], position: Position, go_on: Callable[[], None]
    ) -> Iterator["Indices"]:
        """Write a new index and read it back; when the block ends, the alias stands for it. On an error the one before
        stays. Inside the block there are the indexes as if the new one were served already.

        `go_on` is called now and then: it raises Busy when somebody else builds by now."""
        name = f"{self.alias}-{time.time_ns():x}{secrets.token_hex(2)}"
        try:
            means = self._fill(name, documents, go_on)
            go_on()
            self.cluster.patiently("PUT", f"{name}/_settings", {"index": mapping.BUILT})
            state.begin(self.cluster, name, position, means)
            self._wait_for_copies(name)
            go_on()
            yield Indices(self.cluster, self.prefix, self.shards, name)
            go_on()
            self._serve(name)
        except BaseException:
            self._delete([name])
            raise
        self.tidy()

    def _fill(self, name: str, documents: Iterable[SearchDocument], go_on: Callable[[], None]) -> Means:
        """Write a new index and read it back; returns the mean lengths of zones that it was written with."""
        analysed = ((document, zones_of(document)) for document in documents)
        sample = list(islice(analysed, SAMPLE))
        go_on()
        lengths: dict[str, list[int]] = {}
        for _document, zones in sample:
            for zone, found in zones.items():
                lengths.setdefault(zone, []).append(found.length)
        means = mean_lengths(lengths)
        self.cluster.patiently("PUT", name, mapping.body(self.shards), read=60)
        written = Sum()
        with Bulk(self.cluster, name, 1, AT_ONCE, go_on) as bulk:
            for document, zones in chain(sample, analysed):
                source = fields(document, zones, means)
                written.add(document.key, source["digest"])
                bulk.put(document.key, source)
            bulk.flush()
        self.cluster.patiently("POST", f"{name}/_refresh", read=60)
        self._verify(name, written, go_on)
        settle(self.cluster, name, go_on)
        return means

    def _verify(self, name: str, written: Sum, go_on: Callable[[], None]) -> None:
        found = Sum()
        call = self.cluster.patiently
        for hit in self.scan(name, {"exists": {"field": "record"}}, False, ["digest"], call):
            found.add(hit["sort"][0], hit["fields"]["digest"][0])
            go_on()
        if found != written:
            raise NotVerified(f"{written.documents} documents were written and {found.documents} read, or others")

    def _wait_for_copies(self, name: str) -> None:
        try:
            self.cluster.patiently(
                "GET", f"_cluster/health/{name}", read=GREEN + 10, wait_for_status="green", timeout=f"{GREEN}s"
            )
        except Refused as error:
            if error.status != 408:
                raise

    def _serve(self, name: str) -> None:
        actions: list[dict[str, Any]] = [{"add": {"index": name, "alias": self.alias}}]
        actions += [
            {"remove": {"index": old, "alias": self.alias}} for old in self.names(f"{release()}-*") if old != name
        ]
        self.cluster.patiently("POST", "_aliases", {"actions": actions}, read=30)

    def tidy(self) -> None:
        """Delete the indexes of this release that are no longer served, and of others all but the newest one."""
        live = self.cluster.patiently("GET", f"_alias/{self.alias}")
        others = [name for name in self.names() if name not in live]
        own = [name for name in others if name.startswith(f"{self.alias}-")]
        self._delete([*own, *[name for name in others if name not in own][1:]])

    def _delete(self, names: list[str]) -> None:
        for name in names:
            try:
                self.cluster.call("DELETE", name, read=30, ignore_unavailable=True)
            except (Refused, Busy):
                pass  # the next build tidies up

    def scan(
        self,
        name: str,
        query: dict[str, Any],
        source: bool | list[str],
        columns: Sequence[str] = (),
        call: Callable[..., dict[str, Any]] | None = None,
    ) -> Iterator[dict[str, Any]]:
        """Every document that a query finds, by key; `call`: another way to call the cluster."""
        call = call or self.cluster.call
        after: list[str] = []
        while True:
            asked: dict[str, Any] = {
                "size": PAGE, "query": query, "sort": [{"key": "asc"}], "_source": source, "track_total_hits": False,
            }  # fmt: skip
            if columns:
                asked["docvalue_fields"] = list(columns)
            if after:
                asked["search_after"] = after
            hits = call("POST", f"{name}/_search", asked, read=60)["hits"]["hits"]
            yield from hits
            if len(hits) < PAGE:
                return
            after = hits[-1]["sort"]

    @contextmanager
    def building(self, timeout: float) -> Iterator[Callable[[], None]]:
        """Be the only one to build for this release; yields what to call now and then, to stay the one.

        Raises Busy after `timeout` seconds."""
        owner, end = secrets.token_hex(8), time.monotonic() + timeout
        while not self._take(owner, self.cluster.call):
            if time.monotonic() >= end:
                raise Busy("somebody else is building the search index")
            time.sleep(0.1)

        signed = time.monotonic()

        def go_on() -> None:
            nonlocal signed
            if time.monotonic() - signed >= SIGN_OF_LIFE:
                if not self._take(owner, self.cluster.patiently):
                    raise Busy("somebody else is building the search index by now")
                signed = time.monotonic()

        try:
            yield go_on
        finally:
            if self._take(owner, self.cluster.patiently):
                self.cluster.patiently("DELETE", f"{self.prefix}-locks/_doc/{release()}")

    def _take(self, owner: str, call: Callable[..., dict[str, Any]]) -> bool:
        """Write down that we build, unless somebody else does and gave a sign of life."""
        path = f"{self.prefix}-locks/_doc/{release()}"
        options: dict[str, Any] = {"op_type": "create"}
        try:
            found = call("GET", path)
            if found["_source"]["owner"] != owner and found["_source"]["until"] > time.time():
                return False
            options = {"if_seq_no": found["_seq_no"], "if_primary_term": found["_primary_term"]}
        except Refused as error:
            if error.status != 404:
                raise
        try:
            call("PUT", path, {"owner": owner, "until": time.time() + LEASE}, READ, **options)
        except Refused as error:
            if error.status != 409:
                raise
            return False
        return True

    def state(self) -> state.State:
        """The state of the index that is served; raises IndexUnusable when there is none."""
        return state.read(self.cluster, self.alias)

    def is_usable(self) -> bool:
        try:
            self.state()
        except IndexUnusable:
            return False
        return True


def _made(name: str) -> str:
    return name.rpartition("-")[2]
