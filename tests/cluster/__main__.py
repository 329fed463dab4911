"""The whole stack on loopback until Ctrl+C, or, with DRILL=1, killed part by part: `make cluster`."""

import os
import signal
import sys
import time

from tests.cluster import drill, stack


def main() -> int:
    missing = stack.missing()
    if missing:
        print("\n".join(f"LEFT OUT: the cluster ({what})" for what in missing))
        return 1
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    port = int(os.environ.get("PORT", "8080"))
    try:
        with stack.running(port, fixtures=not os.environ.get("DRILL")) as made:
            print(f"Serving http://127.0.0.1:{port}/ by three web nodes; Ctrl+C stops all of it.", flush=True)
            if os.environ.get("DRILL"):
                return drill.main(made)
            while True:
                time.sleep(60)
    except KeyboardInterrupt:
        return 0


if __name__ == "__main__":
    sys.exit(main())
