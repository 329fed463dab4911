"""docs/img/capacity.svg: work for a page, pages a second, and waiting, by number of passages; for black and white."""

from collections.abc import Callable, Sequence
from typing import Any

import matplotlib

matplotlib.use("svg")
from matplotlib import pyplot
from matplotlib.lines import Line2D

from tests.bench.plots import NOTHING, STYLE
from tests.cluster.growth.report import CHECKOUT, CLIENTS, SLOW, TITLES, found, p95, reached, work

PLOT = CHECKOUT / "docs" / "img" / "capacity.svg"
LINES = {"whoosh": ("-", "0.0"), "opensearch1": ("--", "0.35"), "opensearch3": (":", "0.35")}
FILLS = {"whoosh": "0.0", "opensearch1": "1.0", "opensearch3": "0.7"}
MARKS = dict(zip(CLIENTS, "os^", strict=True))
PANELS: dict[str, Callable[[dict[str, Any]], float]] = {
    "ms of work for a page, site + nodes": work,
    "pages a second": lambda page: page["per_second"],
    "ms by the clock, 95th percentile": lambda page: page["p95"],
}
Sizes = Sequence[tuple[int, dict[str, Any]]]


def draw(sizes: Sizes) -> None:
    """Write the plot."""
    PLOT.parent.mkdir(parents=True, exist_ok=True)
    with pyplot.rc_context(STYLE):
        figure, panels = pyplot.subplots(1, len(PANELS), figsize=(11, 3.8), layout="constrained")
        for axes, (title, value) in zip(panels, PANELS.items(), strict=True):
            _panel(axes, sizes, title, value)
        _end(panels[-1], sizes)
        lines = [Line2D([], [], linestyle=LINES[name][0], color=LINES[name][1], label=TITLES[name]) for name in TITLES]
        clients = [
            Line2D([], [], linestyle="", marker=mark, color="0.2", label=f"clients: {number}")
            for number, mark in MARKS.items()
        ]
        figure.legend(handles=[*lines, *clients], loc="outside lower center", ncols=6)
        figure.savefig(PLOT, metadata=NOTHING)
        pyplot.close(figure)
    PLOT.write_text("\n".join(line.rstrip() for line in PLOT.read_text().splitlines()) + "\n")


def _panel(axes: Any, sizes: Sizes, title: str, value: Callable[[dict[str, Any]], float]) -> None:
    for name, (style, shade) in LINES.items():
        for clients, mark in MARKS.items():
            points = [(size, value(engine["pages"][clients])) for size, other, engine in found(sizes) if other == name]
            if points:
                filled = FILLS[name]
                axes.plot(*zip(*points, strict=True), style, color=shade, marker=mark, markerfacecolor=filled)
    axes.set(xscale="log", yscale="log", xlabel="passages", title=title)


def _end(axes: Any, sizes: Sizes) -> None:
    """Where the wait on one machine comes to what is slow, as the last two sizes let one expect."""
    points = p95(sizes, "whoosh", "4")
    axes.axhline(SLOW, color="0.6", linewidth=0.8)
    if len(points) < 2:
        return
    end, power = reached(points, SLOW)
    last_size, last = points[-1]
    if power > 0 and end > last_size:
        axes.plot([last_size, end], [last, SLOW], color="0.0", linewidth=0.8, dashes=(1, 3))
        axes.plot([end], [SLOW], marker="x", color="0.0")
        told = "Whoosh, 4 clients:\nextrapolated"
        link = {"arrowstyle": "-", "linewidth": 0.6, "shrinkB": 4}
        axes.annotate(told, (end, SLOW), (6, -120), textcoords="offset points", ha="right", arrowprops=link)
