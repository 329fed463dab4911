"""The tables of docs/capacity.md, between their marks, made of docs/capacity.json."""

import json
import math
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

CHECKOUT = Path(__file__).resolve().parent.parent.parent.parent
GUIDE, FIGURES = CHECKOUT / "docs" / "capacity.md", CHECKOUT / "docs" / "capacity.json"
TITLES = {"whoosh": "Whoosh", "opensearch1": "OpenSearch, 1 node", "opensearch3": "OpenSearch, 3 nodes"}
CLIENTS = ("1", "4", "16")
SLOW = 200.0  # ms for a page, of the 95th percentile: longer than people take for at once
DEAR = 40.0  # ms of work for a page
CACHE, DISK = 6 << 30, 40 << 30  # bytes that a machine of 8 GiB and 80 GiB has for an index, with room to build anew
Points = list[tuple[int, float]]


def write() -> None:
    """Make tables and plot anew."""
    from tests.cluster.growth.plot import draw

    sizes = measured()
    text = GUIDE.read_text()
    for name, rows in (("pages", pages(sizes)), ("building", building(sizes)), ("ends", ends(sizes))):
        table = "\n".join(rows)
        text = re.sub(rf"(<!-- {name} -->\n).*?(\n<!-- /{name} -->)", rf"\g<1>{table}\g<2>", text, flags=re.DOTALL)
    GUIDE.write_text(text)
    draw(sizes)


def measured() -> list[tuple[int, dict[str, Any]]]:
    """The figures by engine for each size, the smallest first."""
    sizes = json.loads(FIGURES.read_text())["sizes"]
    return sorted((int(size), engines) for size, engines in sizes.items())


def found(sizes: Sequence[tuple[int, dict[str, Any]]]) -> Iterator[tuple[int, str, dict[str, Any]]]:
    for size, engines in sizes:
        for name in TITLES:
            if name in engines:
                yield size, name, engines[name]


def pages(sizes: Sequence[tuple[int, dict[str, Any]]]) -> Iterator[str]:
    yield "| passages | index | clients | pages a second | ms, p50 / p95 | ms of work: site + nodes | others' cores |"
    yield "| ---: | --- | ---: | ---: | ---: | ---: | ---: |"
    for size, name, engine in found(sizes):
        for clients in CLIENTS:
            page = engine["pages"][clients]
            late = f", {page['unanswered']} not answered" if page.get("unanswered") else ""
            yield (
                f"| {size:,} | {TITLES[name]} | {clients} | {short(page['per_second'])} "
                f"| {short(page['p50'])} / {short(page['p95'])}{late} | {added(page)} | {page['others']:.1f} |"
            )


def building(sizes: Sequence[tuple[int, dict[str, Any]]]) -> Iterator[str]:
    yield (
        "| passages | index | built, passages a second | ms of work for one: site + nodes | KB on disk of one "
        "| MiB of the process that builds / that serves / of each node | ms until a change is found, p50 / p95 |"
    )
    yield "| ---: | --- | ---: | ---: | ---: | ---: | ---: |"
    for size, name, engine in found(sizes):
        build, memory, update = engine.get("build"), engine["memory"], engine["update"]
        rate = work = highest = "–"
        if build:
            each = {"site": build["site"] * 1000 / size, "nodes": [n * 1000 / size for n in build["nodes"]]}
            rate, work, highest = short(size / build["seconds"]), added(each), short(build["memory"])
        nodes = f" / {' + '.join(short(mib) for mib in memory['nodes'])}" if memory["nodes"] else ""
        yield (
            f"| {size:,} | {TITLES[name]} | {rate} | {work} | {short(engine['bytes'] / size / 1000)} "
            f"| {highest} / {short(max(memory['site']))}{nodes} | {short(update['p50'])} / {short(update['p95'])} |"
        )


def ends(sizes: Sequence[tuple[int, dict[str, Any]]]) -> Iterator[str]:
    """Where an index inside the site reaches what a small machine has; beyond what was measured, as from one of the
    last two sizes to the other."""
    held = [(size, float(engines["whoosh"]["bytes"])) for size, engines in sizes if "whoosh" in engines]
    built = [(size, engines["whoosh"]["build"]["site"]) for size, engines in sizes if "whoosh" in engines]
    waits = [(f"p95 is {SLOW:.0f} ms, clients at once: {n}", p95(sizes, "whoosh", n), SLOW) for n in CLIENTS]
    yield "| with Whoosh | at, passages | known by | grows with passages to the power of |"
    yield "| --- | ---: | --- | ---: |"
    for what, points, limit in (
        *waits,
        (f"a page is {DEAR:.0f} ms of work: two cores make {2000 / DEAR:.0f} a second", worth(sizes, "16"), DEAR),
        (f"the index fills {CACHE >> 30} GiB of file cache", held, CACHE),
        (f"the index fills {DISK >> 30} GiB of disk", held, DISK),
        ("building it anew is an hour of work of one core", built, 3600.0),
    ):
        size, power = reached(points, limit)
        told = "extrapolated" if size > points[-1][0] else "between sizes measured"
        yield f"| {what} | {rounded(size)} | {told} | {power:.2f} |"


def p95(sizes: Sequence[tuple[int, dict[str, Any]]], name: str, clients: str) -> Points:
    return [(size, engine["pages"][clients]["p95"]) for size, other, engine in found(sizes) if other == name]


def worth(sizes: Sequence[tuple[int, dict[str, Any]]], clients: str) -> Points:
    return [(size, work(engine["pages"][clients])) for size, name, engine in found(sizes) if name == "whoosh"]


def reached(points: Points, limit: float) -> tuple[float, float]:
    """Where a curve comes to a limit, and its exponent there: between the sizes where it does or, beyond the last, if
    it goes on as between the last two."""
    before = next((n for n, (_size, value) in enumerate(points) if value >= limit), len(points) - 1) or 1
    (size, value), (next_size, next_value) = points[before - 1 : before + 1]
    power = math.log(next_value / value) / math.log(next_size / size)
    return (next_size * (limit / next_value) ** (1 / power) if power > 0 else math.inf), power


def work(page: dict[str, Any]) -> float:
    """ms of work for a page, wherever it is done."""
    return page["site"] + sum(page["nodes"])


def added(page: dict[str, Any]) -> str:
    return " + ".join([short(page["site"]), *(short(node) for node in page["nodes"])])


def short(value: float) -> str:
    """A number to two or three figures."""
    return f"{value:,.0f}" if value >= 20 else f"{value:.1f}"


def rounded(value: float) -> str:
    """A number to two figures."""
    return f"{float(f'{value:.1e}'):,.0f}"
