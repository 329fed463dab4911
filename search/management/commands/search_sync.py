"""`search_sync [--follow]`: what changed since the index was last written, brought into it."""

import time

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
        try:
            position = catch_up(REBUILD_TIMEOUT)
        except Busy as problem:
            raise CommandError(f"The search index cannot be brought up to date: {problem}") from problem
        self._tell(position)
        if not follow:
            return
        with Waker() as waker:
            while True:
                later = self._advance(position)
                if later != position:
                    self._tell(later)
                position = later
                waker.wait()

    def _advance(self, position: Position) -> Position:
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
