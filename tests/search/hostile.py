"""Hostile queries: made by chance from a seed, asked of the page and of the API; `make hostile` asks ten thousand.

    python -m tests.search.hostile [NUMBER] [SEED]

Asks the site of DATA_DIR, in this process; prints what went wrong and the slowest queries, and exits 1 if anything did:
a status other than 200, 400 or 404, or more processor time than a query may take.
"""

import os
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from urllib.parse import urlencode

PIECES = (
    "refugee", "migr*", "m*", "**", "(a*)", "text:a*", "a" * 60, "refoulment~", "refoulment~2", "~", "~9", "*",
    "NOT", "AND", "OR", "and", "-", "--", "-(", "(", ")", '"', "“", "«", "year:", "year:2018", "year:..",
    "year:9999..1", "year:-1", "2018..", "title:", "title:(", "type:actor", "type:*", "level:regional",
    "country:MA", "country:\u202e", "id:73/195", "id:*", "source:S4", "kind:", ":", "::", "73/195",
    "A/RES/73/195", "189 UNTS 137", "C97", "32013R0604", "5+5", "+", "/", "//", "\\", "%", "%00", "\x00",
    "\x1b[2J", "\u200f", "\u202e", "\ufeff", "\xad", "\u0301" * 30, "é", "ﬁ", "Ａ", "ß", "İ", "ı", "عدم",
    "الإعادة", "َُِّ", "ـ" * 20, "不推回", "難", "不" * 80, "беженцы", "🙂", "👩\u200d👩\u200d👧", "𝕏", "\U000e0001",
    "\ud83d", "' OR 1=1 --", "<script>alert(1)</script>", "{{7*7}}", "${7*7}", "../../etc/passwd", "(?:a+)+$",
    "[" * 20, "0" * 30, "-1", "1e309", "NaN", "null", "the", "of the", "no", "who helps people who fled",
    "can they send her back", "a b c d e f g h", "ab* cd* ef* gh* re* mi* co* in*", "re~ mi~ co~ in~ pr~",
)  # fmt: skip
SEPARATORS = ("", " ", " ", " ", "  ", "\t", "\n", "\u3000", "\u00a0")
OTHERS = ("type", "level", "page", "page_size", "year_min", "ordering", "in_force_on", "country", "format", "q", "x")
FINE = (200, 400, 404)


def queries(number: int, seed: int) -> Iterator[str]:
    """Query strings: pieces of the language, of scripts and of attacks, thrown together; some with other parameters."""
    chance = random.Random(seed)
    for _ in range(number):
        data = [("q", _text(chance))]
        while chance.random() < 0.2:
            data.append((chance.choice(OTHERS), _text(chance) if chance.random() < 0.5 else chance.choice(PIECES)))
        yield urlencode([(name, value.encode("utf-8", "surrogatepass")) for name, value in data])


def _text(chance: random.Random) -> str:
    kind = chance.random()
    if kind < 0.05:
        return "".join(chr(chance.randrange(0x110000)) for _ in range(chance.randrange(1, 60)))
    if kind < 0.1:
        return chance.choice(PIECES) * chance.randrange(1, 300)
    many = chance.choice((2, 4, 8, 16, 60))
    return "".join(chance.choice(PIECES) + chance.choice(SEPARATORS) for _ in range(chance.randrange(1, many + 1)))


def ask(client, query: str) -> tuple[int, float]:
    """The status of the answer, and the processor time it took."""
    began = time.thread_time()
    address = "/api/v1/search/" if len(query) % 2 else "/search/"
    return client.get(f"{address}?{query}").status_code, time.thread_time() - began


def prepare() -> None:
    """Make of DATA_DIR what `serve` would: tables, the knowledge where there is none, collected static files."""
    from django.core.management import call_command

    from governance.models import Record

    call_command("migrate", verbosity=0)
    if not Record.objects.exists():
        call_command("load_knowledge", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)


def main(number: int, seed: int) -> int:
    from django.test import Client

    from search.engines.whoosh.matching import TIME_LIMIT

    client = Client(HTTP_HOST="localhost", raise_request_exception=False)
    ask(client, "q=")  # opens the index
    answers = [(query, *ask(client, query)) for query in queries(number, seed)]
    wrong = [answer for answer in answers if answer[1] not in FINE or answer[2] > TIME_LIMIT]
    slowest = sorted(answers, key=lambda answer: -answer[2])[:3]
    for query, status, seconds in (*wrong[:20], *slowest):
        print(f"{status} {seconds:.2f} s {query[:200]}")
    statuses = ", ".join(f"{count} × {status}" for status, count in sorted(Counter(a[1] for a in answers).items()))
    middle = sorted(answer[2] for answer in answers)[len(answers) // 2]
    print(f"{number} hostile queries (seed {seed}): {statuses}; median {middle * 1000:.0f} ms, {len(wrong)} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "governance.settings")
    import django

    django.setup()
    prepare()
    given = [int(argument) for argument in sys.argv[1:]]
    sys.exit(main(*(given + [10_000, 1][len(given) :])))
