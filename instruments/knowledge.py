"""The `provisions` section of an instrument's document."""

from governance.knowledge.lookup import Lookup
from governance.knowledge.sections import Section
from governance.models.vocabulary import Type
from instruments.models import Instrument, Provision, ProvisionPrinciple


def dump(instrument: Instrument, public: bool) -> list[tuple[int, dict, dict[str, list[int]]]]:
    """Return each provision as `Section.dump` asks; principles nobody may see yet are left out when `public`."""
    items = []
    for row in instrument.provisions.all():
        shown = [p for p in row.principles.all() if not public or p.principle.is_public]
        carried = [{"slug": p.principle.slug, "strength": p.strength, "basis": p.basis} for p in shown]
        items.append((row.position, {
            "label": row.label, "slug": row.slug, "heading": row.heading, "gist": row.gist,
            "url": row.get_absolute_url(), "principles": carried, "basis": row.basis,
        }, {"principles": [p.position for p in shown]}))  # fmt: skip
    return items


def apply(instrument: Instrument, items: list[dict], lookup: Lookup) -> None:
    """Replace the instrument's provisions by `items`."""
    Provision.objects.filter(instrument_id=instrument.pk).delete()
    rows = [
        Provision(instrument_id=instrument.pk, position=n, **{key: item[key] for key in ("slug", "label", "heading", "gist", "basis")})
        for n, item in enumerate(items)
    ]
    Provision.objects.bulk_create(rows)
    carried = []
    for row, item in zip(rows, items, strict=True):
        for n, principle in enumerate(item["principles"]):
            pk = lookup.find(Type.PRINCIPLE, principle["slug"])
            strength, basis = principle["strength"], principle["basis"]
            carried.append(ProvisionPrinciple(provision=row, principle_id=pk, strength=strength, basis=basis, position=n))
    ProvisionPrinciple.objects.bulk_create(carried)


SECTION = Section(Type.INSTRUMENT, "provisions", ("provisions__principles__principle",), dump, apply)
