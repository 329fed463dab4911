"""`relevance [FILE …] [--misses] [--write] [--beside URL]`: how well search answers graded queries, by class."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand

from governance.environment import read_search
from search.engines import using
from search.relevance import Row, Score, agreement, measure, read, table

QUERIES = Path("tests/relevance")
PAGE = Path("docs/relevance.md")
HEAD = """# How well search answers

Graded queries of the people who search ([tests/relevance](../tests/relevance)), measured on the published knowledge by
`make relevance`. nDCG@10 and MRR from 0 to 1, hit@3: a record the person wants is among the first three.

"""


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
        files = files or sorted((settings.BASE_DIR / QUERIES).glob("*.yaml"))
        scores = [score for file in files for score in measure(read(file))]
        text = _markdown(table(scores))
        self.stdout.write(text)
        if options["misses"]:
            self._misses(scores)
        if options["beside"]:
            self._compare(scores, files, options["beside"])
        if options["write"]:
            (settings.BASE_DIR / PAGE).write_text(HEAD + text, encoding="utf-8")

    def _compare(self, scores: list[Score], files: list[Path], url: str) -> None:
        address = read_search({"SEARCH_URL": url}, settings.BASE_DIR, settings.DATA_DIR)
        with using(address):
            others = [score for file in files for score in measure(read(file))]
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
