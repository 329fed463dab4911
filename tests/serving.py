"""The whole site as `make run` brings it up, in a process of its own."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from typing import IO

import pytest

CHECKOUT = Path(__file__).resolve().parent.parent
SERVE = ("manage.py", "serve")
# What `serve` comes to in the end, for a site that has come up before; one process is enough for one reader.
SERVE_ONLY = ("-m", "gunicorn", "--config", "python:governance.server", "--workers", "1")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(
    folder: Path, port: int, output: int | IO[str] = subprocess.PIPE, command: Sequence[str] = SERVE, **values: str
) -> "subprocess.Popen[str]":
    settings = {"DJANGO_SETTINGS_MODULE": "governance.settings", "DATA_DIR": str(folder), "PORT": str(port)}
    return subprocess.Popen(
        [sys.executable, *command],
        cwd=CHECKOUT, env={"PATH": os.environ["PATH"], **settings, **values},
        stdout=output, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip


def wait_until_up(process: "subprocess.Popen[str]", port: int, log: Path | None = None) -> None:
    until = time.monotonic() + 900  # the machine may be busy with something else
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
                assert answer.status == 200
                return
        except OSError:  # refused, or no answer yet
            time.sleep(0.2)
    process.kill()
    output = process.communicate()[0]
    pytest.fail(f"the site did not come up: {log.read_text() if log else output}")


def up_and_down(folder: Path, end: signal.Signals, **values: str) -> str:
    """Bring a site up over a folder of data, an empty one too, and stop it; returns what it said: no trace."""
    folder.mkdir(exist_ok=True)
    port = free_port()
    process = start(folder, port, **values)
    try:
        wait_until_up(process, port)
        process.send_signal(end)
        output = process.communicate(timeout=60)[0]
    finally:
        process.kill()
    assert process.returncode == 0, output
    assert f"Serving http://127.0.0.1:{port}/" in output
    assert "Traceback" not in output
    return output
