"""`export_records FILE --type …`: records as a table or documents, which `import_records` takes back."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.http import QueryDict

from governance.browse.filters import RecordFilterSet
from governance.importing.export import FORMATS, export, records_of
from governance.importing.fields import STATUS, TABLE_TYPES

TYPES = tuple(type_ for type_ in TABLE_TYPES if type_ != STATUS)


class Command(BaseCommand):
    help = (
        "Write published records to a .csv, .xlsx or .yaml file that import_records takes back; with --all, drafts too."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--type", dest="table_type", default="instrument", choices=TYPES)
        parser.add_argument(
            "--filter",
            action="append",
            default=[],
            metavar="NAME=VALUE",
            help="as in the lists: level=regional, topic=asylum, q=words",
        )
        parser.add_argument("--all", action="store_true", help="drafts and withdrawn records too")

    def handle(self, *args, file: Path, table_type: str, **options) -> None:
        if file.suffix not in FORMATS:
            raise CommandError(f"The name must end in one of: {', '.join(FORMATS)}.")
        if file.suffix == ".yaml" and table_type in ("participation", "names"):
            raise CommandError("Documents hold participation and names; export the records themselves.")
        wanted = QueryDict("&".join(options["filter"]).replace(" ", "%20"))
        filterset = RecordFilterSet(wanted, queryset=records_of(table_type, everything=options["all"]))
        faults = filterset.faults()
        if faults:
            raise CommandError(" ".join(f"{name}: {message}" for name, message in faults.items()))
        count = export(file, table_type, filterset.narrowed())
        self.stdout.write(f"{count} rows written to {file}")
