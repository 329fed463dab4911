"""`restore PATH [--force]`: database, uploads and index, from an archive that `backup` made."""

from pathlib import Path

from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError

from governance import backup


class Command(BaseCommand):
    help = "Restore a backup into an empty instance, and build the index; stop the servers first."

    def add_arguments(self, parser) -> None:
        parser.add_argument("path", type=Path)
        parser.add_argument(
            "--force", action="store_true", help="replace the records, accounts and uploads that are here"
        )

    def handle(self, *args, path: Path, force: bool, **options) -> None:
        try:
            manifest = backup.restore(path, force=force, progress=self._say)
        except backup.BackupError as error:
            raise CommandError(str(error)) from error
        for label, name in (("Building the search index", "search_rebuild"), ("Checking it", "search_check")):
            if name in get_commands():
                self._say(label)
                call_command(name, stdout=self.stdout, stderr=self.stderr)
        self.stdout.write(
            f"{sum(manifest.rows.values())} rows and {len(manifest.files) - 1} uploads restored, as of {manifest.made}."
        )

    def _say(self, step: str) -> None:
        self.stdout.write(f"{step} …")
        self.stdout.flush()
