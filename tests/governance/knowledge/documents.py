"""Hypothesis strategies for documents that `apply` takes, in the form that people write.

They refer to one another's world: `WORLD` lists the records that must be there.
"""

from hypothesis import strategies as st

from governance.models.vocabulary import (
    KINDS,
    PREDICATES,
    Act,
    Basis,
    Binding,
    CaveatKind,
    DateEvent,
    NameKind,
    Strength,
)

WORLD = {
    "source": ("S1", "R42"),
    "level": ("regional", "global"),
    "principle": ("non-refoulement", "solidarity", "sovereignty"),
    "topic": ("asylum", "labour"),
    "actor": ("un", "iom"),
    "country": ("MA", "TN"),
    "instrument": ("the-convention",),
}
PARTIES = ("actor/un", "actor/iom", "country/MA", "country/TN")
DATES = ("1951", "1951-07", "1951-07-28", "2018/2030", "2005~", "2022?", "2014/..")
UNREADABLE = "\x00\x01\x02\x03\x04\x05\x06\x07\x08\x0b\x0c\x0e\x0f" + "".join(map(chr, range(16, 32))) + "\ufffe\uffff"

letters = st.characters(blacklist_categories=["Cs"], blacklist_characters=UNREADABLE)
text = st.text(letters, max_size=12) | st.sampled_from(
    ["", "NO", "1.10", "Ἀθῆναι", "العربية", "'quoted'", "line\nline"]
)
words = st.text(letters, min_size=1, max_size=12).filter(str.strip)
bases = st.sampled_from(Basis.values)


def optional(**keys):
    """A mapping with any of the keys."""
    return st.fixed_dictionaries({}, optional=keys)


cites = st.lists(
    st.builds(
        "{}{}{}{}{}".format,
        st.sampled_from(["", "!"]),
        st.sampled_from(WORLD["source"]),
        st.sampled_from(["", ".1", ".13+20"]),
        st.sampled_from(["", " [art. XI]"]),
        st.sampled_from(["", " 'a short phrase'", " 'the State's duty'"]),
    ),
    max_size=2,
)
evidence = optional(basis=bases, cite=cites)


def item(**keys):
    """An entry of a list: what it must have, beside any of its evidence."""
    return st.builds(dict.__or__, st.fixed_dictionaries(keys), evidence)


def value(of):
    """A scalar, plain or with evidence."""
    return of | item(value=of)


def some(of, size=3):
    return st.lists(of, max_size=size)


def tags(type_, **more):
    slugs = st.lists(st.sampled_from(WORLD[type_]), max_size=2, unique=True)
    entries = optional(basis=bases, cite=cites, **more)
    return slugs.flatmap(
        lambda chosen: st.tuples(*(entries.map(lambda entry, slug=slug: {"slug": slug, **entry}) for slug in chosen))
    ).map(list)


dates = st.sampled_from(DATES)
strengths = st.sampled_from(Strength.values)
provisions = st.lists(st.integers(1, 40), max_size=3, unique=True).flatmap(
    lambda numbers: st.tuples(*(
        item(label=st.just(f"Article {number}"), gist=text, principles=tags("principle", strength=strengths))
        for number in numbers
    ))
).map(list)  # fmt: skip
common = {
    "title": value(words),
    "kind": value(st.sampled_from(list(KINDS["instrument"]))),
    "level": value(st.sampled_from(["", *WORLD["level"]])),
    "binding": value(st.sampled_from(["", *Binding.values])),
    "summary": value(text),
    "body": text,
    "names": some(
        item(text=words, kind=st.sampled_from(NameKind.values), language=st.sampled_from(["en", "fr", "ar"]))
    ),
    "identifiers": some(item(scheme=st.sampled_from(["other"]), value=words)),
    "dates": some(item(event=st.sampled_from(DateEvent.values), value=dates, note=text)),
    "relations": some(
        item(
            predicate=st.sampled_from(list(PREDICATES)), to=st.just("instrument/the-convention"), note=text, date=dates
        )
    ),
    "participation": some(
        item(party=st.sampled_from(PARTIES), act=st.sampled_from(Act.values), role=text, effect=dates, note=text)
    ),
    "provisions": provisions,
    "principles": tags("principle", strength=strengths),
    "topics": tags("topic"),
}
caveats = some(
    st.fixed_dictionaries(
        {"kind": st.sampled_from(CaveatKind.values), "text": words, "field": st.sampled_from(["", "/level", "/dates"])},
        optional={"cite": cites},
    )
)
instruments = st.fixed_dictionaries(
    {"type": st.just("instrument"), "slug": st.just("the-compact"), "title": common["title"], "kind": common["kind"]},
    optional={**{key: of for key, of in common.items() if key not in ("title", "kind")}, "caveats": caveats},
)
sources = st.fixed_dictionaries(
    {"type": st.just("source"), "slug": st.just("S9"), "title": value(words), "kind": st.just("reference")},
    optional={
        "author": value(text),
        "languages": some(st.sampled_from(["en", "uz"])),
        "reliability": value(st.sampled_from(["", "high", "low"])),
        "rights": value(st.sampled_from(["", "open", "snippets"])),
        "residue": some(st.integers(1, 40).map(str)),
        "joined": some(st.lists(st.integers(1, 40).map(str), min_size=2, max_size=2)),
        "footnotes": some(st.integers(1, 40)),
    },
)
levels = st.fixed_dictionaries(
    {"type": st.just("level"), "slug": st.just("subregional"), "title": value(words)},
    optional={"parent": value(st.sampled_from(["", *WORLD["level"]])), "position": st.sampled_from(["0", "3", 4])},
)
documents = st.one_of(instruments, instruments, sources, levels)
