"""The site comes up from nothing, answers, and stops when it is told to."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parent.parent.parent


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(data: Path, port: int, **values: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, CHECKOUT / "manage.py", "serve"],
        env={"PATH": os.environ["PATH"], "DATA_DIR": str(data), "PORT": str(port), **values},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def wait_until_up(process: "subprocess.Popen[str]", port: int, seconds: float) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
                assert answer.status == 200
                return
        except OSError:  # refused, or no answer yet
            time.sleep(0.1)
    process.kill()
    pytest.fail(f"the site did not come up: {process.communicate()[0]}")


@pytest.mark.slow
def test_up_and_down_and_up_again_even_while_the_search_cluster_is_away(tmp_path: Path) -> None:
    port = free_port()
    nowhere = {"SEARCH_URL": f"opensearch://127.0.0.1:{free_port()}/away"}
    for seconds, end, values in ((120, signal.SIGTERM, {}), (60, signal.SIGINT, {}), (60, signal.SIGTERM, nowhere)):
        process = start(tmp_path, port, **values)
        try:
            wait_until_up(process, port, seconds)
            process.send_signal(end)
            output = process.communicate(timeout=30)[0]
        finally:
            process.kill()
        assert process.returncode == 0, output
        assert f"Serving http://127.0.0.1:{port}/" in output
        assert "Traceback" not in output
        assert ("The search index cannot be built: no host" in output) == (values == nowhere)
    assert (tmp_path / "db.sqlite3").stat().st_size > 0


def test_a_port_in_use_is_one_line(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        process = start(tmp_path, port)
        output = process.communicate(timeout=30)[0]
    assert process.returncode == 1
    assert output.startswith(f"PORT: {port} cannot be used")
    assert output.count("\n") == 1


def test_a_database_that_is_away_is_one_line(tmp_path: Path) -> None:
    process = start(tmp_path, free_port(), DATABASE_URL=f"postgres://u:geheim@127.0.0.1:{free_port()}/name")
    output = process.communicate(timeout=30)[0]
    assert process.returncode == 1
    assert output.startswith("DATABASE_URL: the database cannot be opened")
    assert output.count("\n") == 1
    assert "geheim" not in output
