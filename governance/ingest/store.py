"""Blocks become the passages of a source, in one transaction, and anchors keep their meaning."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from django.db import transaction

from governance.ingest import anchors
from governance.ingest.blocks import Block
from governance.ingest.folding import fold
from governance.ingest.residue import Proposal, propose
from governance.models import Citation, Passage, Source
from governance.models.passage import Marks

BATCH = 500


@dataclass
class Account:
    """What an ingest did or would do, by paragraph number; `numbers` are those of the blocks, in their order."""

    total: int = 0
    numbers: list[int] = field(default_factory=list)
    added: list[int] = field(default_factory=list)
    changed: list[int] = field(default_factory=list)
    moved: list[int] = field(default_factory=list)
    removed: list[int] = field(default_factory=list)
    kinds: dict[str, int] = field(default_factory=dict)
    proposals: list[Proposal] = field(default_factory=list)
    broken: list[Citation] = field(default_factory=list)

    @property
    def is_idle(self) -> bool:
        """The text is already there as it is in the file."""
        return not (self.added or self.changed or self.moved or self.removed)


class Refused(Exception):
    """Citations would point at other words; `account.broken` lists them. Nothing was written."""

    def __init__(self, account: Account) -> None:
        super().__init__()
        self.account = account


def ingest(
    source: Source,
    blocks: Sequence[Block],
    *,
    force: bool = False,
    renumber: bool = False,
    dry_run: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> Account:
    """Make `blocks` the text of `source`: all of it or, when anything fails, nothing.

    A cited paragraph whose words would change or go raises Refused, unless `force`. `renumber` gives up old numbers
    and counts from 1. With `dry_run` the account is all there is. `progress` is told rows written and rows in all.
    """
    with transaction.atomic():
        source = Source.objects.select_for_update(of=("self",)).get(pk=source.pk)
        old = {passage.number: passage for passage in source.passages.all()}
        ordered = [] if renumber else [(passage.number, passage.text) for passage in old.values()]
        numbers = anchors.number(ordered, [block.text for block in blocks], _cited(source) if ordered else ())
        new = {
            number: Passage(source=source, number=number, position=place, form=block.form.value, text=block.text)
            for place, (number, block) in enumerate(zip(numbers, blocks, strict=True), 1)
        }
        account = _account(source, old, new, list(zip(numbers, blocks, strict=True)))
        if dry_run:
            return account
        if account.broken and not force:
            raise Refused(account)
        _write(old, new, progress or (lambda done, of: None))
    return account


def _cited(source: Source) -> set[int]:
    cited = Citation.objects.filter(source=source).values_list("paragraph", flat=True)
    return {number for number in cited if number is not None}


def _account(source: Source, old: dict, new: dict, numbered: list[tuple[int, Block]]) -> Account:
    marks = Marks.of(source)
    account = Account(total=len(new), numbers=list(new), proposals=propose(numbered, marks.residue))
    for number, passage in new.items():
        before = old.get(number)
        if before is None:
            account.added.append(number)
        elif (before.text, before.form) != (passage.text, passage.form):
            account.changed.append(number)
        elif before.position != passage.position:
            account.moved.append(number)
        kind = marks.kind(number, passage.form)
        account.kinds[kind] = account.kinds.get(kind, 0) + 1
    account.removed = [number for number in old if number not in new]
    lost = [n for n in account.removed + account.changed if n not in new or fold(old[n].text) != fold(new[n].text)]
    if lost:
        cited = Citation.objects.filter(source=source, paragraph__isnull=False).select_related("record", "source")
        lost_numbers = set(lost)
        account.broken = [c for c in cited.order_by("paragraph", "record__title") if c.paragraph in lost_numbers]
    return account


def _write(old: dict[int, Passage], new: dict[int, Passage], progress: Callable[[int, int], None]) -> None:
    """Bring the rows from `old` to `new`; rows that are as they should be are not touched."""
    gone = [passage.pk for number, passage in old.items() if number not in new]
    fresh, changed = [], []
    for number, passage in new.items():
        before = old.get(number)
        if before is None:
            fresh.append(passage)
        elif (before.text, before.form, before.position) != (passage.text, passage.form, passage.position):
            passage.pk = before.pk
            changed.append(passage)
    done, total = 0, len(gone) + len(changed) + len(fresh)
    for start in range(0, len(gone), BATCH):
        Passage.objects.filter(pk__in=gone[start : start + BATCH]).delete()
        progress(done := min(done + BATCH, len(gone)), total)
    for start in range(0, len(changed), BATCH):
        Passage.objects.bulk_update(changed[start : start + BATCH], ["text", "form", "position"])
        progress(done := done + len(changed[start : start + BATCH]), total)
    for start in range(0, len(fresh), BATCH):
        Passage.objects.bulk_create(fresh[start : start + BATCH])
        progress(done := done + len(fresh[start : start + BATCH]), total)
