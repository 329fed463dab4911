"""What several web nodes share in a Redis: cache backends on top of Django's own.

https://docs.djangoproject.com/en/5.2/topics/cache/#redis

Only JSON is kept there, never pickles: whoever gets at the Redis must not get at the nodes. One that does not answer is
left alone for a while, so that no request waits for it again and again.
"""

import json
import logging
from typing import Any

import redis
from django.core.cache import caches
from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.exceptions import ConnectionError, InvalidResponse, RedisError

from governance.breaker import Breaker

log = logging.getLogger(__name__)
breaker = Breaker()  # one in each process: CACHE_URL names one Redis
MOST = 120  # seconds for which something may be read that was forgotten while the Redis could not be told


class JSON:
    """What is kept, as JSON; a whole number as itself, so that Redis can count."""

    @staticmethod
    def dumps(value: Any) -> Any:
        return value if type(value) is int else json.dumps(value)

    @staticmethod
    def loads(data: Any) -> Any:
        """Raises a RedisError for what is none: somebody else has put it there."""
        try:
            return json.loads(data)
        except ValueError as error:
            raise InvalidResponse("what is kept there is no JSON") from error


class Patient(redis.Redis):
    """Raises a ConnectionError at once while the breaker is open. A Redis that refuses what is asked here (it is full,
    wants a password, only reads) is as good as away."""

    def execute_command(self, *args: Any, **options: Any) -> Any:
        if not breaker.lets_through():
            raise ConnectionError("Redis did not answer a moment ago")
        try:
            answer = super().execute_command(*args, **options)
        except RedisError as error:
            breaker.failed()
            log.warning("The Redis of CACHE_URL cannot be used: %s", _told(error))
            raise
        breaker.answered()
        return answer


def _told(error: RedisError) -> str:
    """What an error says, in a line; not what was asked, which may be to sign in by a password."""
    return " ".join(str(error).partition(", with args beginning with")[0].split())


class _Client(RedisCacheClient):
    def __init__(self, servers: list[str], **options: Any) -> None:
        super().__init__(servers, serializer=JSON, **options)
        self._client = Patient


class SharedCache(RedisCache):
    """Raises RedisError when the Redis is away. LOCATION is a list of one address: a password may hold commas."""

    def __init__(self, server: list[str], params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = _Client

    def clear(self) -> None:
        """As `forget`. Django's own empties the whole Redis, which may be others' too."""
        self.forget()

    def forget(self) -> int:
        """Forget all that is kept under the prefix of this cache; returns how much that was."""
        client = self._cache.get_client(write=True)
        return sum(client.delete(key) for key in client.scan_iter(match=self.make_key("*"), count=1000))

    def answers(self) -> bool:
        """Is the Redis there?"""
        try:
            return bool(self._cache.get_client().ping())
        except RedisError:
            return False


def redis_check() -> dict[str, bool]:
    """For `/readyz`: a site whose Redis is away does all its work from the database, and says so."""
    cache = caches["lockout"]
    assert isinstance(cache, SharedCache)
    return {"answers": cache.answers()}


class SessionCache(SharedCache):
    """Copies of the sessions that are in the database: what is away is missing here, and no error.

    A copy lasts MOST seconds, so that one that could not be taken away when its session ended is soon gone.
    """

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        try:
            return super().get(key, default, version)
        except RedisError:
            return default

    def set(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        try:
            super().set(key, value, MOST if timeout in (None, DEFAULT_TIMEOUT) else min(timeout, MOST), version)
        except RedisError:
            pass

    def has_key(self, key: str, version: int | None = None) -> bool:
        try:
            return super().has_key(key, version)
        except RedisError:
            return False

    def delete(self, key: str, version: int | None = None) -> bool:
        try:
            return super().delete(key, version)
        except RedisError:
            return False
