"""A Redis for tests: Debian's program, on a port of loopback, keeping nothing, gone when the block ends."""

import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cluster.ports import free_ports

MISSING = "the tests on Redis (no redis-server: apt-get install redis-server)"
wanted = pytest.mark.skipif(shutil.which("redis-server") is None, reason=MISSING)


# As docs/deploy/compose.yaml has it; a test compares them.
OPTIONS = {"save": "", "appendonly": "no", "maxmemory": "64mb", "maxmemory-policy": "allkeys-lru"}


class Redis:
    """Can be killed, started again at the same port, and kept from answering."""

    def __init__(self, home: Path, *more: str) -> None:
        self.home, self.more = home, more  # words of its command line
        self.port = free_ports(1)[0]
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        program = shutil.which("redis-server")
        assert program is not None, MISSING
        options = {"bind": "127.0.0.1", "port": str(self.port), "dir": str(self.home), **OPTIONS}
        with (self.home / "redis.log").open("wb") as log:
            self.process = subprocess.Popen(
                [program, *(word for name, value in options.items() for word in (f"--{name}", value)), *self.more],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        until = time.monotonic() + 30
        while b"Ready to accept connections" not in (self.home / "redis.log").read_bytes():
            assert self.process.poll() is None and time.monotonic() < until, (self.home / "redis.log").read_text()
            time.sleep(0.05)

    def kill(self) -> None:
        """As when the power goes."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def silence(self) -> None:
        """Connections are taken, and nothing is answered."""
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGCONT)

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.kill()


@contextmanager
def running(home: Path, *more: str) -> Iterator[Redis]:
    server = Redis(home, *more)
    try:
        server.start()
        yield server
    finally:
        server.stop()
