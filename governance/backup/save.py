"""Making a backup, while the site runs."""

import os
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from governance import readiness
from governance.backup import rows
from governance.backup.archive import ROWS, UPLOADS, BackupError, Manifest, Writer, writing
from governance.models import Change


def save(path: Path) -> Manifest:
    """Write a backup to `path`, in one step at the end; what stood there before stays when anything goes wrong.

    Rows are of one moment. An upload is on disk before the row that names it, so each that a row names is there.
    Raises BackupError.
    """
    # By a name of its own, as the archive's draft: what a killed backup left is written over by the next.
    draft = path.with_name(f".{path.name}.rows")
    try:
        with writing(path) as archive:
            try:
                return _save(archive, draft)
            finally:
                draft.unlink(missing_ok=True)
    except OSError as error:
        raise BackupError(f"{path} cannot be written: {error.strerror or error}.") from error


def _save(archive: Writer, draft: Path) -> Manifest:
    made = timezone.now().isoformat(timespec="seconds")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)  # passwords' hashes are among the rows
    with rows.snapshot(), open(handle, "w", encoding="utf-8") as file:
        counts = rows.write(file, apps)
        position = str(Change.objects.head())
        migrations = sorted(map(list, MigrationRecorder(connection).applied_migrations()))
    archive.add(ROWS, draft)
    for name in uploads():
        archive.add(UPLOADS + name, settings.MEDIA_ROOT / name)
    index = readiness.report().parts.get("index", {})
    manifest = Manifest(made, connection.vendor, position, index, migrations, counts, archive.files)
    archive.finish(manifest)
    return manifest


def uploads() -> list[str]:
    """The files below the folder of uploads, by name."""
    found = []
    for folder, _folders, names in os.walk(settings.MEDIA_ROOT):
        found += [Path(folder, name).relative_to(settings.MEDIA_ROOT).as_posix() for name in names]
    return sorted(found)
