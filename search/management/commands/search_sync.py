"""`search_sync [--follow]`: what changed since the index was last written, brought into it."""

import time

from django.core.management.base import BaseCommand
from django.db import close_old_connections

from search.engines import Busy
from search.sync import REBUILD_TIMEOUT, catch_up


class Command(BaseCommand):
    help = "Apply pending changes to the search index; with --follow go on doing so until stopped."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--follow", action="store_true", help="look for changes every second")

    def handle(self, *args, follow: bool, **options) -> None:
        position = catch_up(REBUILD_TIMEOUT)
        self.stdout.write(f"The search index is at position {position}.")
        while follow:
            time.sleep(1)
            close_old_connections()
            try:
                later = catch_up(REBUILD_TIMEOUT)
            except Busy as problem:
                self.stderr.write(f"Still waiting: {problem}")
                continue
            if later != position:
                position = later
                self.stdout.write(f"The search index is at position {position}.")
                self.stdout.flush()
