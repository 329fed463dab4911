"""Records for tests, made with as little as each needs; published unless a state says otherwise."""

from itertools import count
from typing import Any

from actors.models import Actor
from governance.knowledge.sections import child_model
from governance.models import Country, Date, Event, Level, Participation, Principle, Record, Relation, Source, Topic
from governance.models.vocabulary import Act, State, Type
from instruments.models import Instrument, Provision, ProvisionPrinciple

_number = count(1)
_KIND = {Type.INSTRUMENT: "treaty", Type.ACTOR: "network", Type.PRINCIPLE: "principle", Type.TOPIC: "theme",
         Type.EVENT: "meeting", Type.PRACTICE: "case-study", Type.SOURCE: "reference"}  # fmt: skip


def make_record(type_: str, slug: str = "", **fields: Any) -> Any:
    """A record of any type, of the type's own model; the title is made of the slug."""
    slug = slug or f"{type_}-{next(_number)}"
    given = {"state": State.PUBLISHED, "title": slug.replace("-", " ").title(), "kind": _KIND.get(Type(type_), "")}
    return child_model(type_).objects.create(type=type_, slug=slug, **(given | fields))


def make_instrument(slug: str = "", **fields: Any) -> Instrument:
    return make_record(Type.INSTRUMENT, slug, **fields)


def make_actor(slug: str = "", **fields: Any) -> Actor:
    return make_record(Type.ACTOR, slug, **fields)


def make_principle(slug: str = "", **fields: Any) -> Principle:
    return make_record(Type.PRINCIPLE, slug, **fields)


def make_topic(slug: str = "", **fields: Any) -> Topic:
    return make_record(Type.TOPIC, slug, **fields)


def make_event(slug: str = "", **fields: Any) -> Event:
    return make_record(Type.EVENT, slug, **fields)


def make_level(slug: str = "", **fields: Any) -> Level:
    return make_record(Type.LEVEL, slug, **fields)


def make_source(slug: str = "", **fields: Any) -> Source:
    return make_record(Type.SOURCE, slug, **fields)


def make_country(iso2: str, **fields: Any) -> Country:
    return make_record(Type.COUNTRY, iso2, iso2=iso2, **fields)


def make_date(record: Record, event: str, value: str, **fields: Any) -> Date:
    return Date.objects.create(record_id=record.pk, event=event, value=value, **fields)


def make_participation(record: Record, party: Record, act: str = Act.PARTY, **fields: Any) -> Participation:
    return Participation.objects.create(record_id=record.pk, party_id=party.pk, act=act, **fields)


def make_relation(record: Record, predicate: str, target: Record, **fields: Any) -> Relation:
    return Relation.objects.create(record_id=record.pk, predicate=predicate, target_id=target.pk, **fields)


def make_provision(instrument: Instrument, label: str, *principles: Principle, **fields: Any) -> Provision:
    """A provision with the principles it carries, in their order."""
    slug = label.lower().replace(" ", "-")
    provision = Provision.objects.create(instrument=instrument, label=label, slug=slug, **fields)
    for position, principle in enumerate(principles):
        ProvisionPrinciple.objects.create(provision=provision, principle=principle, position=position)
    return provision


def make_document(type_: str, slug: str, **fields: Any) -> dict:
    """The least a document says, in the form that people write."""
    document = {"type": str(type_), "slug": slug, "title": slug.replace("-", " ").title()}
    if Type(type_) in _KIND:
        document["kind"] = _KIND[Type(type_)]
    if type_ == Type.COUNTRY:
        document["iso2"] = slug
    return document | fields
