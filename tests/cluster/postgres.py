"""A PostgreSQL primary with replicas that stream from it, on loopback: made, killed and promoted in tests."""

import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psycopg

from tests.cluster.ports import free_ports
from tests.postgres import Server

STREAMING = ("fsync=off", "wal_level=replica", "max_wal_senders=6", "hot_standby=on", "max_connections=100")


class Member(Server):
    """A server with a port of its own."""

    def __init__(self, binaries: Path, home: Path, port: int, options: Sequence[str] = STREAMING) -> None:
        super().__init__(binaries, home, (*options, "listen_addresses=127.0.0.1", f"port={port}"))
        self.port = port
        self.environment["PGPORT"] = str(port)

    @property
    def address(self) -> str:
        return f"postgres://postgres@127.0.0.1:{self.port}/postgres"

    def copy(self, primary: "Member") -> None:
        """Make the data from those of a primary, to follow it."""
        self._own()
        subprocess.run(
            [self.binaries / "pg_basebackup", "-h", primary.home, "-p", str(primary.port), "-U", "postgres", "-R",
             "-X", "stream", "-c", "fast", "--no-sync", "-D", self.home / "data"],
            check=True, cwd=self.home, env=self.environment, stdout=subprocess.DEVNULL, **self.account,
        )  # fmt: skip

    def ask(self, statement: str) -> object:
        """The first value of the answer."""
        with psycopg.connect(self.address, autocommit=True) as connection:
            answer = connection.execute(statement)
            row = answer.fetchone() if answer.description else None
        return row[0] if row else None

    def promote(self) -> None:
        """Make a replica the primary, and wait until it takes writes."""
        self.ask("SELECT pg_promote(true, 30)")

    def wait_for_replica(self, seconds: float = 20) -> None:
        """Until somebody streams from this primary."""
        end = time.monotonic() + seconds
        while not self.ask("SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'"):
            if time.monotonic() > end:
                raise SystemExit("No replica came to follow the primary.")
            time.sleep(0.05)


@contextmanager
def primary_and_replica(binaries: Path, ports: Sequence[int] = (), safe: bool = True) -> Iterator[list[Member]]:
    """Both running; they go with their data when the block ends."""
    ports = ports or free_ports(2)
    homes = [Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp")) for _ in range(2)]
    primary = Member(binaries, homes[0], ports[0])
    replica = Member(binaries, homes[1], ports[1])
    try:
        primary.make()
        primary.start()
        replica.copy(primary)
        replica.start()
        primary.wait_for_replica()
        if safe:
            primary.ask("ALTER SYSTEM SET synchronous_standby_names = '*'")
            primary.ask("SELECT pg_reload_conf()")
        yield [primary, replica]
    finally:
        for member in (replica, primary):
            member.stop(signal.SIGQUIT)
        for home in homes:
            shutil.rmtree(home, ignore_errors=True)
