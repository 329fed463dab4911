"""`search_sync [--follow]`: what changed since the index was last written, brought into it."""

import time
from typing import NoReturn

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, InterfaceError, close_old_connections, connection

from governance.models import Position
from search.engines import Busy
from search.sync import REBUILD_TIMEOUT, catch_up
from search.waking import Waker

PAUSE = 1.0  # seconds


class Command(BaseCommand):
    help = "Apply pending changes to the search index; with --follow go on doing so until stopped."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--follow", action="store_true", help="go on whenever something is written")

    def handle(self, *args, follow: bool, **options) -> None:
        if follow:
            self._follow()
        try:
            self._tell(catch_up(REBUILD_TIMEOUT))
        except Busy as problem:
            raise CommandError(f"The search index cannot be brought up to date: {problem}") from problem

    def _follow(self) -> NoReturn:
        position: Position | None = None
        with Waker() as waker:
            while True:
                later = self._advance(position)
                if later is not None and later != position:
                    self._tell(later)
                position = later
                waker.wait()

    def _advance(self, position: Position | None) -> Position | None:
        """Bring the index forward; who cannot, because something is away, waits and tries again."""
        try:
            close_old_connections()
            return catch_up(REBUILD_TIMEOUT)
        except (Busy, DatabaseError, InterfaceError, OSError) as problem:
            self.stderr.write(f"Still waiting: {' '.join(str(problem).split())}")
            connection.close()
            time.sleep(PAUSE)
            return position

    def _tell(self, position: Position) -> None:
        self.stdout.write(f"The search index is at position {position}.")
        self.stdout.flush()
