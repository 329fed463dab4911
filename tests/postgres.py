"""Run a command with a PostgreSQL for its tests: python -m tests.postgres pytest …

The server is the one that TEST_DATABASE_URL names or, where that is not set, a temporary one made of Debian's
binaries: on a Unix socket in a folder of its own, as an unprivileged user, and gone when the command ends.
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
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

HASTY = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "wal_level=minimal", "max_wal_senders=0")


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


@contextmanager
def cluster(binaries: Path) -> Iterator[str]:
    """A temporary server; its address as a DATABASE_URL."""
    # The name of a socket is at most 107 bytes long, and a temporary folder may be far down.
    home = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
    account = unprivileged()
    environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8", "TZ": "UTC"}
    server = None
    try:
        if account:
            os.chown(home, account["user"], account["group"])
        data, log = home / "data", home / "log"
        subprocess.run(
            [binaries / "initdb", "--auth=trust", "--username=postgres", "--encoding=UTF8", "--no-sync", data],
            check=True,
            cwd=home,
            env=environment,
            stdout=subprocess.DEVNULL,
            **account,
        )
        options = [f"unix_socket_directories={home}", "listen_addresses=", *HASTY]
        with log.open("wb") as output:
            server = subprocess.Popen(
                [binaries / "postgres", "-D", data, *(word for option in options for word in ("-c", option))],
                cwd=home,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                # In a session of its own: Ctrl+C is for the tests, and the server stops after them.
                start_new_session=True,
                **account,
            )
        until = time.monotonic() + 30
        while subprocess.run([binaries / "pg_isready", "-q", "-h", home], env=environment).returncode:
            if server.poll() is not None or time.monotonic() > until:
                raise SystemExit(f"PostgreSQL did not start:\n{log.read_text()}")
            time.sleep(0.05)
        yield f"postgres://postgres@{quote(str(home), safe='')}/postgres"
    finally:
        if server is not None and server.poll() is None:
            server.send_signal(signal.SIGINT)  # "fast": without waiting for clients
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()
        shutil.rmtree(home, ignore_errors=True)


def main(command: list[str]) -> int:
    binaries = find_binaries()
    if command == ["--find"]:
        print(binaries or "none")
        return 0 if binaries else 1
    if os.environ.get("TEST_DATABASE_URL"):
        return subprocess.run(command).returncode
    if binaries is None:
        print("LEFT OUT: PostgreSQL is missing; apt-get install postgresql, or set TEST_DATABASE_URL.")
        return 1
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with cluster(binaries) as address:
        child = subprocess.Popen(command, env={**os.environ, "TEST_DATABASE_URL": address})
        try:
            return child.wait()
        except BaseException:
            child.terminate()
            child.wait()
            raise


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
