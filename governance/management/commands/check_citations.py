"""`check_citations [--source CODE]`: every locator and quote against the ingested texts."""

from django.core.management.base import BaseCommand, CommandError

from governance.citations import check
from governance.models import Source


class Command(BaseCommand):
    help = "Hold every citation's paragraph and quote against the ingested texts; exit 1 if any does not stand."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--source", metavar="CODE", default="", help="of this source only, for example S4")

    def handle(self, *args, source: str, **options) -> None:
        try:
            result = check(source)
        except Source.DoesNotExist as error:
            raise CommandError(f"There is no source with the code {source}.") from error
        for finding in result.findings:
            self.stdout.write(str(finding))
        uncheckable = result.without_text.total()
        self.stdout.write(
            f"{result.checked} citations checked, {len(result.findings)} do not stand; "
            f"{uncheckable} cite {len(result.without_text)} sources without an ingested text."
        )
        if result.findings:
            raise CommandError(f"{len(result.findings)} citations do not stand.")
