"""kill -9 at random moments: `python -m tests.drills.crashes TIMES` in the environment of an instance.

Each time one process is killed while it saves, loads, imports a table, takes in a source's text, indexes (with merges
of segments), rebuilds or backs up. Afterwards, without repair, index and database must agree (or the index says itself
that it has to be built anew), nothing that was acknowledged may be lost, and nothing may stand twice. The kinds of work
take turns.
"""

import json
import random
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from itertools import count
from pathlib import Path
from typing import Any

from django.conf import settings

from tests.drills import knowledge
from tests.drills.children import Acknowledged, ask, kill_after, took


@dataclass(frozen=True)
class Work:
    """What is killed: `once` does it one time, and notes what was acknowledged; `before` makes something to do."""

    name: str
    once: Callable[[Acknowledged], Any]
    before: Callable[[], Any] = lambda: None


def save(acknowledged: Acknowledged) -> None:
    from governance.knowledge import apply

    number = random.randrange(knowledge.AGREEMENTS)
    version = knowledge.versions(number)[0] + 1
    apply(knowledge.agreement(number, version))
    acknowledged.note(number, version)


def load(acknowledged: Acknowledged) -> None:
    version = max(knowledge.versions()) + 1
    knowledge.load(version)
    for number in range(knowledge.AGREEMENTS):
        acknowledged.note(number, version)


def import_table(acknowledged: Acknowledged) -> None:
    """A dry run, and the records of the file one by one; what was begun before is gone on with first."""
    from governance.importing.run import run
    from governance.models import Import, ImportState

    for stopped in Import.objects.filter(state=ImportState.RUNNING):
        run(stopped)
    version = max(knowledge.imported_versions(), default=0) + 1
    knowledge.import_file(version)
    acknowledged.note("imported", version)


def ingest(acknowledged: Acknowledged) -> None:
    version = knowledge.text_version() + 1
    knowledge.ingest(version)
    acknowledged.note("text", version)


def save_and_index(acknowledged: Acknowledged) -> None:
    from search.sync import catch_up

    save(acknowledged)
    catch_up()


def sync(acknowledged: Acknowledged) -> None:
    from search.sync import catch_up

    backlog()
    catch_up()


def backlog() -> None:
    from governance.knowledge import apply

    for number in random.sample(range(knowledge.AGREEMENTS), 5):
        apply(knowledge.agreement(number, knowledge.versions(number)[0] + 1))


def rebuild(acknowledged: Acknowledged) -> None:
    from search import sync

    sync.rebuild()


def back_up(acknowledged: Acknowledged) -> None:
    from governance import backup

    backup.save(backup_path())


def backup_path() -> Path:
    return settings.DATA_DIR / "drill.tar.gz"


WORKS = (
    Work("saving", save),
    Work("importing (load_knowledge)", load),
    Work("importing (import_records)", import_table),
    Work("ingesting a text (ingest_source)", ingest),
    Work("saving and index commit", save_and_index),
    Work("catching up (search_sync)", sync, backlog),
    Work("rebuilding (search_rebuild)", rebuild, backlog),
    Work("backing up", back_up),
)


def forever(work: Work, acknowledged: Acknowledged, seed: int) -> Callable[[], None]:
    def run() -> None:
        random.seed(seed)
        while True:
            work.once(acknowledged)

    return run


def examine(acknowledged: list[list]) -> dict[str, Any]:
    """How index and database stand after a crash; in a process that knows nothing of before."""
    from governance import backup
    from governance.models import Record, Revision
    from search.checking import compare
    from search.engines import IndexUnusable
    from search.sync import rebuild

    healed = ""
    try:
        difference = compare()
    except IndexUnusable as problem:
        healed = str(problem)
        rebuild(unless_usable=True)  # as the next start and the next reader do
        difference = compare()
    versions = knowledge.versions()
    stored = dict(enumerate(versions))
    stored |= {"imported": min(knowledge.imported_versions(), default=0), "text": knowledge.text_version()}
    lost = [entry for entry in acknowledged if stored[entry[0]] < entry[1]]
    numbers = Counter(Revision.objects.values_list("record_id", flat=True))
    gaps = [pk for pk, number in Revision.objects.values_list("record_id", "number") if number > numbers[pk]]
    records = Record.objects.exclude(slug__startswith="imported-").count()
    if backup_path().exists():
        backup.archive.verify(backup_path())
    return {
        "healed": healed,
        "difference": [*difference.missing, *difference.stale, *difference.orphaned],
        "lost": lost,
        "doubled": len(gaps) + abs(records - len(list(knowledge.whole(0)))) + abs(written_by_imports()),
        "versions": versions,
    }


def written_by_imports() -> int:
    """How many more revisions the imported records have than imports say they wrote: none, whenever it was killed."""
    from governance.models import ImportedRecord, Progress, Revision

    done = ImportedRecord.objects.filter(progress=Progress.DONE)
    return Revision.objects.filter(record__slug__startswith="imported-").count() - done.count()


def whole_or_not_at_all(before: list[int], after: list[int]) -> bool:
    """After a crash in an import: every agreement as it was, or all in one version."""
    return before == after or len(set(after)) == 1


def drill(times: int, seed: int) -> dict[str, Any]:
    """Kill `times` times, the works in turn; returns what was counted and every failure in words."""
    random.seed(seed)
    acknowledged = Acknowledged(settings.DATA_DIR / "acknowledged")
    spans = {work: span(work) for work in WORKS}
    counted: Counter[str] = Counter()
    failures, healed = [], []
    state = ask(lambda: examine([]))
    for number in count():
        if number >= times:
            break
        work = WORKS[number % len(WORKS)]
        acknowledged.forget()
        ask(work.before)
        before = ask(lambda: examine([]))["versions"] if work.once is load else []
        delay = random.uniform(0, spans[work])
        counted["killed"] += kill_after(forever(work, acknowledged, seed + number), delay)
        noted = acknowledged.read()
        state = ask(lambda noted=noted: examine(noted))
        counted[work.name] += 1
        counted["acknowledged"] += len(noted)
        if state["healed"]:
            healed.append(f"{work.name} killed after {delay:.3f} s of work: {state['healed']}")
        for fault in ("difference", "lost", "doubled"):
            if state[fault]:
                failures.append(f"{work.name} killed after {delay:.3f} s of work: {fault} {state[fault]}")
        if before and not whole_or_not_at_all(before, state["versions"]):
            failures.append(f"{work.name} killed after {delay:.3f} s of work: half an import, {state['versions']}")
    return {"counted": dict(counted), "healed": healed, "failures": failures, "folders": folders()}


def span(work: Work) -> float:
    """How long to let it work at most: twice as long as doing it once takes."""
    ask(work.before)
    return 0.02 + 2 * took(lambda: work.once(Acknowledged(settings.DATA_DIR / "acknowledged")))


def folders() -> int:
    """Folders of indexes that are left; a rebuild tidies up what killed ones left behind."""
    from search.sync import rebuild

    ask(rebuild)
    assert settings.SEARCH.path is not None
    return sum(path.is_dir() for path in settings.SEARCH.path.iterdir())


def prepare() -> None:
    """Import once what every process needs, so that each is at its work at once."""
    import django
    from django.urls import reverse

    django.setup()
    for module in ("governance.backup", "governance.knowledge", "search.checking", "search.engines.whoosh.engine"):
        import_module(module)
    reverse("home")


if __name__ == "__main__":
    prepare()
    result = drill(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else random.randrange(10**6))
    print(json.dumps(result))
    sys.exit(bool(result["failures"]))
