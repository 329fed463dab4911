"""The dry run: what an import would do with every row, and why, before anything is written.

The same plan is shown, stored and run: what was shown is what is written, or the run says that it is not.
"""

from collections.abc import Callable

from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from governance.curation import rules
from governance.importing import names, units
from governance.importing.account import differences, speaking_of
from governance.importing.duplicates import Duplicates, profile
from governance.importing.explain import explain
from governance.importing.heads import starts
from governance.importing.merge import merge
from governance.importing.planned import Key, Plan, PlannedRow, Target
from governance.importing.rows import Entry
from governance.knowledge import check, compact, own
from governance.knowledge.lookup import Lookup
from governance.models import Outcome, Record
from governance.models.vocabulary import State, Type

Pair = tuple[Entry, PlannedRow]
Progress = Callable[[int, int], None]
NEW, SKIP = "new", "skip"
_BATCH = 200


class Planner:
    """Makes a plan from entries. `decisions` say for rows held back: new, skip, or the reference of the same record."""

    def __init__(self, decisions: dict[str, str] | None = None, progress: Progress | None = None) -> None:
        self.decisions = decisions or {}
        self.progress = progress or (lambda done, of: None)
        self.lookup = Lookup(everything=True)
        self.plan = Plan()
        self.duplicates: dict[str, Duplicates] = {}
        self.existing: dict[Key, tuple[str, int]] = {}
        self.titles: dict[str, str] = {}
        for type_, slug, title, pk in Record.objects.values_list("type", "slug", "title", "pk"):
            self.existing[type_, slug.casefold()] = slug, pk
            self.titles[f"{type_}/{slug}"] = title
        self.slugs: dict[Key, int] = {}
        self.done = self.published = 0

    def make(self, entries: list[Entry]) -> Plan:
        """Plan every entry. New records are planned first, in the order of the rows, then changes record by record."""
        by_target: dict[int, list[Pair]] = {}
        self.total = len(entries)
        new: list[Pair] = []
        for entry in entries:
            row = PlannedRow(entry.number, entry.title[:400], Outcome.REFUSE, list(entry.faults) + list(entry.notes))
            self.plan.rows.append(row)
            if entry.faults:
                self._step()
                continue
            pk = self._existing(entry, row)
            if pk:
                by_target.setdefault(pk, []).append((entry, row))
            elif not entry.partial:
                new.append((entry, row))
        self._announce(new)
        with speaking_of(self.titles):
            for entry, row in new:
                self._create(entry, row)
            self._change_all(by_target)
        self._refuse_dangling()
        self._order()
        if self.published:
            self.plan.notices.append(
                ngettext(
                    "%d published record would change: readers see it as it is until the change is approved.",
                    "%d published records would change: readers see them as they are until the changes are approved.",
                    self.published,
                )
                % self.published
            )
        return self.plan

    def _step(self) -> None:
        self.done += 1
        self.progress(self.done, self.total)

    # Which record a row means

    def _existing(self, entry: Entry, row: PlannedRow) -> int | None:
        decision = self.decisions.get(str(entry.number), "")
        if "/" in decision:
            type_, _slash, slug = decision.partition("/")
            pk = self.lookup.find(type_, slug) if type_ == entry.type else None
            if pk:
                self._same_as(entry, slug)
            return pk
        if not entry.slug:
            return None
        slug, pk = self.existing.get((entry.type, entry.slug.casefold()), ("", None))
        if pk is None and (pk := self.lookup.find(entry.type, entry.slug)):
            row.messages.append(_("“%s” is the former address of the record.") % entry.slug)
        return pk

    def _same_as(self, entry: Entry, slug: str) -> None:
        """A row that a person declared to be an existing record: its title becomes another name of it."""
        entry.slug = slug
        title = entry.scalars.pop("title", "")
        if title and names.key(title) != names.key(self.titles.get(f"{entry.type}/{slug}", "")):
            entry.add("names", {"text": title, "language": "en", "kind": "alias", "loose": True})

    # New records

    def _announce(self, new: list[Pair]) -> None:
        """Give every new record its address, so that the rows may refer to each other."""
        for entry, row in new:
            if entry.slug and (entry.type, entry.slug.casefold()) in self.slugs:
                other = self.slugs[entry.type, entry.slug.casefold()]
                row.messages.append(_("Row %(n)d has the same address “%(slug)s”.") % {"n": other, "slug": entry.slug})
                row.key = ("", "")
                continue
            entry.slug = entry.slug or self._free_slug(entry)
            self.slugs[entry.type, entry.slug.casefold()] = entry.number
            self.lookup.promise(entry.type, entry.slug)

    def _free_slug(self, entry: Entry) -> str:
        stem = slugify(entry.title)[:100].strip("-") or slugify(
            "-".join([entry.type, *(p.partition("/")[2] for p in entry.parties)])
        )
        slug, n = stem, 2
        while (
            (entry.type, slug) in self.slugs
            or (entry.type, slug) in self.existing
            or self.lookup.find(entry.type, slug)
        ):
            slug, n = f"{stem}-{n}", n + 1
        return slug

    def _create(self, entry: Entry, row: PlannedRow) -> None:
        self._step()
        if row.key == ("", ""):
            row.key = None
            return
        key = (entry.type, entry.slug)
        written = (
            entry.document if entry.document is not None else merge({"type": entry.type, "slug": entry.slug}, entry)
        )
        after, faults = self._checked(written)
        faults = faults or _one_sided(after)
        if faults:
            row.messages += faults
            self._forget(key)
            return
        if self._held_back(entry, row, after):
            self._forget(key)
            return
        row.outcome, row.key = Outcome.CREATE, key
        row.messages += differences({}, written if entry.document is None else compact(after)) + _hindrances(after)
        self.plan.targets[key] = Target(entry.type, entry.slug, after)

    def _forget(self, key: Key) -> None:
        self.lookup.forget(*key)

    def _checked(self, written: dict) -> tuple[dict, list[str]]:
        """The document in its own form and what is wrong with it, in words."""
        problems = check({name: value for name, value in written.items() if name != "state"}, self.lookup)
        if problems:
            return {}, [explain(problem, written) for problem in problems]
        full = own(written)
        return full, [explain(problem, written) for problem in check(full, self.lookup)]

    def _held_back(self, entry: Entry, row: PlannedRow, after: dict) -> bool:
        """Hold a row that may be a record there is or a row before it, unless a person decided that it is new."""
        decision = self.decisions.get(str(entry.number), "")
        if entry.type not in _COMPARED:
            return False
        if entry.type not in self.duplicates:
            self.duplicates[entry.type] = Duplicates(entry.type)
        known = self.duplicates[entry.type]
        one = profile(_("row %d") % entry.number, after)
        likely = [] if decision == NEW or (entry.document is not None and not decision) else known.of(one)
        if decision == SKIP:
            row.outcome = Outcome.HOLD
            row.messages.append(_("Left out, as chosen."))
            return True
        if not likely:
            known.add(one)
            return False
        row.outcome = Outcome.HOLD
        row.duplicates = [other.who for other in likely if "/" in other.who]
        for other in likely:
            row.messages.append(
                _("Likely the same as %(who)s, “%(title)s”: %(reason)s.")
                % {"who": other.who, "title": other.title, "reason": other.reason}
            )
        return True

    # Records that are there

    def _change_all(self, by_target: dict[int, list[Pair]]) -> None:
        pks = sorted(by_target)
        for first in range(0, len(pks), _BATCH):
            for start in starts(pks[first : first + _BATCH]):
                self._change(start, by_target[start.pk])

    def _change(self, start, pairs: list[Pair]) -> None:
        key = (start.type, start.slug)
        before = now = compact(start.document)
        if not all(entry.partial for entry, _row in pairs):
            pairs = self._only_one(pairs)
        for entry, row in pairs:
            self._step()
            if start.state == State.WITHDRAWN and not start.waiting:
                row.messages.append(
                    _("“%s” is withdrawn. An administrator can take it back to draft first.") % start.title
                )
                continue
            after = self._laid_over(now, entry, row, start.slug)
            if after is None:
                continue
            lines = differences(now, after)
            row.key = key
            row.outcome = Outcome.CHANGE if lines else Outcome.LEAVE
            row.messages += lines or [_("Nothing would change.")]
            now = after
        if now != before:
            self._target(start, own(now), pairs)

    def _target(self, start, after: dict, pairs: list[Pair]) -> None:
        self.plan.targets[start.type, start.slug] = Target(
            start.type, start.slug, after, before=start.document, state=start.state, token=start.token, pk=start.pk
        )
        if start.state == State.PUBLISHED:
            self.published += 1
        if start.waiting:
            for _entry, row in pairs:
                row.messages.append(_("A change that waits for review already becomes part of this one."))

    def _only_one(self, pairs: list[Pair]) -> list[Pair]:
        """Two rows for one record would overwrite each other: the first counts."""
        for _entry, row in pairs[1:]:
            self._step()
            row.messages.append(
                _("Row %d says something of the same record; only the first counts.") % pairs[0][0].number
            )
        return pairs[:1]

    def _laid_over(self, now: dict, entry: Entry, row: PlannedRow, slug: str) -> dict | None:
        """The record's document with the entry laid over it; None, and the row refused, when it does not hold."""
        after = {**entry.document, "slug": slug} if entry.document is not None else merge(now, entry)
        if after == now:
            return now
        full, faults = self._checked(after)
        if not faults and "participation" in entry.items and not entry.partial:
            faults = _one_sided(full)
        if faults:
            row.messages += faults
            return None
        return compact(full) if entry.document is not None else after

    # References between the rows

    def _refuse_dangling(self) -> None:
        """What refers to a new record that is refused or held back cannot be written either."""
        while True:
            dangling = {
                key: reference
                for key, target in self.plan.targets.items() for reference in units.references(target.after)
                if not self.lookup.knows(*reference) and reference != key
            }  # fmt: skip
            if not dangling:
                return
            for key, reference in dangling.items():
                target = self.plan.targets.pop(key)
                if target.before is None:
                    self._forget(key)
                for row in self.plan.rows:
                    if row.key == key:
                        row.outcome, row.key = Outcome.REFUSE, None
                        row.messages.append(
                            _("It refers to %s, which this import does not bring in.") % "/".join(reference)
                        )

    def _order(self) -> None:
        targets = self.plan.targets
        graph = {
            key: [ref for ref in units.references(target.after) if ref in targets] for key, target in targets.items()
        }
        fresh = {key for key, target in targets.items() if target.before is None}
        graph = {key: [ref for ref in refs if ref in fresh] for key, refs in graph.items()}
        for number, group in enumerate(units.in_order(graph)):
            for key in group:
                targets[key].unit = number


_COMPARED = frozenset(Type) - {Type.COUNTRY, Type.LEVEL, Type.SOURCE}


def _one_sided(full: dict) -> list[str]:
    """A bilateral agreement with one side is a row with a hole in it."""
    return [problem.message for problem in rules.problems(full) if problem.place == "/participation"]


def _hindrances(full: dict) -> list[str]:
    """What keeps a draft from being published, other than that it has no source yet."""
    said = [problem for problem in rules.problems(full) if problem.place]
    return [_("Before it can be published: %s") % problem.message for problem in said]
