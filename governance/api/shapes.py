"""What the API answers, as JSON Schema: the components of the OpenAPI document.

`docs/documents.md` says what each field means.
"""

from governance.models.vocabulary import (
    PLURALS,
    PREDICATES,
    Act,
    Basis,
    Binding,
    CaveatKind,
    DateEvent,
    NameKind,
    Scheme,
    Stance,
    Strength,
    Type,
)

TEXT: dict = {"type": "string"}
MAYBE = {"type": ["string", "null"]}
COUNT = {"type": "integer", "minimum": 0}
LINK = {
    "type": ["string", "null"],
    "format": "uri",
    "description": "Address of the neighbouring page, null at the end.",
}
BASES = {**TEXT, "enum": list(Basis.values)}
SLUGS = {"type": "array", "items": TEXT}


def _of(choices) -> dict:
    return {**TEXT, "enum": list(choices)}


def _list(name: str) -> dict:
    return {"type": "array", "items": {"$ref": f"#/components/schemas/{name}"}}


def _object(said: str, optional: tuple[str, ...] = (), /, **properties: dict) -> dict:
    named = {name.rstrip("_"): schema for name, schema in properties.items()}
    required = [name for name in named if name not in optional]
    return {"type": "object", "description": said, "properties": named, "required": required}


def _page(name: str, said: str, /, **more: dict) -> dict:
    return _object(said, tuple(more), count=COUNT, next=LINK, previous=LINK, results=_list(name), **more)


_CITED = {
    "source": {**TEXT, "description": "Code of the source."},
    "paragraph": {"type": ["integer", "null"]},
    "locator": TEXT,
    "quote": TEXT,
    "stance": _of(Stance.values),
}
_OTHER = {"type": _of(Type.values), "slug": TEXT, "title": TEXT}
_NAMED = {**_OTHER, "url": TEXT}
_EDTF = {**TEXT, "description": "A date of any precision, as EDTF."}

SHAPES = {
    "Error": _object(
        "Every error.",
        error=_object(
            "What is wrong.", code=TEXT, message=TEXT, details={"type": "object", "description": "By parameter."}
        ),
    ),
    "Name": _object("A name.", text=TEXT, language=TEXT, kind=_of(NameKind.values), basis=BASES),
    "Identifier": _object(
        "An identifier, spelled as its scheme asks.", scheme=_of(Scheme.values), value=TEXT, basis=BASES
    ),
    "Date": _object(
        "A date and what it is the date of.", event=_of(DateEvent.values), value=_EDTF, note=TEXT, basis=BASES
    ),
    "RelationOf": _object(
        "A relation as seen from the record.",
        predicate=TEXT,
        **_OTHER,
        date=TEXT,
        note=TEXT,
        basis=BASES,
        direction=_of(("forward", "inverse")),
    ),
    "ParticipationIn": _object(
        "Someone who takes part in the record.",
        **_OTHER,
        act=_of(Act.values),
        role=TEXT,
        from_=TEXT,
        until=TEXT,
        effect=TEXT,
        note=TEXT,
        basis=BASES,
    ),
    "Carried": _object("A principle that a provision carries.", slug=TEXT, strength=_of(Strength.values), basis=BASES),
    "Provision": _object(
        "A provision of an instrument.",
        label=TEXT,
        slug=TEXT,
        heading=TEXT,
        gist=TEXT,
        url=TEXT,
        principles=_list("Carried"),
        basis=BASES,
    ),
    "CountryRole": _object("A country and its role.", iso2=TEXT, role=TEXT),
    "Cited": _object("A place in a source.", **_CITED),
    "Citation": _object(
        "Evidence for or against a value.", field={**TEXT, "description": "JSON Pointer into this document."}, **_CITED
    ),
    "Caveat": _object(
        "What a reader must know of a value.",
        kind=_of(CaveatKind.values),
        field=TEXT,
        text=TEXT,
        citations=_list("Cited"),
    ),
    "Record": _object(
        "One record. Types have fields of their own beside these.",
        ("state_of", "revision"),
        type=_of(Type.values),
        slug=TEXT,
        url=TEXT,
        title=TEXT,
        kind=MAYBE,
        level=MAYBE,
        binding={"type": ["string", "null"], "enum": [*Binding.values, None]},
        summary=TEXT,
        body={**TEXT, "description": "Markdown."},
        updated={**TEXT, "format": "date-time"},
        bases={"type": "object", "additionalProperties": BASES},
        strengths={"type": "object", "additionalProperties": TEXT},
        names=_list("Name"),
        identifiers=_list("Identifier"),
        dates=_list("Date"),
        relations=_list("RelationOf"),
        participation=_list("ParticipationIn"),
        provisions=_list("Provision"),
        principles=SLUGS,
        topics=SLUGS,
        countries=_list("CountryRole"),
        caveats=_list("Caveat"),
        citations=_list("Citation"),
        state_of={**TEXT, "format": "date-time", "description": "With `at`: since when it had been so."},
        revision={"type": "integer", "description": "With `at`: the number of the revision."},
    ),
    "RecordPage": _page(
        "Record",
        "A page of records.",
        position={**TEXT, "description": "With `cursor`: where to go on with /changes/ when all is read."},
        notices={"type": "array", "items": TEXT},
    ),
    "Named": _object("A record by name.", **_NAMED),
    "Relation": _object(
        "A relation.",
        subject={"$ref": "#/components/schemas/Named"},
        predicate=_of(PREDICATES),
        object={"$ref": "#/components/schemas/Named"},
        label=TEXT,
        inverse=TEXT,
        date=TEXT,
        note=TEXT,
        basis=BASES,
    ),
    "RelationPage": _page("Relation", "A page of relations."),
    "Participation": _object(
        "Someone who takes part in something.",
        party={"$ref": "#/components/schemas/Named"},
        record={"$ref": "#/components/schemas/Named"},
        act=_of(Act.values),
        role=TEXT,
        from_=TEXT,
        until=TEXT,
        effect=TEXT,
        note=TEXT,
        basis=BASES,
        dated={"type": "boolean", "description": "Is the beginning known?"},
    ),
    "ParticipationPage": _page("Participation", "A page of participation."),
    "Change": _object(
        "A record that changed, or was withdrawn: then without a title.",
        ("title",),
        position=TEXT,
        at={**TEXT, "format": "date-time"},
        change=_of(("updated", "withdrawn")),
        **_NAMED,
    ),
    "ChangePage": _object("Changes after a position.", position=TEXT, next=LINK, results=_list("Change")),
}

EXAMPLE_PLURAL = PLURALS[Type.INSTRUMENT]
