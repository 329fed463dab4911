"""`import_records FILE`: what a table or a file of documents would do, and with --apply, do it."""

from pathlib import Path

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser

from governance.importing.dryrun import DryRun, Wishes, dry_run, file_digest
from governance.importing.fields import TABLE_TYPES
from governance.importing.run import CannotImport, require_rights, run, store
from governance.importing.sheets import ReadError
from governance.importing.undo import undo
from governance.importing.work import plan
from governance.models import Import, ImportState, Outcome, Progress

_HEADINGS = {
    Outcome.CREATE: "create", Outcome.CHANGE: "change", Outcome.LEAVE: "leave", Outcome.HOLD: "held back",
    Outcome.REFUSE: "refused",
}  # fmt: skip


class Command(BaseCommand):
    help = (
        "Show row by row what importing a CSV, XLSX, YAML or JSON-lines file would do; with --apply, do it. "
        "New records arrive as drafts, changes to published ones wait for review."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", type=Path)
        parser.add_argument(
            "--type",
            dest="table_type",
            default="",
            choices=("", *TABLE_TYPES),
            help="kind of table; guessed if left out",
        )
        parser.add_argument(
            "--record",
            default="",
            help="the record all rows belong to, as instrument/slug: the treaty of a status table",
        )
        parser.add_argument("--sheet", default="", help="name of the sheet of a workbook; the first one if left out")
        parser.add_argument(
            "--column",
            action="append",
            default=[],
            metavar="HEADING=FIELD",
            help="which field a column is; FIELD empty: not read",
        )
        parser.add_argument(
            "--set",
            action="append",
            default=[],
            metavar="FIELD=VALUE",
            help="a value for every row that has none, like level=bilateral",
        )
        parser.add_argument(
            "--new",
            action="append",
            default=[],
            metavar="ROW",
            help="a row held back as likely duplicate is a new record",
        )
        parser.add_argument(
            "--same", action="append", default=[], metavar="ROW=TYPE/SLUG", help="a row held back is this record"
        )
        parser.add_argument("--apply", action="store_true", help="write what the account says")
        parser.add_argument("--all-or-nothing", action="store_true", help="write nothing unless every row can be")
        parser.add_argument("--publish", action="store_true", help="publish at once what has a source, without review")
        parser.add_argument("--user", default="", help="user name of the curator who imports")
        parser.add_argument("--resume", type=int, metavar="N", help="go on with import N, which was interrupted")
        parser.add_argument("--plan", type=int, metavar="N", help="make the dry run of import N, which was uploaded")
        parser.add_argument("--undo", type=int, metavar="N", help="take back import N as a whole")

    def handle(self, *args, **options) -> None:
        try:
            user = self._user(options["user"])
            if options["undo"]:
                self._undo(self._batch(options["undo"]), user)
            elif options["plan"]:
                plan(self._batch(options["plan"]), user)
            elif options["resume"]:
                self._run(self._batch(options["resume"]), user)
            elif options["file"] is None:
                raise CommandError("Name a file, or --resume N, or --undo N.")
            else:
                self._import(options, user)
        except (ReadError, CannotImport) as error:
            raise CommandError(str(error)) from error

    def _user(self, name: str):
        if not name:
            return None
        user = get_user_model().objects.filter(username=name).first()
        if user is None:
            raise CommandError(f"There is no user “{name}”.")
        return user

    def _batch(self, number: int) -> Import:
        batch = Import.objects.filter(pk=number).first()
        if batch is None:
            raise CommandError(f"There is no import {number}.")
        return batch

    def _import(self, options: dict, user) -> None:
        found = dry_run(options["file"], self._wishes(options), self._progress("rows looked at"))
        self._show(found)
        if found.plan.faults:
            raise CommandError("Nothing can be imported from this file as it is.")
        if not options["apply"]:
            self.stdout.write("Nothing was written. Add --apply to do what is said above.")
            return
        require_rights(user, options["publish"])
        refused = found.plan.counts()[Outcome.REFUSE] + found.plan.counts()[Outcome.HOLD]
        if options["all_or_nothing"] and refused:
            raise CommandError(f"Nothing was written, as asked: {refused} rows cannot be imported.")
        batch = store(found.plan, Import(
            file_name=options["file"].name[:200], digest=file_digest(options["file"]),
            table_type=found.table_type, author=user,
            options={"publish": options["publish"], "all_or_nothing": options["all_or_nothing"]},
        ))  # fmt: skip
        if found.mapping:
            found.mapping.remember(user)
        self._run(batch, user)

    def _wishes(self, options: dict) -> Wishes:
        pairs = [text.rpartition("=") for text in options["column"]]
        if not all(heading for heading, _sign, _key in pairs):
            raise CommandError("Write --column as HEADING=FIELD.")
        decisions = dict.fromkeys(options["new"], "new")
        for text in options["same"]:
            row, _sign, reference = text.partition("=")
            if not (row.isdecimal() and "/" in reference):
                raise CommandError("Write --same as ROW=TYPE/SLUG, for example 12=instrument/icrmw.")
            decisions[row] = reference
        columns = {heading: key for heading, _sign, key in pairs}
        given = {key: value for key, _sign, value in (text.partition("=") for text in options["set"])}
        return Wishes(options["table_type"], options["record"], options["sheet"], columns, given, decisions)

    def _show(self, found: DryRun) -> None:
        self.stdout.write(f"Kind of table: {found.table_type}")
        for line in found.mapping.wording() if found.mapping else []:
            self.stdout.write(f"  {line}")
        for row in found.plan.rows:
            self.stdout.write(f"row {row.number}: {_HEADINGS[Outcome(row.outcome)]}: {row.title}")
            for message in row.messages:
                self.stdout.write(f"    {message}")
        for line in [*found.plan.notices, *found.plan.faults]:
            self.stdout.write(line)
        counts = found.plan.counts()
        self.stdout.write(", ".join(f"{counts[outcome]} {word}" for outcome, word in _HEADINGS.items()))

    def _run(self, batch: Import, user) -> None:
        self.stdout.write(f"Import {batch.pk}: if it is interrupted, go on with --resume {batch.pk}")
        self.stdout.flush()
        run(batch, user, self._progress("records written"))
        self._tell(batch)
        self.stdout.write(
            f"{batch.records.filter(progress=Progress.DONE).count()} records written. "
            f"Take it back with --undo {batch.pk}."
        )

    def _undo(self, batch: Import, user) -> None:
        undo(batch, user, self._progress("units undone"))
        self._tell(batch)
        undone = batch.records.filter(progress=Progress.UNDONE).count()
        kept = batch.records.filter(progress=Progress.KEPT).count()
        self.stdout.write(f"Import {batch.pk}: {undone} records undone, {kept} kept.")
        if batch.state != ImportState.UNDONE:
            raise CommandError("It was not undone.")

    def _tell(self, batch: Import) -> None:
        for item in batch.records.exclude(message=""):
            self.stdout.write(f"{item}: {item.message}")

    def _progress(self, what: str):
        def show(done: int, of: int) -> None:
            if done % 500 == 0 or (done == of and of > 500):
                self.stdout.write(f"  {done} of {of} {what}")
                self.stdout.flush()

        return show
