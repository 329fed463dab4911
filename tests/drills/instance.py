"""An installation of its own to be mistreated: its folder, its database, its commands and its server."""

import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import psycopg

CHECKOUT = Path(__file__).resolve().parent.parent.parent
IN_A_ROW = """
import django; django.setup()
import json, sys
from django.core.management import call_command
for command in json.loads(sys.argv[1]):
    call_command(*command)
"""
WITHOUT_COMPRESSING = """
import django; django.setup()
from django.conf import settings
from django.core.management import call_command
from django.test import override_settings
plain = {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}
with override_settings(STORAGES={**settings.STORAGES, "staticfiles": plain}):
    call_command("collectstatic", interactive=False, verbosity=0)
"""


@dataclass
class Answer:
    """What the server said; status 0 when it did not answer at all."""

    status: int
    body: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Instance:
    """`database` is a DATABASE_URL, or empty for SQLite in the folder."""

    folder: Path
    database: str = ""
    settings: dict[str, str] = field(default_factory=dict)
    port: int = 0
    server: "subprocess.Popen[bytes] | None" = None

    @property
    def environment(self) -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"],
            "LANG": "C.UTF-8",
            "DATA_DIR": str(self.folder),
            "DATABASE_URL": self.database,
            "DJANGO_SETTINGS_MODULE": "governance.settings",
            "PORT": str(self.port or 8000),
            "PAGE_RATE": "off",
            "API_RATE": "off",  # a drill of throttling sets its own
            **self.settings,
        }

    def run(self, *command: str, check: bool = True, timeout: float = 600) -> "subprocess.CompletedProcess[str]":
        """Run Python with these arguments in the instance; with `check` anything but success is an error."""
        done = subprocess.run(
            [sys.executable, *command],
            env=self.environment, cwd=CHECKOUT, capture_output=True, text=True, timeout=timeout,
        )  # fmt: skip
        if check and done.returncode:
            raise AssertionError(f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
        return done

    def manage(self, *command: str, check: bool = True) -> "subprocess.CompletedProcess[str]":
        return self.run("manage.py", *command, check=check)

    def manage_all(self, *commands: Sequence[str], check: bool = True) -> "subprocess.CompletedProcess[str]":
        """Several commands, one after the other, in one process: to start takes most of the time of most of them."""
        return self.run("-c", IN_A_ROW, json.dumps(commands), check=check)

    def prepare(self, fixtures: bool = False, static: Path | None = None) -> None:
        """Tables, a small body of knowledge (with `fixtures` all of the real one beside it), curators and its index;
        the static files too, unless there is a folder of them to be copied."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.run("-m", "tests.drills.knowledge", *(["--fixtures"] if fixtures else []))
        if static:
            shutil.copytree(static, self.folder / static.name)
        else:
            self.collect_static()

    def fill(self) -> None:
        """Tables, the published knowledge, its index and static files, as `make run` has them: for people to use."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.manage_all(
            ["migrate", "-v0"], ["load_knowledge", "-v0"], ["search_rebuild"], ["collectstatic", "--no-input", "-v0"]
        )

    def collect_static(self) -> None:
        """As they are served, but for the compressed copies: to make those takes longer than all else of an instance,
        and no drill asks for them."""
        self.run("-c", WITHOUT_COMPRESSING)

    def search_check(self) -> str:
        """Empty when index and database agree, else what was said."""
        done = self.manage("search_check", check=False)
        return "" if done.returncode == 0 else done.stdout + done.stderr

    @contextmanager
    def serving(self, workers: int = 2, threads: int = 4, port: int = 0, **options: Any) -> Iterator[None]:
        """The production server on a port of the loopback interface, a free one when none is given, with its log in the
        folder's parent."""
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            self.port = probe.getsockname()[1]
        arguments = ["--config", "python:governance.server", "--workers", str(workers), "--threads", str(threads)]
        with self.log.open("ab") as log:
            self.server = subprocess.Popen(
                [sys.executable, "-m", "gunicorn", *arguments],
                env=self.environment, cwd=CHECKOUT, stdout=log, stderr=log, **options,
            )  # fmt: skip
        try:
            until = time.monotonic() + 60
            while self.get("/healthz").status != 200:
                if self.server.poll() is not None or time.monotonic() > until:
                    raise AssertionError(f"the server did not come up:\n{self.log.read_text()}")
                time.sleep(0.1)
            yield
        finally:
            self.server.send_signal(signal.SIGTERM)
            try:
                self.server.wait(30)
            except subprocess.TimeoutExpired:
                self.server.kill()
                self.server.wait()

    @property
    def log(self) -> Path:
        return self.folder.with_name(self.folder.name + ".log")

    def get(self, path: str, timeout: float = 60, **headers: str) -> Answer:
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=timeout) as answer:
                return Answer(answer.status, answer.read().decode(errors="replace"), dict(answer.headers))
        except urllib.error.HTTPError as error:
            with error:
                return Answer(error.code, error.read().decode(errors="replace"), dict(error.headers))
        except OSError:
            return Answer(0)

    def wait_until(self, path: str, status: int = 200, seconds: float = 60) -> float:
        """Ask until the answer has this status; returns the seconds it took, or fails."""
        started = time.monotonic()
        answer = self.get(path)
        while answer.status != status:
            if time.monotonic() - started > seconds:
                raise AssertionError(f"{path} still answers {answer.status} after {seconds:.0f} s: {answer.body[:300]}")
            time.sleep(0.2)
            answer = self.get(path)
        return time.monotonic() - started

    def copy_to(self, other: "Instance") -> "Instance":
        """Make another instance like this one; on PostgreSQL its database is a copy already (`database_in`)."""
        shutil.copytree(self.folder, other.folder)
        return other


def connected(database: str) -> "psycopg.Connection":
    """A connection to the PostgreSQL that a DATABASE_URL names."""
    address = urlsplit(database)
    account, _, place = address.netloc.rpartition("@")
    host, _, port = place.partition(":")
    user, _, password = account.partition(":")
    return psycopg.connect(
        host=unquote(host), port=port or None, user=unquote(user), password=unquote(password) or None,
        dbname=address.path.strip("/"), autocommit=True,
    )  # fmt: skip


@contextmanager
def database_in(cluster: str, template: str = "") -> Iterator[str]:
    """A new database in a PostgreSQL that a DATABASE_URL names, empty or like `template`; it is dropped afterwards."""
    name = f"drill_{secrets.token_hex(6)}"
    like = f' TEMPLATE "{urlsplit(template).path.strip("/")}"' if template else ""
    with connected(cluster) as connection:
        connection.execute(f'CREATE DATABASE "{name}"{like}')
    try:
        yield urlsplit(cluster)._replace(path=f"/{name}").geturl()
    finally:
        with connected(cluster) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
