"""Run a command with a PostgreSQL for its tests: python -m tests.postgres [--servers 2] pytest …

The server is the one that TEST_DATABASE_URL names or, where that is not set, a temporary one made of Debian's
binaries: on a Unix socket in a folder of its own, as an unprivileged user, and gone when the command ends. Processes
that test at the same time want a server each (`tests.settings` deals them out): a transaction that one keeps open holds
back the change log of all databases of its server.
`--find` only tells where the binaries are.
"""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

# Nothing is kept longer than the tests take, and nothing is done that they did not ask for.
HASTY = (
    "fsync=off", "synchronous_commit=off", "full_page_writes=off", "wal_level=minimal", "max_wal_senders=0",
    "autovacuum=off", "jit=off",
)  # fmt: skip


def find_binaries() -> Path | None:
    """The newest that Debian has installed, else what is on the path."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: float(folder.parent.name))
    for folder in [*reversed(folders), *map(Path, os.environ.get("PATH", "").split(os.pathsep))]:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    return None


def unprivileged() -> dict[str, Any]:
    """PostgreSQL refuses to run as root: then it runs as postgres or nobody."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        try:
            user = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    raise SystemExit("There is no unprivileged user to run PostgreSQL as.")


class Server:
    """A PostgreSQL over data of its own, which can be stopped and started again."""

    def __init__(self, binaries: Path, home: Path, options: Sequence[str] = HASTY) -> None:
        self.binaries, self.home = binaries, home
        self.options = (f"unix_socket_directories={home}", "listen_addresses=", *options)
        self.account = unprivileged()
        self.environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8", "TZ": "UTC"}
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"postgres://postgres@{quote(str(self.home), safe='')}/postgres"

    def _own(self) -> None:
        if self.account:
            os.chown(self.home, self.account["user"], self.account["group"])

    def make(self) -> None:
        """Make the data."""
        self._own()
        subprocess.run(
            [
                *(self.binaries / "initdb", "--auth=trust", "--username=postgres", "--encoding=UTF8", "--no-sync"),
                self.home / "data",
            ],
            check=True,
            cwd=self.home,
            env=self.environment,
            stdout=subprocess.DEVNULL,
            **self.account,
        )

    def start(self) -> None:
        log = self.home / "log"
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                [self.binaries / "postgres", "-D", self.home / "data", *(w for o in self.options for w in ("-c", o))],
                cwd=self.home,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                # In a session of its own: Ctrl+C is for the tests, and the server stops after them.
                start_new_session=True,
                **self.account,
            )
        until = time.monotonic() + 30
        asking = [self.binaries / "pg_isready", "-q", "-h", self.home]
        while subprocess.run(asking, env=self.environment).returncode:
            if self.process.poll() is not None or time.monotonic() > until:
                raise SystemExit(f"PostgreSQL did not start:\n{log.read_text()}")
            time.sleep(0.05)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """By SIGINT "fast", without waiting for clients; by SIGQUIT at once, as in a crash."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(how)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@contextmanager
def server(binaries: Path, options: Sequence[str] = HASTY) -> Iterator[Server]:
    """A temporary server that runs; it goes with its data when the block ends."""
    # The name of a socket is at most 107 bytes long, and a temporary folder may be far down.
    home = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
    made = Server(binaries, home, options)
    try:
        made.make()
        made.start()
        yield made
    finally:
        made.stop()
        shutil.rmtree(home, ignore_errors=True)


def main(command: list[str]) -> int:
    binaries = find_binaries()
    if command == ["--find"]:
        print(binaries or "none")
        return 0 if binaries else 1
    number = 1
    if command[0] == "--servers":
        number, command = int(command[1]), command[2:]
    if os.environ.get("TEST_DATABASE_URL"):
        return subprocess.run(command).returncode
    if binaries is None:
        print("LEFT OUT: PostgreSQL is missing; apt-get install postgresql, or set TEST_DATABASE_URL.")
        return 1
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with ExitStack() as stack:
        addresses = [stack.enter_context(server(binaries)).address for _ in range(number)]
        given = {"TEST_DATABASE_URL": addresses[0], "TEST_DATABASE_URLS": " ".join(addresses)}
        child = subprocess.Popen(command, env={**os.environ, **given})
        try:
            return child.wait()
        except BaseException:
            child.terminate()
            child.wait()
            raise


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
