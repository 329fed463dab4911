"""`search_check [--repair]`: does the search index say what the database says?"""

from django.core.management.base import BaseCommand, CommandError

from search.checking import Difference, compare
from search.engines import Busy, IndexUnusable
from search.sync import rebuild


class Command(BaseCommand):
    help = "Compare the search index with the database; exit 1 when documents are missing, stale or orphaned."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--repair", action="store_true", help="build the index anew when there is a difference")

    def handle(self, *args, repair: bool, **options) -> None:
        try:
            self._check(repair)
        except Busy as problem:
            raise CommandError(f"The search index cannot be checked: {problem}") from problem

    def _check(self, repair: bool) -> None:
        try:
            difference = compare()
        except IndexUnusable as problem:
            self.stderr.write(str(problem))
            difference = None
        if difference is not None and not difference:
            self.stdout.write(
                f"The search index is right: {difference.documents} documents, none missing, stale or orphaned."
            )
            return
        self._report(difference)
        if not repair:
            raise CommandError("The search index is not right; run search_check --repair.")
        rebuild()
        remaining = compare()
        if remaining:
            self._report(remaining)
            raise CommandError("The search index was built anew and is still not right.")
        self.stdout.write("The search index was built anew and is right now.")

    def _report(self, difference: Difference | None) -> None:
        if difference is None:
            return
        for word, keys in (
            ("missing", difference.missing),
            ("stale", difference.stale),
            ("orphaned", difference.orphaned),
        ):
            if keys:
                shown = ", ".join(keys[:20]) + (" …" if len(keys) > 20 else "")
                self.stdout.write(f"{len(keys)} {word}: {shown}")
