"""One address that asks ten times as often as everybody else together, and what it and the others are answered.

Its clients are a process of their own, so that they keep their pace whatever the readers do:
`python -m tests.drills.burst PORT RATE SECONDS` prints what they were answered.
"""

import json
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass
from itertools import count
from typing import Any

from tests.drills import traffic
from tests.drills.instance import Answer, Instance
from tests.drills.traffic import Figures, Person

RATE = "100/minute"  # pages that one address may have of each process, while the burst is on
TIMES = 10
ADDRESS = "198.51.100.1"
CLIENTS = 40
HASTE = 1.1  # clients aim a little higher, since some of their requests are late
_asked = count(1)


@dataclass
class Burst:
    """What came of it: `steady` is what all readers asked a second before the burst, `offered` what the burst did."""

    steady: float
    offered: float
    statuses: dict[str, int]
    unclear: list[str]
    others: list[str]
    back_after: float

    @property
    def times(self) -> float:
        return self.offered / self.steady

    def summary(self) -> str:
        seen = ", ".join(f"{count} × {status}" for status, count in sorted(self.statuses.items()))
        return (
            f"{self.offered:.1f} requests a second from one address, {self.times:.1f} times the {self.steady:.1f} of "
            f"all others: {seen}; served again {self.back_after:.0f} s later"
        )


def drill(
    instance: Instance, seconds: float, readers: int = 8, pause: float = 1, rate: str = RATE, moving: bool = False
) -> Burst:
    """Let readers read, then the burst beside them; they go on meanwhile and should not notice. Under a `rate`
    that is less than theirs they have to be `moving` from address to address."""
    instance.settings = {**instance.settings, "TRUSTED_PROXIES": "1", "PAGE_RATE": rate}
    before, meanwhile = Figures(), Figures()
    with instance.serving():
        with traffic.people(traffic.readers(instance, readers, before, moving), pause):
            time.sleep(seconds / 2)
        steady = before.statuses.total() / (seconds / 2)
        haste = HASTE * TIMES * steady
        with traffic.people(traffic.readers(instance, readers, meanwhile, moving), pause):
            command = ("-m", "tests.drills.burst", str(instance.port), str(haste), str(seconds))
            seen = json.loads(instance.run(*command, timeout=600 + seconds).stdout)
        back_after = _served_again(Person(instance.port, address=ADDRESS), seen["wait"])
    offered = sum(seen["statuses"].values()) / seconds
    others = [*before.failed, *meanwhile.failed]
    return Burst(steady, offered, seen["statuses"], seen["unclear"], others, back_after)


def clients(port: int, rate: float, seconds: float) -> dict[str, Any]:
    """Ask `rate` times a second, in turns, whatever is answered; those that are late catch up."""
    statuses: Counter[int] = Counter()
    unclear: list[str] = []
    waits = [0]
    lock = threading.Lock()
    began = time.monotonic()

    def ask(number: int) -> None:
        person = Person(port, address=ADDRESS)
        for turn in count():
            due = (turn * CLIENTS + number) / rate
            if turn and (due >= seconds or time.monotonic() - began >= seconds):
                return  # each has asked once, on however slow a machine
            time.sleep(max(0, began + due - time.monotonic()))
            answer = person.ask("GET", _search())
            with lock:
                statuses[answer.status] += 1
                waits.append(_wait(answer))
                if answer.status not in (200, 429) or (answer.status == 429 and waits[-1] < 1):
                    unclear.append(f"{answer.status} {answer.headers} {answer.body[:200]}")

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return {"statuses": statuses, "unclear": unclear[:5], "wait": waits[-1]}


def _search() -> str:
    """What nobody asked for before, since kept pages are free."""
    return f"/search/?q=agreement+{time.time_ns()}{next(_asked)}"


def _wait(answer: Answer) -> int:
    return int(answer.headers.get("Retry-After", "0"))


def _served_again(person: Person, wait: int) -> float:
    """Come back when it was said, as often as that is; seconds until a page came."""
    began = time.monotonic()
    for _attempt in range(60):
        time.sleep(wait)
        answer = person.ask("GET", _search())
        if answer.status == 200:
            return time.monotonic() - began
        wait = max(1, _wait(answer))
    raise AssertionError("the address was never served again")


if __name__ == "__main__":
    print(json.dumps(clients(int(sys.argv[1]), float(sys.argv[2]), float(sys.argv[3]))))
