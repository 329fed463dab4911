"""`search_rebuild [--if-missing]`: the search index, made anew from the database."""

from time import monotonic

from django.core.management.base import BaseCommand, CommandError

from search.engines import Busy, get_engine
from search.sync import rebuild


class Command(BaseCommand):
    help = "Build the search index beside the live one, then swap it in; with --if-missing only where none is usable."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--if-missing", action="store_true", help="leave a usable index as it is")

    def handle(self, *args, if_missing: bool, **options) -> None:
        started = monotonic()
        try:
            made = rebuild(unless_usable=if_missing, progress=self._tell)
            status = get_engine().status()
        except Busy as problem:
            raise CommandError(f"The search index cannot be built: {problem}") from problem
        done = f"built in {monotonic() - started:.1f} s" if made else "left as it was"
        self.stdout.write(
            f"The search index was {done}: {status.documents} documents of {status.records} records, "
            f"at position {status.position}."
        )

    def _tell(self, count: int) -> None:
        self.stderr.write(f"{count} documents …")
