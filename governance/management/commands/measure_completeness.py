"""`measure_completeness PATH [--missing]`: how much of a checklist the published records hold, by source document."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from governance.completeness import Checklist, ChecklistError, Measure, Score
from governance.knowledge.dump import dump_many
from governance.models import Record


class Command(BaseCommand):
    help = (
        "Hold the published records against a checklist: a folder with entities.json, facts.json, discrepancies.json "
        "and documents.json."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("path", type=Path)
        parser.add_argument("--missing", action="store_true", help="also list what was not found")

    def handle(self, *args, path: Path, missing: bool, **options) -> None:
        try:
            checklist = Checklist.read(path)
        except ChecklistError as error:
            raise CommandError(str(error)) from error
        measure = Measure(checklist, dump_many(Record.objects.published().order_by("pk")))
        scores = {document["id"]: measure.scores(document["id"]) for document in checklist.documents}
        for code, by_kind in scores.items():
            self.stdout.write(f"{code}: " + ", ".join(_figure(kind, score) for kind, score in by_kind.items()))
        if missing:
            self._list(scores)

    def _list(self, scores: dict[str, dict[str, Score]]) -> None:
        for code, by_kind in scores.items():
            for kind, score in by_kind.items():
                for label in score.missing:
                    self.stdout.write(f"  {code} {kind}: {label}")


def _figure(kind: str, score: Score) -> str:
    return f"{kind} {score.found}/{score.total} ({score.percent:.0f} %)"
