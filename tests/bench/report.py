"""The page of results: where we lose first, then the tables. Everything in it comes from the measured figures."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tests.bench.measure import ENOUGH, TIMES
from tests.bench.peers import PEERS

NOISE = 4 / 3  # a difference below this is none
US = "ours"
WEB_TITLES = {"ours": "ours", "ours, no page kept": "ours, each page made anew", "Datasette": "Datasette with FTS5"}

HEAD = """# Benchmarks

Made by `make bench` ({date}); `docs/benchmarks.json` has the figures. {machine}{shared}
A ratio is theirs divided by ours, of medians, or of 95th percentiles where it says p95: above 1 we are faster.
Differences below a third are noise and are called that.

**What is compared.** The same made-up passages (title, 60 to 200 words, kind, level) and the same {queries} queries
in eight classes go to all, in one run and in turns, one process for each, one query at a time. A page is the first
ten, the exact total, the numbers by kind and by level, and ten snippets. Ours is asked through the engine's
protocol as the site asks it: it reads the query language, counts each facet without its own choice and corrects
misspellings besides. No network and no page is part of these times but PostgreSQL's Unix socket.

*First touch*: opened anew, so that nothing is kept of what was read before but by the operating system, which has
read all files just before, and of single words by Python (their stems); each query once. *Warm*: the same queries
again. *Work*: what the process itself worked on the warm ones, which others on the machine change less; PostgreSQL
works in another process. Each is opened three times and asked three times warm after each; who has taken {enough:.0f}
seconds over its answers, at first touch or warm, is asked no more of that kind.
"""


SHARED = """
**The machine was shared**: up to {load:.0f} other processes were running on average. That interrupts long answers more
often than short ones and so widens the ratios by the clock; *work* is nearer to a machine that does nothing else.
"""


def page(results: dict[str, Any]) -> str:
    """The whole page, as Markdown."""
    parts = [_head(results), "## Where we lose\n", *_lines(results, _lost)]
    parts += ["\n## Where we win\n", *_lines(results, _won)]
    if results["sizes"]:
        parts += [
            "\n## A page of results\n",
            "![Median time for a page by number of passages](img/benchmarks-pages.svg)\n",
        ]
        parts += [_pages(results), "\n### By class of query, warm, p50 / p95 in ms\n", _classes(results)]
        parts += ["\n## Building, size, opening, memory, updating\n", _building(results), BUILDING, _left_out(results)]
    if results.get("web"):
        parts += ["\n## Over HTTP\n", WEB, "![Answers per second](img/benchmarks-web.svg)\n", _web(results)]
    return "\n".join([*parts, _measured(results), AGAIN])


def _measured(results: dict[str, Any]) -> str:
    moments = results.get("measured", {})
    told = [f"{what} {m['begun']} to {m['ended']} on {m['commit'] or 'no commit'}" for what, m in moments.items()]
    return f"\nMeasured (UTC): {'; '.join(told)}." if told else ""


BUILDING = """
Built in one process from passages in memory; a million are made meanwhile, which takes the same for all and brings the
rates nearer to each other. Size: FTS5 and PostgreSQL include the texts, and so do tantivy and
stock Whoosh; haystack keeps them a second time in its database, which is not counted. Memory is what is
resident of the process that searches after all queries, with the server's process for PostgreSQL: shared buffers that
it has touched and files that tantivy maps are counted, files that are read (ours, FTS5, stock) are the system's.
Updating: from the call that brings in one passage until a search finds it, with every commit on disk where the peer
does that (stock Whoosh and haystack do not wait for the disk). Who adds comes to the index for this one passage: FTS5
and PostgreSQL connect, Whoosh and tantivy open a writer.
"""
WEB = """\
The knowledge of `fixtures/`, published, in our site (as `make run` serves it: two processes) and in Datasette (as
it serves: one process; immutable, its suggestions of facets off, FTS5 with Porter stems), with the same readers on
the same machine, in turns. *Search*: words of titles, with facets. *Filtered list*: a type on a level. *Record*:
instruments, actors and principles; ours shows evidence, relations and participation, Datasette the row. Each page
was asked for before; *each page made anew* is our site with `PAGE_CACHE=0`.
"""
AGAIN = """
## Again

    make bench                                    # 1,000 and 10,000 passages, and HTTP: about half an hour
    make bench SIZES="1000 10000 100000 1000000"  # hours
    make bench SIZES= SECONDS=10                  # HTTP only

It needs what `make run` needs; PostgreSQL is compared where Debian's package `postgresql` is installed. What it
compares with goes into an environment of its own, `.venv-bench`, pinned in `requirements-bench.lock`.
"""


def _head(results: dict[str, Any]) -> str:
    machine, load = results["machine"], results["machine"]["load"]
    shared = SHARED.format(load=load) if load > 0.5 else ""
    words = f"Machine: {machine['text']}."
    return HEAD.format(date=results["date"], machine=words, shared=shared, queries=results["queries"], enough=ENOUGH)


# Ratios in words

Ratio = tuple[float, str]


def ratios(results: dict[str, Any]) -> Iterator[Ratio]:
    """Every comparison with a peer: how many times slower than ours it is, and a text that tells what was compared."""
    for size, peers in results["sizes"].items():
        mine = peers.get(US, {})
        for name, theirs in peers.items():
            if name == US or "failed" in theirs or "failed" in mine:
                continue
            for label, value in _of_peer(mine, theirs):
                yield value, f"{PEERS[name].title}, {int(size):,} passages: {label}"
    sites = results.get("web") or {}
    if "Datasette" in sites and US in sites:
        yield from _of_web(sites)


def _of_peer(mine: dict, theirs: dict) -> Iterator[tuple[str, float]]:
    for kept, word in (("first", "a page at first touch"), ("warm", "a page, warm"), ("work", "a page, work")):
        if kept in mine and kept in theirs:
            for share in ("p50", "p95"):
                yield f"{word}, {share}", theirs[kept]["all"][share] / mine[kept]["all"][share]
    for what, word in (("update", "one passage visible"), ("open", "opening")):
        if what in mine and what in theirs:
            yield word, theirs[what]["p50"] / mine[what]["p50"]
    yield "building", theirs["build"]["seconds"] / mine["build"]["seconds"]
    yield "size", theirs["build"]["bytes"] / mine["build"]["bytes"]


def _of_web(sites: dict[str, Any]) -> Iterator[Ratio]:
    for site in (name for name in sites if name != "Datasette"):
        for kind, by_clients in sites[site]["pages"].items():
            for clients, mine in by_clients.items():
                theirs = sites["Datasette"]["pages"][kind][clients]
                what = f"Datasette, {kind}, {clients} at once, against {WEB_TITLES[site]}"
                if None not in (mine["p95"], theirs["p95"]):
                    yield mine["per_second"] / theirs["per_second"], f"{what}: answers per second"
                    yield theirs["p95"] / mine["p95"], f"{what}: p95"


def _lost(value: float) -> bool:
    return value < 1 / NOISE


def _won(value: float) -> bool:
    return value > NOISE


def _lines(results: dict[str, Any], wanted: Callable[[float], bool]) -> list[str]:
    """One line for each peer and size, the worst ratios first."""
    groups: dict[str, list[Ratio]] = {}
    for value, text in ratios(results):
        if wanted(value):
            head, _colon, label = text.rpartition(": ")
            groups.setdefault(head, []).append((value, label))
    ordered = sorted(groups.items(), key=lambda group: min(group[1]))
    lines = [f"- {head}: " + "; ".join(f"{label} {_times(value)}" for value, label in rows) for head, rows in ordered]
    return lines or ["- Nowhere in this run."]


def _times(value: float) -> str:
    return f"{value:.0f}×" if value >= 10 else f"{value:.2g}×"


# Tables

Rows = list[list[str]]


def table(head: list[str], rows: Rows) -> str:
    lines = [head, ["---"] + ["---:"] * (len(head) - 1), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def figure(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def pair(summary: dict[str, float] | None) -> str:
    return f"{figure(summary['p50'])} / {figure(summary['p95'])}" if summary else "–"


def _each(results: dict[str, Any]) -> Iterator[tuple[str, str, dict]]:
    for size, peers in results["sizes"].items():
        for name, found in peers.items():
            yield f"{int(size):,}", PEERS[name].title, found


def _pages(results: dict[str, Any]) -> str:
    rows = []
    for size, title, found in _each(results):
        kinds = [found.get(kept, {}).get("all") for kept in TIMES]
        mine = results["sizes"][size.replace(",", "")].get(US, {})
        against = [_against(mine, found, kept) for kept in TIMES]
        rows.append([f"{size}: {title}", *map(pair, kinds), *against])
    head = ["", "first touch, ms p50 / p95", "warm, ms p50 / p95", "work, ms p50 / p95", "ratio, first touch"]
    head += ["ratio, warm", "ratio, work"]
    return table(head, rows)


def _against(mine: dict, found: dict, kept: str) -> str:
    if mine is found or kept not in mine or kept not in found:
        return "–"
    value = found[kept]["all"]["p50"] / mine[kept]["all"]["p50"]
    return f"{value:.2g}, noise" if 1 / NOISE <= value <= NOISE else f"{value:.2g}"


def _classes(results: dict[str, Any]) -> str:
    labels: dict[str, None] = {}
    for _size, _title, found in _each(results):
        labels |= dict.fromkeys(label for label in found.get("warm", {}) if label != "all")
    rows = [
        [f"{size}: {title}", *(pair(found.get("warm", {}).get(label)) for label in labels)]
        for size, title, found in _each(results)
    ]
    return table(["", *labels], rows)


def _building(results: dict[str, Any]) -> str:
    rows = []
    for size, title, found in _each(results):
        build = found.get("build")
        rate = int(size.replace(",", "")) / build["seconds"] if build else None
        space = build["bytes"] / 2**20 if build else None
        figures = [rate, space, build["memory"] if build else None]
        opened = found.get("open", {}).get("p50")
        rows.append(
            [f"{size}: {title}", *map(figure, [*figures, opened, found.get("memory")]), pair(found.get("update"))]
        )
    head = [
        "",
        "passages/s",
        "MiB on disk",
        "MiB more while building",
        "opening and first page, ms",
        "MiB while searching",
    ]
    return table([*head, "one passage visible, ms p50 / p95"], rows)


def _left_out(results: dict[str, Any]) -> str:
    failed = [f"{title} at {size}: {found['failed']}" for size, title, found in _each(results) if "failed" in found]
    lines = [f"Left out: {name}." for name in results["left_out"]] + [f"Failed: {text}" for text in failed]
    same = [
        f"{title} at {size}: {found['agreeing'][0]} of {found['agreeing'][1]}"
        for size, title, found in _each(results)
        if "agreeing" in found and found is not results["sizes"][size.replace(",", "")].get(US)
    ]
    told = f"Queries with the same total and facets as ours: {'; '.join(same)}." if same else ""
    return "\n".join([*lines, "", told])


def _web(results: dict[str, Any]) -> str:
    rows = []
    for title, found in results["web"].items():
        for kind, by_clients in found["pages"].items():
            for clients, s in by_clients.items():
                times = [
                    figure(s["per_second"]),
                    pair(s),
                    figure(s["bytes"] / 1000),
                    f"{s['requests']:,}",
                    str(s["wrong"]),
                ]
                rows.append((kind, int(clients), [f"{kind}, {clients} at once: {WEB_TITLES[title]}", *times]))
    rows.sort(key=lambda row: (list(found["pages"]).index(row[0]), row[1]))
    memory = "; ".join(f"{WEB_TITLES[title]} {found['memory']:.0f} MiB" for title, found in results["web"].items())
    head = ["", "answers/s", "ms p50 / p95", "kB a page, as sent", "answers measured", "not answered with 200"]
    return table(head, [row for _kind, _clients, row in rows]) + f"\nMemory of all processes at the end: {memory}.\n"


def write(results: dict[str, Any], folder: Path) -> Path:
    path = folder / "benchmarks.md"
    path.write_text(page(results))
    return path
