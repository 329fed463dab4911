"""`load_knowledge [PATH] [--force]`: documents from files to the database."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from governance.knowledge.files import FileError
from governance.knowledge.load import load


class Command(BaseCommand):
    help = "Load documents (a folder or file of .yaml or .jsonl). Safe to repeat; what curators edited stays."

    def add_arguments(self, parser) -> None:
        parser.add_argument("path", nargs="?", type=Path, default=settings.BASE_DIR / "fixtures")
        parser.add_argument("--force", action="store_true", help="overwrite what curators changed")

    def handle(self, *args, path: Path, force: bool, **options) -> None:
        try:
            report = load(path, force=force, progress=self._progress if options["verbosity"] else None)
        except FileError as error:
            raise CommandError(str(error)) from error
        if report.faults:
            for fault in report.faults:
                self.stderr.write(fault)
            raise CommandError(f"{len(report.faults)} faults; nothing was loaded.")
        for reference in report.left_alone:
            self.stdout.write(f"left alone, edited since it was loaded: {reference}")
        self.stdout.write(
            f"{len(report.created)} records created, {len(report.changed)} changed, {report.unchanged} as they were, "
            f"{len(report.left_alone)} left alone."
        )

    def _progress(self, done: int, of: int) -> None:
        if done == of or done % 100 == 0:
            self.stdout.write(f"  {done} of {of} records")
            self.stdout.flush()
