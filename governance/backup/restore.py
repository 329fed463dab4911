"""Bringing a backup back: into an empty database, or with `force` in place of what is there."""

import shutil
import time
from collections.abc import Callable
from pathlib import Path

from django.apps.registry import Apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.migrations.exceptions import IrreversibleError
from django.db.migrations.executor import MigrationExecutor

from governance.backup import archive, rows
from governance.backup.archive import ROWS, UPLOADS, BackupError, Manifest, verify
from governance.models import Change, Record
from governance.models.triggers import drop_triggers, install_triggers


def restore(path: Path, *, force: bool = False, progress: Callable[[str], None] = lambda step: None) -> Manifest:
    """Make database and uploads what the backup says, then bring it to this release.

    The archive is read and verified as a whole before anything is touched; rows change in one transaction. Stop the
    servers first: what they write meanwhile is lost. The index is not looked at. Raises BackupError.
    """
    progress("Verifying the backup")
    manifest = verify(path)
    if not force and not is_empty():
        raise BackupError("There are records or accounts here already; use --force to replace all of them.")
    progress("Preparing the tables")
    registry = _migrate_to(manifest)
    progress("Restoring the rows")
    with transaction.atomic():
        _restore_rows(path, manifest, registry)
    progress("Restoring the uploads")
    _restore_uploads(path)
    progress("Bringing the tables to this release")
    call_command("migrate", interactive=False, verbosity=0)
    return manifest


def is_empty() -> bool:
    """Nothing that anybody would miss."""
    present = set(connection.introspection.table_names())
    models = (Record, get_user_model(), Change)
    return not any(model._meta.db_table in present and model._base_manager.exists() for model in models)


def _migrate_to(manifest: Manifest) -> Apps:
    """Bring the tables to the state they had when the backup was made; returns the models of that state."""
    executor = MigrationExecutor(connection)
    wanted = {(app, name) for app, name in manifest.migrations}
    unknown = sorted(wanted - executor.loader.graph.nodes.keys())
    if unknown:
        names = ", ".join(".".join(node) for node in unknown[:3])
        raise BackupError(f"The backup was made by a later release (migration {names}); install that one first.")
    leaves = [node for node in sorted(wanted) if not _later(executor, node, wanted)]
    try:
        if executor.migration_plan(leaves):
            drop_triggers()
            executor.migrate(leaves)
    except IrreversibleError as error:
        raise BackupError("The backup is of an earlier release; restore it into a database that is empty.") from error
    return MigrationExecutor(connection).loader.project_state(leaves).apps


def _later(executor: MigrationExecutor, node: tuple[str, str], wanted: set) -> bool:
    """Is there a migration of the same app after this one, among those that are wanted?"""
    children = executor.loader.graph.node_map[node].children
    return any(child.key[0] == node[0] and child.key in wanted for child in children)


def _restore_rows(path: Path, manifest: Manifest, registry: Apps) -> None:
    models = rows.tables(registry)
    names = [model._meta.db_table for model in models]
    drop_triggers()
    with connection.cursor() as cursor:
        for statement in connection.ops.sql_flush(no_style(), names, reset_sequences=True, allow_cascade=False):
            cursor.execute(statement)
    for _name, file in archive.members(path, ROWS.__eq__):
        counts = rows.read(file, registry)
        if counts != manifest.rows:
            raise BackupError("The rows are not as many as the manifest says; nothing was changed.")
    _go_on_from(models)
    connection.check_constraints()
    if _is_current(manifest):
        # In this transaction: a crash before `migrate` must not leave a log that misses writes. Nothing was written
        # while nobody watched but what the restored log tells of, so it need not say so.
        told = list(Change.objects.values_list("pk", flat=True).order_by("-pk")[:1])
        install_triggers()
        Change.objects.filter(pk__gt=told[0] if told else 0).delete()


def _is_current(manifest: Manifest) -> bool:
    """Was the backup made by a release with the same tables?"""
    loader = MigrationExecutor(connection).loader
    return {(app, name) for app, name in manifest.migrations} >= set(loader.graph.leaf_nodes())


def _go_on_from(models: list) -> None:
    """Have new rows numbered after the restored ones, and changes after any that were ever made.

    The log goes on from a number taken from the clock: changes that came after the backup are lost, and their numbers
    must not come again, or a cache or an index that has seen them would take the new ones for them. Transactions of
    another PostgreSQL have no meaning here, and one that this server has not reached yet would never count as settled.
    """
    Change.objects.update(xid=0)
    later = int(time.time() * 1000)
    table = Change._meta.db_table
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)
        if connection.vendor == "postgresql":
            cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [table, later])
        else:
            cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
            cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, later])


def _restore_uploads(path: Path) -> None:
    """Write the files beside those that are there, then exchange them; the folder itself may be a disk of its own."""
    live = Path(settings.MEDIA_ROOT)
    fresh, before = live / ".restored", live / ".before"
    for draft in (fresh, before):
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700, parents=True)
    for name, file in archive.members(path, lambda name: name.startswith(UPLOADS)):
        target = fresh / name.removeprefix(UPLOADS)
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with target.open("wb") as copy:
            shutil.copyfileobj(file, copy)
    for folder, target in ((live, before), (fresh, live)):
        for entry in folder.iterdir():
            if entry not in (fresh, before):
                entry.rename(target / entry.name)
    for draft in (fresh, before):
        shutil.rmtree(draft, ignore_errors=True)
