"""Bring the site up from whatever state it is in, and serve it. `make run` calls this."""

import hashlib
import os
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connections

from governance.environment import refuse
from governance.migrating import migrate, one_at_a_time, unpooled


class Command(BaseCommand):
    help = "Migrate, load the knowledge, build the index, collect the static files, and serve the site."

    def handle(self, **options: Any) -> None:
        self.check_port()
        self.check_database()
        with one_at_a_time():
            with self.step("Preparing the database"):
                migrate()
            self.run("Loading the knowledge", "load_knowledge")
        self.prepare_search()
        with self.step("Collecting the static files"):
            self.collect_static()
        if settings.LACKS_KEY:
            self.stderr.write(
                f"{settings.LACKS_KEY} is for several web nodes, and SECRET_KEY is not set, so this one has its own: "
                "whoever signs in at one is signed out by the next, unless all are given the same."
            )
        if settings.SITE_URL.startswith("https://") and not settings.TRUSTED_PROXIES:
            self.stderr.write(
                "SITE_URL is https but no proxy is trusted to say that a request came that way, so all are redirected; "
                "set TRUSTED_PROXIES=1 behind one proxy."
            )
        connections.close_all()
        self.stdout.flush()
        # In place of this process, so that a signal to it reaches the server.
        os.chdir(settings.BASE_DIR)
        os.execv(sys.executable, [sys.executable, "-m", "gunicorn", "--config", "python:governance.server"])

    def run(self, label: str, name: str, *arguments: str) -> None:
        if name in get_commands():
            with self.step(label):
                call_command(name, *arguments, stdout=self.stdout, stderr=self.stderr)

    def prepare_search(self) -> None:
        """Where that cannot be done now, all but searching is served: who searches is told so, and mends it later."""
        try:
            self.run("Building the search index", "search_rebuild", "--if-missing")
            self.run("Bringing the search index up to date", "search_sync")
        except CommandError as problem:
            self.stderr.write(f"{problem}. The site is served all the same.")

    def check_port(self) -> None:
        family = socket.AF_INET6 if ":" in settings.BIND else socket.AF_INET
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((settings.BIND, settings.PORT))
            except OSError as error:
                refuse(
                    "PORT",
                    f"{settings.PORT} cannot be used ({error.strerror})",
                    f"stop what listens there or give another, for example PORT={settings.PORT % 65535 + 1}",
                )

    def check_database(self) -> None:
        probe = unpooled()  # which tells at once, and why
        try:
            probe.ensure_connection()
        except OperationalError as error:
            reason = " ".join(str(error).split())
            refuse("DATABASE_URL", f"the database cannot be opened ({reason})", "start it or correct the setting")
        finally:
            probe.close()

    def collect_static(self) -> None:
        """Only when a file has changed. What an earlier release served stays, for the pages out there that name it."""
        digest = hashlib.sha256(settings.STORAGES["staticfiles"]["BACKEND"].encode())
        for finder in get_finders():
            for path, storage in finder.list([]):  # type: ignore[attr-defined]
                status = os.stat(storage.path(path))
                digest.update(f"{storage.path(path)}\0{status.st_size}\0{status.st_mtime_ns}\n".encode())
        stamp = settings.DATA_DIR / "static.stamp"
        if stamp.exists() and stamp.read_text() == digest.hexdigest() and settings.STATIC_ROOT.is_dir():
            return
        call_command("collectstatic", interactive=False, verbosity=0)
        stamp.write_text(digest.hexdigest())

    @contextmanager
    def step(self, label: str) -> Iterator[None]:
        """Say what is being done once it takes over a second, and again every ten, and how long it took."""
        began = time.monotonic()
        done = threading.Event()

        def tell() -> None:
            wait = 1.0
            while not done.wait(wait):
                passed = time.monotonic() - began
                self.stdout.write(f"{label} …" + (f" {passed:.0f} s" if passed >= 2 else ""))
                self.stdout.flush()
                wait = 10.0

        teller = threading.Thread(target=tell, daemon=True)
        teller.start()
        try:
            yield
        finally:
            done.set()
            teller.join()
        passed = time.monotonic() - began
        if passed >= 1:
            self.stdout.write(f"{label}: done in {passed:.1f} s")
            self.stdout.flush()
