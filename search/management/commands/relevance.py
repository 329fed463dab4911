"""`relevance [FILE …] [--misses] [--write] [--beside URL]`: how well search answers graded queries, by class."""

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand

from governance.environment import read_search
from search.engines import using
from search.relevance import PLAIN, Row, Score, agreement, measure, read, table

QUERIES = Path("tests/relevance")
# Sets of queries that are measured apart, by their names on the page; all others shaped the ranking.
APART = {
    "held_out": "held_out.yaml", "fresh": "plain-fresh.yaml",
    "second": "plain-second.yaml", "third": "plain-third.yaml",
}  # fmt: skip
ALL_PLAIN = ("fresh", "second", "third")  # whose questions are plain in every language
TEMPLATE = QUERIES / "page.md"
PAGE = Path("docs/relevance.md")


@dataclass(frozen=True)
class Part:
    """A part of the page: how many queries, and the table of how they were answered."""

    queries: int
    table: str

    @classmethod
    def of(cls, scores: list[Score]) -> "Part":
        return cls(len(scores), _markdown(table(scores)))


class Command(BaseCommand):
    help = "Measure search on graded queries: nDCG@10, MRR and hit@3 by class."

    def add_arguments(self, parser) -> None:
        parser.add_argument("files", nargs="*", type=Path)
        parser.add_argument(
            "--misses", action="store_true", help="list the queries whose answer is not among the first three"
        )
        parser.add_argument("--beside", metavar="URL", help="a SEARCH_URL: how much another engine answers the same")
        parser.add_argument("--write", action="store_true", help=f"write the table to {PAGE}")

    def handle(self, *args, files: list[Path], **options) -> None:
        if files:
            scores = every = [score for file in files for score in measure(read(file))]
            text = _markdown(table(scores))
        else:
            scores, every, text = self._everything()
        self.stdout.write(text)
        if options["misses"]:
            self._misses(scores)
        if options["beside"]:
            self._compare(every, options["beside"])
        if options["write"]:
            (settings.BASE_DIR / PAGE).write_text(text, encoding="utf-8")

    def _everything(self) -> tuple[list[Score], list[Score], str]:
        """The scores of the queries that shaped the ranking, those of all queries, and the page of all sets."""
        folder = settings.BASE_DIR / QUERIES
        apart = {name: measure(read(folder / file)) for name, file in APART.items()}
        files = sorted({*folder.glob("*.yaml")} - {folder / file for file in APART.values()})
        scores = [score for file in files for score in measure(read(file))]
        plain = [score for score in (*scores, *apart["held_out"]) if score.query.kind == PLAIN]
        plain += [score for name in ALL_PLAIN for score in apart[name]]
        parts = {"shaping": scores, **apart, "plain": plain}
        template = (settings.BASE_DIR / TEMPLATE).read_text(encoding="utf-8")
        every = [*scores, *(score for found in apart.values() for score in found)]
        return scores, every, template.format(**{name: Part.of(found) for name, found in parts.items()})

    def _compare(self, scores: list[Score], url: str) -> None:
        address = read_search({"SEARCH_URL": url}, settings.BASE_DIR, settings.DATA_DIR)
        with using(address):
            others = measure([score.query for score in scores])
        self.stdout.write(_markdown(table(others)))
        first, ten = agreement(scores, others)
        self.stdout.write(f"The same first answer: {first:.1%} of {len(scores)} queries; of the first ten: {ten:.1%}.")

    def _misses(self, scores: list[Score]) -> None:
        for score in sorted(scores, key=lambda s: s.ndcg):
            if not score.hit or score.ndcg < 0.7:
                self.stdout.write(
                    f"{score.ndcg:.2f} {score.query.kind}: {score.query.text}  →  {', '.join(score.found[:4])}"
                )


def _markdown(rows: list[Row]) -> str:
    lines = ["| class | queries | nDCG@10 | MRR | hit@3 |", "| --- | ---: | ---: | ---: | ---: |"]
    lines += [f"| {r.kind} | {r.queries} | {r.ndcg:.3f} | {r.mrr:.3f} | {r.hit:.3f} |" for r in rows]
    return "\n".join(lines) + "\n"
