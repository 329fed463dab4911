"""The plots of the page of results, as SVG: https://matplotlib.org/"""

from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("svg")
from matplotlib import pyplot

from tests.bench.peers import PEERS
from tests.bench.report import WEB_TITLES

STYLE = {"svg.fonttype": "none", "svg.hashsalt": "benchmarks", "font.size": 9, "axes.grid": True, "grid.alpha": 0.3}
NOTHING = {"Creator": None, "Date": None}
MARKS = "osD^vP"


def draw(results: dict[str, Any], folder: Path) -> None:
    """Write `benchmarks-pages.svg` and `benchmarks-web.svg`, as far as there is something to show."""
    folder.mkdir(parents=True, exist_ok=True)
    with pyplot.rc_context(STYLE):
        if results["sizes"]:
            _save(_pages(results["sizes"]), folder / "benchmarks-pages.svg")
        if results.get("web"):
            _save(_web(results["web"]), folder / "benchmarks-web.svg")


def _save(figure, path: Path) -> None:
    figure.savefig(path, metadata=NOTHING, bbox_inches="tight")
    pyplot.close(figure)
    path.write_text("\n".join(line.rstrip() for line in path.read_text().splitlines()) + "\n")


def _pages(sizes: dict[str, Any]):
    figure, axes = pyplot.subplots(1, 2, figsize=(9, 3.6), sharey=True)
    for axis, kept, title in zip(axes, ("first", "warm"), ("First touch", "Warm"), strict=True):
        for mark, name in zip(MARKS, PEERS, strict=True):
            points = [
                (int(size), peers[name][kept]["all"]["p50"])
                for size, peers in sizes.items()
                if kept in peers.get(name, {}) and "failed" not in peers[name]
            ]
            if points:
                width = 2.5 if name == "ours" else 1
                axis.plot(*zip(*points, strict=True), marker=mark, linewidth=width, label=PEERS[name].title)
        axis.set(xscale="log", yscale="log", title=title, xlabel="passages")
    axes[0].set_ylabel("ms for a page of results, median")
    figure.legend(*axes[1].get_legend_handles_labels(), loc="lower center", ncols=3, bbox_to_anchor=(0.5, -0.12))
    return figure


def _web(sites: dict[str, Any]):
    kinds = list(next(iter(sites.values()))["pages"])
    figure, axes = pyplot.subplots(1, len(kinds), figsize=(9, 3), sharey=True)
    for axis, kind in zip(axes, kinds, strict=True):
        for place, (title, found) in enumerate(sites.items()):
            by_clients = found["pages"][kind]
            spots = [number + 0.27 * (place - 1) for number in range(len(by_clients))]
            axis.bar(spots, [s["per_second"] for s in by_clients.values()], 0.25, label=WEB_TITLES[title])
        axis.set(title=kind.capitalize(), xlabel="readers at once")
        axis.set_xticks(range(len(by_clients)), list(by_clients))
    axes[0].set_ylabel("answers per second")
    figure.legend(*axes[0].get_legend_handles_labels(), loc="lower center", ncols=3, bbox_to_anchor=(0.5, -0.12))
    return figure
