"""Figures for Prometheus, at `/metrics` with METRICS=on: requests by view and status, durations, and what is ready.

Text format: https://prometheus.io/docs/instrumenting/exposition_formats/. Each worker process keeps its own figures in
a file of its own; whoever is asked adds them up. No figure knows who asked for what.
"""

import json
import os
import threading
import time
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse

from governance import readiness
from governance.pages.http import reading

BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)  # seconds
PREFIX = "migration_governance"
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


def folder() -> Path:
    """Where the processes keep their files; emptied when the server starts (`governance.server`)."""
    return settings.DATA_DIR / "metrics"


class Figures:
    """What one process has counted; keys are a view and a status, or a view and the number of a bucket."""

    def __init__(self) -> None:
        self.requests: Counter[str] = Counter()
        self.buckets: Counter[str] = Counter()
        self.seconds: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._name = f"{os.getpid()}-{time.time_ns():x}.json"

    def observe(self, view: str, status: int, seconds: float) -> None:
        """Count one request. A disk that is full costs figures, not the answer."""
        with self._lock:
            self.requests[f"{view} {status}"] += 1
            self.buckets[f"{view} {bisect_left(BOUNDS, seconds)}"] += 1
            self.seconds[view] += seconds  # type: ignore[assignment]  # a Counter adds any numbers
            try:
                self._write()
            except OSError:
                pass

    def _write(self) -> None:
        path = folder() / self._name
        path.parent.mkdir(mode=0o700, exist_ok=True)
        draft = path.with_suffix(".part")
        draft.write_text(json.dumps([self.requests, self.buckets, self.seconds]))
        draft.replace(path)

    @classmethod
    def of_all(cls) -> "Figures":
        """The sum over all processes, those that have ended too: a counter never goes back."""
        total = cls()
        for path in folder().glob("*.json"):
            for counter, part in zip(
                (total.requests, total.buckets, total.seconds), json.loads(path.read_text()), strict=True
            ):
                counter.update(part)
        return total


class MetricsMiddleware:
    """Times every request, from the outside. Does nothing at all unless METRICS=on."""

    def __init__(self, get_response) -> None:
        self.get_response = get_response
        self.figures = Figures()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not settings.METRICS:
            return self.get_response(request)
        started = time.monotonic()
        response = self.get_response(request)
        match = request.resolver_match
        self.figures.observe(match.view_name if match else "none", response.status_code, time.monotonic() - started)
        return response


@reading()
def metrics(request: HttpRequest) -> HttpResponse:
    """All figures as text; 404 unless METRICS=on."""
    if not settings.METRICS:
        raise Http404
    return HttpResponse("".join(f"{line}\n" for line in _lines()), content_type=CONTENT_TYPE)


def _lines() -> Iterator[str]:
    figures = Figures.of_all()
    yield from _head("requests_total", "counter", "Requests answered, by view and status.")
    for key, count in sorted(figures.requests.items()):
        view, status = key.rsplit(" ", 1)
        yield f'{PREFIX}_requests_total{{view="{view}",status="{status}"}} {count}'
    yield from _head("request_seconds", "histogram", "Time to answer, by view.")
    for view in sorted(figures.seconds):
        yield from _histogram(view, figures)
    yield from _readiness()


def _histogram(view: str, figures: Figures) -> Iterator[str]:
    count = 0
    for number, bound in enumerate((*BOUNDS, "+Inf")):
        count += figures.buckets[f"{view} {number}"]
        yield f'{PREFIX}_request_seconds_bucket{{view="{view}",le="{bound}"}} {count}'
    yield f'{PREFIX}_request_seconds_sum{{view="{view}"}} {figures.seconds[view]:.6f}'
    yield f'{PREFIX}_request_seconds_count{{view="{view}"}} {count}'


def _readiness() -> Iterator[str]:
    report = readiness.report()
    yield from _head("ready", "gauge", "Whether a part of the site can do its work.")
    for part in sorted({*report.parts, *report.problems}):
        yield f'{PREFIX}_ready{{part="{part}"}} {int(report.answers(part))}'
    yield from _head("behind_changes", "gauge", "Changes that a part had still to take in.")
    for part, told in sorted(report.parts.items()):
        if told.get("behind") is not None:
            yield f'{PREFIX}_behind_changes{{part="{part}"}} {told["behind"]}'


def _head(name: str, kind: str, text: str) -> Iterator[str]:
    yield f"# HELP {PREFIX}_{name} {text}"
    yield f"# TYPE {PREFIX}_{name} {kind}"
