"""From a reference in a document (`type`, `slug`) to the record's id."""

from governance.models import FormerSlug, Merge, Record


class Lookup:
    """Finds records by reference; with `everything` in two queries at the start, for loads of many documents."""

    def __init__(self, everything: bool = False) -> None:
        self._complete = everything
        self._ids: dict[tuple[str, str], int | None] = {}
        self._promised: set[tuple[str, str]] = set()
        self._spellings: dict[tuple[str, str], str] = {}
        self._bare: set[int] = set()
        self._merged: dict[int, int] | None = None
        if everything:
            self._ids.update(
                {(type_, slug): pk for type_, slug, pk in FormerSlug.objects.values_list("type", "slug", "record_id")}
            )
            for type_, slug, pk in Record.objects.values_list("type", "slug", "pk"):
                self._ids[type_, slug] = pk
                self._spellings[type_, slug.casefold()] = slug

    def find(self, type_: str, slug: str) -> int | None:
        """Return the id of the record at an address, present or former; None when there is none."""
        if (type_, slug) not in self._ids and not self._complete:
            here = Record.objects.filter(type=type_, slug=slug).values_list("pk", flat=True).first()
            self._ids[type_, slug] = here or (
                FormerSlug.objects.filter(type=type_, slug=slug).values_list("record_id", flat=True).first()
            )
        return self._ids.get((type_, slug))

    def target(self, type_: str, slug: str) -> int | None:
        """Return the id of the record that a reference means: of one merged into another, the other's."""
        pk = self.find(type_, slug)
        if self._merged is None:
            self._merged = dict(Merge.objects.values_list("loser_id", "winner_id"))
        return self._merged.get(pk, pk) if pk else pk

    def get(self, type_: str, slug: str) -> int:
        """Return the id that a reference known to lead somewhere means; raises LookupError when it does not."""
        pk = self.target(type_, slug)
        if pk is None:
            raise LookupError(f"{type_}/{slug}")
        return pk

    def knows(self, type_: str, slug: str) -> bool:
        """Whether a reference leads somewhere, or will when what was promised is there."""
        return (type_, slug) in self._promised or self.find(type_, slug) is not None

    def spelling(self, type_: str, slug: str) -> str | None:
        """The slug of the record at this address, or at one that differs by capitals only; None when there is none."""
        if self._complete:
            return self._spellings.get((type_, slug.casefold()))
        return Record.objects.filter(type=type_, slug__iexact=slug).values_list("slug", flat=True).first()

    def promise(self, type_: str, slug: str) -> None:
        """Announce a record that is about to be made."""
        self._promised.add((type_, slug))

    def learn(self, record: Record, *, bare: bool = False) -> None:
        """Take in a record made meanwhile; a bare one has its own row and no others yet."""
        self._ids[record.type, record.slug] = record.pk
        self._spellings[record.type, record.slug.casefold()] = record.slug
        if bare:
            self._bare.add(record.pk)

    def was_bare(self, pk: int) -> bool:
        """Whether a record was learned as a bare one, asked by who now writes its other rows: true once."""
        is_bare = pk in self._bare
        self._bare.discard(pk)
        return is_bare

    def forget(self, type_: str, slug: str) -> None:
        """Take out a record that was learned or promised and will not be made after all."""
        self._ids.pop((type_, slug), None)
        self._spellings.pop((type_, slug.casefold()), None)
        self._promised.discard((type_, slug))
