"""Calls to an OpenSearch cluster: JSON over kept connections, the next host when one does not answer, and a breaker.

`urllib3` alone: the few calls made here need no more, and the client made for OpenSearch brings eight packages, among
them a second protocol, and has no breaker. https://docs.opensearch.org/2.19/api-reference/
"""

import json
import logging
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote, urlencode

import urllib3

from governance.breaker import Breaker
from governance.environment import SearchAddress
from search.engines import Away
from search.engines.opensearch.patience import Patience

log = logging.getLogger(__name__)
CONNECT = 2.0  # seconds to get a connection
READ = 10.0  # seconds to get an answer
ELSEWHERE = {502, 503, 504}  # another host may do it
WHO_ASKS = {401, 403}


class Refused(Exception):
    """The cluster answered that it will not: `status` as in HTTP, `kind` in its own words."""

    def __init__(self, status: int, kind: str, reason: str) -> None:
        super().__init__(f"{status} {kind}: {reason[:300]}")
        self.status, self.kind, self.reason = status, kind, reason


class Unable(Refused, Away):
    """It will not on account of who asks, or cannot by a fault of its own: another question would fare no better."""


class Overloaded(Away):
    """The cluster has too much to do now."""


class Cluster:
    """Safe for threads. Every call may be sent twice, to two hosts: what writes here can be repeated without harm."""

    def __init__(self, address: SearchAddress) -> None:
        user, found, hosts = address.host.rpartition("@")
        self.headers: dict[str, str] = {"accept": "application/json"}
        if found:
            self.headers |= urllib3.make_headers(basic_auth=unquote(user))
        pool = urllib3.HTTPSConnectionPool if address.secure else urllib3.HTTPConnectionPool
        self.pools = []
        for host in hosts.split(","):
            name, _, port = host.rpartition(":") if not host.endswith("]") and ":" in host else (host, "", "9200")
            self.pools.append(pool(name.strip("[]"), int(port), maxsize=8, retries=False))
        self.breaker = Breaker()
        self._first = 0  # the host that answered last

    def call(
        self, method: str, path: str, body: Any = None, read: float = READ, **options: str | int | bool
    ) -> dict[str, Any]:
        """Return the answer; raises Refused, Away when no host answers, Overloaded when there is too much to do."""
        content = body if body is None or isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
        query = f"?{urlencode({name: _written(value) for name, value in options.items()})}" if options else ""
        kind = "application/x-ndjson" if isinstance(body, bytes) else "application/json"
        if not self.breaker.lets_through():
            raise Away("the search cluster did not answer a moment ago")
        problem: Exception | None = None
        for number in range(len(self.pools)):
            place = (self._first + number) % len(self.pools)
            pool = self.pools[place]
            try:
                response = pool.request(
                    method, f"/{path}{query}", body=content,
                    headers=self.headers | ({"content-type": kind} if content else {}),
                    timeout=urllib3.Timeout(connect=CONNECT, read=read),
                )  # fmt: skip
                answer = _read(response)
            except (urllib3.exceptions.HTTPError, ValueError, OSError) as error:
                problem = error
                log.warning("The search host %s:%s did not answer: %s", pool.host, pool.port, error)
                continue
            if response.status in ELSEWHERE:
                problem = refused(response.status, answer)
                log.warning("The search host %s:%s cannot answer: %s", pool.host, pool.port, problem)
                continue
            self._first = place
            self.breaker.answered()
            return checked(response.status, answer)
        self.breaker.failed()
        raise Away(f"no host of the search cluster answers: {problem}") from problem

    def patiently(
        self, method: str, path: str, body: Any = None, read: float = READ, **options: str | int | bool
    ) -> dict[str, Any]:
        """As `call`, again and again while the cluster has too much to do. For what nobody waits for."""
        patience = Patience()
        while True:
            try:
                return self.call(method, path, body, read, **options)
            except Overloaded:
                patience.wait()


def _written(value: str | int | bool) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _read(response: urllib3.BaseHTTPResponse) -> dict[str, Any]:
    """What an answer says. Only who may not ask is told so in words that are no JSON; raises ValueError for others."""
    try:
        return json.loads(response.data or b"{}")
    except ValueError:
        if response.status not in WHO_ASKS:
            raise
        return {"error": response.data.decode(errors="replace")}


def refused(status: int, answer: Mapping[str, Any]) -> Refused:
    """What an answer that is an error means."""
    kind = Unable if status in WHO_ASKS or status >= 500 else Refused
    error = answer.get("error") or {}
    if not isinstance(error, dict):
        return kind(status, str(error), "")
    causes = error.get("root_cause") or [error]
    return kind(status, str(causes[0].get("type") or error.get("type")), str(causes[0].get("reason")))


def checked(status: int, answer: dict[str, Any]) -> dict[str, Any]:
    """An answer that is none of an error; raises as `Cluster.call` does."""
    if status == 429:
        raise Overloaded("the search cluster has too much to do")
    if status < 400:
        return answer
    error = refused(status, answer)
    if isinstance(error, Unable):
        log.warning("The search cluster does not do what it is asked: %s", error)
    raise error
