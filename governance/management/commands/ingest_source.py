"""`ingest_source CODE PATH [--dry-run]`: a source's full text from a file to numbered paragraphs."""

import time
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from governance.citations import written
from governance.ingest.process import IngestError, parse
from governance.ingest.store import Account, Refused, ingest
from governance.models import Source

REASONS = {
    "repeated": "comes back like a running head",
    "rule": "has neither letter nor digit",
    "furniture": "stands in navigation, a page head or foot",
}


class Command(BaseCommand):
    help = (
        "Bring in the text of a source (txt, md, html, pdf, docx), its paragraphs numbered. Again, with a newer file: "
        "paragraphs keep their numbers, and citations never come to point at other words unless --force is given."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("code", help="the source, for example S4")
        parser.add_argument("path", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="say what would be done, write nothing")
        parser.add_argument("--force", action="store_true", help="also when a cited paragraph changes its words")
        parser.add_argument("--renumber", action="store_true", help="give up the old numbers and count from 1")

    def handle(self, *args, code: str, path: Path, dry_run: bool, force: bool, renumber: bool, **options) -> None:
        self.began = self.told = time.monotonic()
        source = Source.objects.filter(slug__iexact=code).first()
        if source is None:
            raise CommandError(f"There is no source with the code {code}.")
        try:
            blocks = parse(path, progress=lambda seconds: self._tell(f"reading {path.name}: {seconds:.0f} s"))
            account = ingest(
                source, blocks, force=force, renumber=renumber, dry_run=dry_run,
                progress=lambda done, of: self._tell(f"{done} of {of} paragraphs written"),
            )  # fmt: skip
        except IngestError as error:
            raise CommandError(str(error)) from error
        except Refused as refused:
            self._list_broken(refused.account)
            count = len(refused.account.broken)
            raise CommandError(
                f"{count} citations would come to point at other words; nothing was written. "
                "Correct them in their records, or ingest with --force."
            ) from refused
        self._report(source.slug, account, dry_run)

    def _tell(self, message: str) -> None:
        """Progress, once what is done takes over a second and then at most once a second."""
        now = time.monotonic()
        if now - self.told >= 1:
            self.told = now
            self.stdout.write(f"  {message}")
            self.stdout.flush()

    def _report(self, code: str, account: Account, dry_run: bool) -> None:
        kinds = ", ".join(f"{number} {kind}" for kind, number in sorted(account.kinds.items()))
        self.stdout.write(f"{code}: {account.total} paragraphs ({kinds})" + (", nothing written" if dry_run else ""))
        if account.is_idle:
            self.stdout.write("The text is as it was.")
        for label, numbers in (
            ("new", account.added), ("changed", account.changed), ("removed", account.removed),
            ("same words and number at another place", account.moved),
        ):  # fmt: skip
            if numbers:
                self.stdout.write(f"  {label}: {ranges(numbers)}")
        for proposal in account.proposals:
            self.stdout.write(
                f"  may be page residue: {ranges(proposal.numbers)} {REASONS[proposal.reason]} (“{proposal.sample}”)"
            )
        if account.proposals:
            self.stdout.write(f"  What is residue indeed, list under “residue” in the record of {code}.")
        self._list_broken(account)

    def _list_broken(self, account: Account) -> None:
        for citation in account.broken:
            where = f"{citation.record.reference} {citation.field}"
            self.stdout.write(f"  its words change: {written(citation)} in {where}")


def ranges(numbers: Iterable[int]) -> str:
    """Numbers as people write them: `1–3, 7`."""
    runs = (list(run) for _, run in groupby(enumerate(sorted(numbers)), lambda pair: pair[1] - pair[0]))
    return ", ".join(f"{run[0][1]}–{run[-1][1]}" if len(run) > 1 else str(run[0][1]) for run in runs)
