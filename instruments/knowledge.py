"""The `provisions` section of an instrument's document."""

from governance.knowledge.lookup import Lookup
from governance.knowledge.sections import Section
from governance.locales import permanent
from governance.models.vocabulary import Type
from instruments.models import Instrument, Provision, ProvisionPrinciple

KEPT = ("slug", "label", "heading", "gist", "basis")


def dump(instrument: Instrument, public: bool) -> tuple[list[dict], dict[str, str]]:
    """Return the provisions and where each row went; principles nobody may see yet are left out when `public`."""
    items: list[dict] = []
    places: dict[str, str] = {}
    for row in instrument.provisions.all():
        stored, here = f"/provisions/{row.position}", f"/provisions/{len(items)}"
        places.setdefault(stored, here)
        carried: list[dict] = []
        for p in row.principles.all():
            if not public or p.principle.is_public:
                places.setdefault(f"{stored}/principles/{p.position}", f"{here}/principles/{len(carried)}")
                carried.append({"slug": p.principle.slug, "strength": p.strength, "basis": p.basis})
        items.append({
            "label": row.label, "slug": row.slug, "heading": row.heading, "gist": row.gist,
            "url": permanent(row), "principles": carried, "basis": row.basis,
        })  # fmt: skip
    return items, places


def clear(instrument: Instrument) -> None:
    """Delete the instrument's provisions, and with them what they carry."""
    Provision.objects.filter(instrument_id=instrument.pk).delete()


def apply(instrument: Instrument, items: list[dict], lookup: Lookup) -> None:
    """Write `items` as the provisions of an instrument that has none."""
    rows = [
        Provision(instrument_id=instrument.pk, position=n, **{key: item[key] for key in KEPT})
        for n, item in enumerate(items)
    ]
    Provision.objects.bulk_create(rows)
    carried = []
    for row, item in zip(rows, items, strict=True):
        for n, principle in enumerate(item["principles"]):
            pk = lookup.get(Type.PRINCIPLE, principle["slug"])
            said = {key: principle[key] for key in ("strength", "basis")}
            carried.append(ProvisionPrinciple(provision=row, principle_id=pk, position=n, **said))
    ProvisionPrinciple.objects.bulk_create(carried)


SECTION = Section(Type.INSTRUMENT, "provisions", ("provisions__principles__principle",), dump, clear, apply)
