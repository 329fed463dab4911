"""`dump_knowledge [PATH] [--all]`: the published records as JSON lines, which `load_knowledge` reads."""

import sys
from pathlib import Path

from django.core.management.base import BaseCommand

from governance.knowledge import dump_many
from governance.knowledge.files import line
from governance.models import Record


class Command(BaseCommand):
    help = "Write all published records, one JSON document a line; with --all also drafts and withdrawn ones."

    def add_arguments(self, parser) -> None:
        parser.add_argument("path", nargs="?", type=Path, help="file to write; standard output when left out")
        parser.add_argument("--all", action="store_true", help="every record, with its state")

    def handle(self, *args, path: Path | None, **options) -> None:
        records = Record.objects.all() if options["all"] else Record.objects.visible_to(None)
        documents = dump_many(records.by_address(), public=not options["all"])
        if path is None:
            sys.stdout.writelines(map(line, documents))
            return
        unfinished = path.with_name(path.name + ".part")
        with unfinished.open("w", encoding="utf-8") as file:
            count = sum(1 for document in documents if file.write(line(document)))
        unfinished.replace(path)
        self.stdout.write(f"{count} records written to {path}")
