"""`relevance [FILE …] [--misses] [--write] [--beside URL]`: how well search answers graded queries, by class."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand

from governance.environment import read_search
from search.engines import using
from search.relevance import Row, Score, agreement, measure, read, table

QUERIES = Path("tests/relevance")
HELD_OUT = QUERIES / "held_out.yaml"
FRESH = QUERIES / "plain-fresh.yaml"
PAGE = Path("docs/relevance.md")
HEAD = """# How well search answers

Graded queries of the people who search ([tests/relevance](../tests/relevance)): officials, lawyers, caseworkers,
journalists and students, in English, French, Spanish, Arabic, Russian and Chinese; measured on the published knowledge
by `make relevance`. nDCG@10 and MRR from 0 to 1, hit@3: a record the person wants is among the first three.

"""
SHAPED = """## Queries that shaped the ranking

{shaping} queries: weights, analysis and the plain words of the records were chosen with these in view. `field` is what
people of the field type most, each also held to what a specialist expects by a test.

"""
KEPT_BACK = """
## Queries that were kept back

{held_out} queries that had no part in shaping weights and analysis at first. Their plain-words questions were written
after the plain words of the records, as far from them as people are; everyday words that stand for each other
(`search/everyday.yaml`) took them from nDCG@10 0.477 and hit@3 0.618 to 0.571 and 0.765. They have since been read:
the words that say who asks (`search/questions.py`), irregular forms, names compared by their telling words and a second
lot of plain words were chosen with them in view. What stands below for plain-words is therefore no measure of questions
to come.

"""
UNSEEN = """
## Plain questions written without sight of the words

{fresh} questions of people who do not know the field's terms, written from titles and summaries alone: without sight of
the plain words of the records, of the everyday words that search knows, or of the other plain questions. Measured once
when nothing had been chosen by them: nDCG@10 0.646 and hit@3 0.875 for those in English (plain-words), 0.422 and 0.562
for those in other languages (multilingual), 0.601 and 0.812 for all. They have since been used to choose among general
means, never words for a single one of them. From nDCG@10 0.629 and hit@3 0.863 after a first round, these came to:

| one after the other | nDCG@10 | hit@3 |
| --- | ---: | ---: |
| the best answers to a sentence pass on some of their score to what they are linked to | 0.696 | 0.900 |
| what is like the best answers is found by their own words | 0.721 | 0.900 |
| names weigh more, everyday words less | 0.729 | 0.900 |
| principles, topics, actors, instruments and events said in more everyday words, each by its subject | 0.753 | 0.912 |
| more of the telling words have to be there | 0.755 | 0.912 |

The first three and the last are code and helped the kept-back questions as well, which did not choose them; of the
fourth, these questions cannot say how much it helps with others, for they had been read. A model of meaning (a sentence
encoder for sixteen languages, 30 MB) was tried too: fused with the scores, it took nDCG@10 from 0.629 to 0.689, and
from 0.696 to 0.745 where answers already passed on their score, for some 150 ms a query on a busy core. The words of
the best answers took it there to 0.729 without a model, so none is built in; what one would add to the rest was not
measured. With all of it:

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
        if files:
            scores = [score for file in files for score in measure(read(file))]
            text = _markdown(table(scores))
        else:
            held_out, fresh = settings.BASE_DIR / HELD_OUT, settings.BASE_DIR / FRESH
            files = sorted({*(settings.BASE_DIR / QUERIES).glob("*.yaml")} - {held_out, fresh})
            scores = [score for file in files for score in measure(read(file))]
            text = _page(scores, measure(read(held_out)), measure(read(fresh)))
        self.stdout.write(text)
        if options["misses"]:
            self._misses(scores)
        if options["beside"]:
            self._compare(scores, options["beside"])
        if options["write"]:
            (settings.BASE_DIR / PAGE).write_text(text, encoding="utf-8")

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


def _page(shaping: list[Score], held_out: list[Score], fresh: list[Score]) -> str:
    return (
        HEAD
        + SHAPED.format(shaping=len(shaping))
        + _markdown(table(shaping))
        + KEPT_BACK.format(held_out=len(held_out))
        + _markdown(table(held_out))
        + UNSEEN.format(fresh=len(fresh))
        + _markdown(table(fresh))
    )


def _markdown(rows: list[Row]) -> str:
    lines = ["| class | queries | nDCG@10 | MRR | hit@3 |", "| --- | ---: | ---: | ---: | ---: |"]
    lines += [f"| {r.kind} | {r.queries} | {r.ndcg:.3f} | {r.mrr:.3f} | {r.hit:.3f} |" for r in rows]
    return "\n".join(lines) + "\n"
