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


def one_of(choices) -> dict:
    """Schema of a text that is one of the choices."""
    return {**TEXT, "enum": list(choices)}


def list_of(name: str) -> dict:
    """Schema of an array of a named shape."""
    return {"type": "array", "items": {"$ref": f"#/components/schemas/{name}"}}


def object_of(said: str, optional: tuple[str, ...] = (), /, **properties: dict) -> dict:
    """Schema of an object, described by `said`; a trailing underscore of a property's name is dropped."""
    named = {name.rstrip("_"): schema for name, schema in properties.items()}
    required = [name for name in named if name not in optional]
    return {"type": "object", "description": said, "properties": named, "required": required}


def _page(name: str, said: str, /, **more: dict) -> dict:
    return object_of(said, tuple(more), count=COUNT, next=LINK, previous=LINK, results=list_of(name), **more)


_CITED = {
    "source": {**TEXT, "description": "Code of the source."},
    "paragraph": {"type": ["integer", "null"]},
    "locator": TEXT,
    "quote": TEXT,
    "stance": one_of(Stance.values),
}
_OTHER = {"type": one_of(Type.values), "slug": TEXT, "title": TEXT}
_NAMED = {**_OTHER, "url": TEXT}
_EDTF = {**TEXT, "description": "A date of any precision, as EDTF."}

SHAPES = {
    "Error": object_of(
        "Every error.",
        error=object_of(
            "What is wrong.", code=TEXT, message=TEXT, details={"type": "object", "description": "By parameter."}
        ),
    ),
    "Name": object_of("A name.", text=TEXT, language=TEXT, kind=one_of(NameKind.values), basis=BASES),
    "Identifier": object_of(
        "An identifier, spelled as its scheme asks.", scheme=one_of(Scheme.values), value=TEXT, basis=BASES
    ),
    "Date": object_of(
        "A date and what it is the date of.", event=one_of(DateEvent.values), value=_EDTF, note=TEXT, basis=BASES
    ),
    "RelationOf": object_of(
        "A relation as seen from the record.",
        predicate=TEXT,
        **_OTHER,
        date=TEXT,
        note=TEXT,
        basis=BASES,
        direction=one_of(("forward", "inverse")),
    ),
    "ParticipationIn": object_of(
        "Someone who takes part in the record.",
        **_OTHER,
        act=one_of(Act.values),
        role=TEXT,
        from_=TEXT,
        until=TEXT,
        effect=TEXT,
        note=TEXT,
        basis=BASES,
    ),
    "Carried": object_of(
        "A principle that a provision carries.", slug=TEXT, strength=one_of(Strength.values), basis=BASES
    ),
    "Provision": object_of(
        "A provision of an instrument.",
        label=TEXT,
        slug=TEXT,
        heading=TEXT,
        gist=TEXT,
        url=TEXT,
        principles=list_of("Carried"),
        basis=BASES,
    ),
    "CountryRole": object_of("A country and its role.", iso2=TEXT, role=TEXT),
    "Cited": object_of("A place in a source.", **_CITED),
    "Citation": object_of(
        "Evidence for or against a value.", field={**TEXT, "description": "JSON Pointer into this document."}, **_CITED
    ),
    "Caveat": object_of(
        "What a reader must know of a value.",
        kind=one_of(CaveatKind.values),
        field=TEXT,
        text=TEXT,
        citations=list_of("Cited"),
    ),
    "Record": object_of(
        "One record. Types have fields of their own beside these.",
        ("state_of", "revision"),
        type=one_of(Type.values),
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
        names=list_of("Name"),
        identifiers=list_of("Identifier"),
        dates=list_of("Date"),
        relations=list_of("RelationOf"),
        participation=list_of("ParticipationIn"),
        provisions=list_of("Provision"),
        principles=SLUGS,
        topics=SLUGS,
        countries=list_of("CountryRole"),
        caveats=list_of("Caveat"),
        citations=list_of("Citation"),
        state_of={**TEXT, "format": "date-time", "description": "With `at`: since when it had been so."},
        revision={"type": "integer", "description": "With `at`: the number of the revision."},
    ),
    "RecordPage": _page(
        "Record",
        "A page of records.",
        position={**TEXT, "description": "With `cursor`: where to go on with /changes/ when all is read."},
        notices={"type": "array", "items": TEXT},
    ),
    "Named": object_of("A record by name.", **_NAMED),
    "Relation": object_of(
        "A relation.",
        subject={"$ref": "#/components/schemas/Named"},
        predicate=one_of(PREDICATES),
        object={"$ref": "#/components/schemas/Named"},
        label=TEXT,
        inverse=TEXT,
        date=TEXT,
        note=TEXT,
        basis=BASES,
    ),
    "RelationPage": _page("Relation", "A page of relations."),
    "Participation": object_of(
        "Someone who takes part in something.",
        party={"$ref": "#/components/schemas/Named"},
        record={"$ref": "#/components/schemas/Named"},
        act=one_of(Act.values),
        role=TEXT,
        from_=TEXT,
        until=TEXT,
        effect=TEXT,
        note=TEXT,
        basis=BASES,
        dated={"type": "boolean", "description": "Is the beginning known?"},
    ),
    "ParticipationPage": _page("Participation", "A page of participation."),
    "Change": object_of(
        "A record that changed, or was withdrawn: then without a title.",
        ("title",),
        position=TEXT,
        at={**TEXT, "format": "date-time"},
        change=one_of(("updated", "withdrawn")),
        **_NAMED,
    ),
    "Index": object_of(
        "What can be asked here.",
        title=TEXT,
        schema={**TEXT, "format": "uri"},
        docs={**TEXT, "format": "uri"},
        addresses=list_of("Address"),
    ),
    "Address": object_of("An address of the API.", path=TEXT, summary=TEXT),
    "ChangePage": object_of("Changes after a position.", position=TEXT, next=LINK, results=list_of("Change")),
}

EXAMPLE_PLURAL = PLURALS[Type.INSTRUMENT]
