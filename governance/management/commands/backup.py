"""`backup [PATH]`: database and uploads in one archive, while the site runs."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from governance import backup


class Command(BaseCommand):
    help = "Write the database and the uploads to one archive; it holds drafts and password hashes, so keep it safe."

    def add_arguments(self, parser) -> None:
        parser.add_argument("path", nargs="?", type=Path, help="file or folder; DATA_DIR/backups when left out")

    def handle(self, *args, path: Path | None, **options) -> None:
        if path is None:
            path = settings.DATA_DIR / "backups"
            path.mkdir(mode=0o700, exist_ok=True)
        if path.is_dir():
            path /= f"knowledge-{timezone.now():%Y%m%dT%H%M%SZ}.tar.gz"
        try:
            manifest = backup.save(path)
        except backup.BackupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"{sum(manifest.rows.values())} rows and {len(manifest.files) - 1} uploads written to {path}, "
            f"at position {manifest.position}."
        )
