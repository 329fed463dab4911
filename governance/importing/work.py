"""What takes long, for an import that was uploaded: the dry run, the writing, the undoing; here or in a process beside.

A browser does not wait for thousands of records. The process beside notes its progress in the import; when it is
stopped, the next one goes on where it was.
"""

import subprocess
import sys
import threading
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from governance.importing.dryrun import Wishes, dry_run
from governance.importing.run import CannotImport, Teller, run, store
from governance.importing.sheets import ReadError
from governance.importing.undo import undo
from governance.models import Import, ImportState, Progress

PLAN, APPLY, UNDO = "plan", "resume", "undo"
_AT_ONCE = 200  # records or rows that a browser can wait for
_STATES = {PLAN: ImportState.PLANNING, APPLY: ImportState.RUNNING, UNDO: ImportState.UNDOING}


def wishes_of(batch: Import) -> Wishes:
    """What people chose for an import, as the dry run takes it."""
    chosen = batch.choices
    return Wishes(
        batch.table_type, chosen.get("record", ""), chosen.get("sheet", ""), chosen.get("columns", {}),
        chosen.get("given", {}), chosen.get("rows", {}),
    )  # fmt: skip


def plan(batch: Import, user=None) -> None:
    """Make the dry run of an uploaded file and keep it; a file that cannot be read becomes a fault of the import."""
    if batch.records.exclude(progress=Progress.WAITING).exists():
        raise CannotImport(_("Import %d has run already.") % batch.pk)
    teller = Teller(batch, ImportState.PLANNING)
    teller.begin(0, 0)
    try:
        found = dry_run(Path(batch.upload.path), wishes_of(batch), teller.tell)
    except ReadError as error:
        batch.state, batch.faults = ImportState.UPLOADED, [str(error)]
        batch.save(update_fields=("state", "faults"))
        return
    batch.table_type = found.table_type if found.mapping else ""
    if found.mapping and not found.plan.faults:
        found.mapping.remember(user)
    store(found.plan, batch)


def do(batch: Import, step: str, user) -> None:
    """Take a step: at once when it is small, else in a process beside. Raises CannotImport for what fails at once."""
    if (_rows(batch) if step == PLAN else batch.records.count()) > _AT_ONCE:
        batch.tell(_STATES[step], 0, 0)
        start(batch, step, user)
        return
    {PLAN: plan, APPLY: run, UNDO: undo}[step](batch, user)


def _rows(batch: Import) -> int:
    """How many rows a file may have, by its size; none where it is gone, which reading it tells."""
    try:
        return batch.upload.size // 200
    except OSError:
        return 0


def start(batch: Import, step: str, user=None) -> None:
    """Begin a step in a process of its own, which goes on when the one that serves pages ends."""
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "import_records", f"--{step}", str(batch.pk)]
    if user is not None:
        command.append(f"--user={user.get_username()}")
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    threading.Thread(target=process.wait, daemon=True).start()  # or it would stay as a zombie
