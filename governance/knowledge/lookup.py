"""From a reference in a document (`type`, `slug`) to the record's id."""

from governance.models import FormerSlug, Record


class Lookup:
    """Finds records by reference; with `everything` in one query at the start, for loads of many documents."""

    def __init__(self, everything: bool = False) -> None:
        self._complete = everything
        self._ids: dict[tuple[str, str], int | None] = {}
        if everything:
            self._ids.update({(type_, slug): pk for type_, slug, pk in FormerSlug.objects.values_list("type", "slug", "record_id")})
            self._ids.update({(type_, slug): pk for type_, slug, pk in Record.objects.values_list("type", "slug", "pk")})

    def find(self, type_: str, slug: str) -> int | None:
        """Return the id of the record at an address, present or former; None when there is none."""
        if (type_, slug) not in self._ids and not self._complete:
            here = Record.objects.filter(type=type_, slug=slug).values_list("pk", flat=True).first()
            self._ids[type_, slug] = here or (
                FormerSlug.objects.filter(type=type_, slug=slug).values_list("record_id", flat=True).first()
            )
        return self._ids.get((type_, slug))

    def learn(self, record: Record) -> None:
        """Take in a record made meanwhile."""
        self._ids[record.type, record.slug] = record.pk

    def forget(self, type_: str, slug: str) -> None:
        """Take out a record that was learned and will not be made after all."""
        self._ids.pop((type_, slug), None)
