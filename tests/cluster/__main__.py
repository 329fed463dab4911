"""The whole stack on loopback until Ctrl+C, or, with DRILL=1, killed part by part: `make cluster`."""

import os
import signal
import sys
import time

from tests.cluster import drill, stack
from tests.cluster.stack import Stack

LOGINS = ("curator", "reviewer")  # who submits, and who approves


def main() -> int:
    missing = stack.missing()
    if missing:
        print("\n".join(f"LEFT OUT: the cluster ({what})" for what in missing))
        return 1
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    port = int(os.environ.get("PORT", "8080"))
    try:
        if os.environ.get("DRILL"):
            with stack.running(port, fixtures=False, review="one") as made:
                return drill.main(made)
        with stack.running(port) as made:
            make_logins(made)
            print(f"Serving http://127.0.0.1:{port}/ by three web nodes; Ctrl+C stops all of it.", flush=True)
            while True:
                time.sleep(60)
    except KeyboardInterrupt:
        return 0


def make_logins(made: Stack) -> None:
    """Print the names and passwords of those who can do all that is done in the admin: `make curator` made them."""
    for role in LOGINS:
        print(made.front.manage("curator", role, "--role", role, "--generate").stdout, end="")
    print(f"They sign in at {made.front.settings['SITE_URL']}/admin/.")


if __name__ == "__main__":
    sys.exit(main())
