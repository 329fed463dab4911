"""A small load generator: so many readers, each with one connection, each asking for the next page once it has one.

Bounded in time, on the loopback interface. Python's own streams are quick enough: what is measured is several times
slower than the client, and both sites meet the same one.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import cycle, islice
from math import inf
from typing import Any

from tests.bench.measure import percentile

HEADERS = "Accept: text/html\r\nAccept-Encoding: gzip, br\r\nAccept-Language: en\r\n"
LONGEST_WAIT = 30.0  # seconds for one answer


@dataclass
class Traffic:
    """What came back: ms to each answer, how many of each status (0: none), and bytes of bodies."""

    seconds: float
    times: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    size: int = 0

    def summary(self) -> dict[str, Any]:
        wrong = sum(count for status, count in self.statuses.items() if status != 200)
        return {
            "per_second": len(self.times) / self.seconds,
            "p50": percentile(self.times, 0.5) if self.times else None,
            "p95": percentile(self.times, 0.95) if self.times else None,
            "requests": len(self.times),
            "wrong": wrong,
            "bytes": self.size // max(1, len(self.times)),
        }


def load(port: int, paths: Sequence[str], clients: int, seconds: float) -> Traffic:
    """Have `clients` readers ask for `paths` in turn, each beginning elsewhere, for some seconds."""
    with ThreadPoolExecutor(1) as thread:  # whoever calls may have an event loop of their own
        return thread.submit(asyncio.run, _load(port, paths, clients, seconds)).result()


def ask_all(port: int, paths: Sequence[str], clients: int) -> Traffic:
    """Have each of `clients` readers ask for all of `paths` once, so that each process of a site has made them."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, _load(port, paths, clients, inf, len(paths))).result()


async def _load(port: int, paths: Sequence[str], clients: int, seconds: float, each: int | None = None) -> Traffic:
    began = time.perf_counter()
    traffic, until = Traffic(seconds), began + seconds
    starts = [number * len(paths) // clients for number in range(clients)]
    asked = [islice(cycle(paths), start, None if each is None else start + each) for start in starts]
    await asyncio.gather(*(_read(port, some, until, traffic) for some in asked))
    traffic.seconds = time.perf_counter() - began  # the last answers came later
    return traffic


async def _read(port: int, paths, until: float, traffic: Traffic) -> None:
    """One reader; whoever is not answered or cut off counts as status 0 and connects again."""
    writer = None
    for path in paths:
        started = time.perf_counter()
        if started >= until:
            break
        try:
            async with asyncio.timeout(LONGEST_WAIT):
                if writer is None:
                    reader, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{HEADERS}\r\n".encode())
                status, size, stays = await _answer(reader)
        except (OSError, EOFError, TimeoutError):
            status, size, stays = 0, 0, False
        traffic.times.append((time.perf_counter() - started) * 1000)
        traffic.statuses[status] += 1
        traffic.size += size
        if not stays and writer is not None:
            writer.close()
            writer = None
    if writer is not None:
        writer.close()


async def _answer(reader: asyncio.StreamReader) -> tuple[int, int, bool]:
    """Read one answer: its status, the bytes of its body, and whether the connection stays open."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    lines = head.split("\r\n")
    fields = dict(line.split(": ", 1) for line in lines[1:] if ": " in line)
    size = 0
    if "chunked" in fields.get("transfer-encoding", ""):
        while length := int(await reader.readuntil(b"\r\n"), 16):
            await reader.readexactly(length + 2)
            size += length
        await reader.readexactly(2)
    elif "content-length" in fields:
        size = int(fields["content-length"])
        await reader.readexactly(size)
    else:
        size = len(await reader.read())
    stays = "close" not in fields.get("connection", "") and (
        "content-length" in fields or "transfer-encoding" in fields
    )
    return int(lines[0].split()[1]), size, stays
