"""Proof that the index says what the database says: nothing missing, nothing stale, nothing orphaned."""

from dataclasses import dataclass

from governance.models import Record
from search.documents import documents_of
from search.engines import get_engine
from search.sync import catch_up


@dataclass(frozen=True)
class Difference:
    """Keys of documents, sorted. It is true when there is a difference."""

    missing: list[str]
    stale: list[str]
    orphaned: list[str]
    documents: int

    def __bool__(self) -> bool:
        return bool(self.missing or self.stale or self.orphaned)


def compare() -> Difference:
    """Read all of the index and all of the database. What is only waiting in the log is applied first and counts as no
    difference. Raises IndexUnusable when there is no index or a file of it is damaged."""
    engine = get_engine()
    engine.status(thorough=True)
    catch_up()
    filed = engine.filed()
    missing, stale, seen = [], [], set()
    for document in documents_of(Record.objects.visible_to(None).order_by("pk").iterator(200)):
        seen.add(document.key)
        if document.key not in filed:
            missing.append(document.key)
        elif filed[document.key].digest != document.digest:
            stale.append(document.key)
    return Difference(sorted(missing), sorted(stale), sorted(filed.keys() - seen), len(filed))
