"""Provisions as hits of their own, under their instrument."""

from collections.abc import Iterator
from dataclasses import replace

from governance.models.vocabulary import NameKind, Strength, Type
from search.context import Context
from search.documents import SearchDocument
from search.filing import FIRST_RANK, called
from search.names import Text
from search.zones import texts

PROVISION = "provision"
STRENGTHS = {Strength.EXPLICIT: 3, Strength.IMPLIED: 2, Strength.INTERPRETED: 1}


def provisions_of(document: dict, whole: SearchDocument, context: Context) -> Iterator[SearchDocument]:
    """Yield a search document for each provision; `whole` is that of the instrument."""
    parent = {"type": whole.type, "slug": whole.slug, "title": whole.title, "url": whole.url}
    names = _names(document)
    for provision in document["provisions"]:
        label = provision["label"]
        principles = tuple(item["slug"] for item in provision["principles"])
        title = f"{label} – {provision['heading']}" if provision["heading"] else label
        yield replace(
            whole,
            key=f"{whole.key}/{provision['slug']}",
            type=PROVISION,
            slug=provision["slug"],
            title=title,
            url=provision["url"],
            zones={
                "title": (Text(title),),
                "summary": texts([provision["gist"]]),
                "tags": texts(context.title(Type.PRINCIPLE, slug) for slug in principles),
                "parent": (Text(whole.title), *whole.zones["names"], *whole.zones["identifiers"]),
                "context": tuple(name for slug in principles for name in context.names_of(Type.PRINCIPLE, slug)),
            },
            exact={called(text): FIRST_RANK for name in names for text in (f"{label} {name}", f"{name} {label}")},
            facets=whole.facets | {"type": (PROVISION,), "principle": principles},
            shown={"kind": None, "level": document["level"], "year": whole.calendar.year, "summary": provision["gist"]},
            parent=parent,
            carried={item["slug"]: STRENGTHS[item["strength"]] for item in provision["principles"]},
            linked={},
            mention="",
        )


def _names(document: dict) -> list[str]:
    """What an instrument is called in “Article 33, 1951 Convention”."""
    kinds = (NameKind.SHORT, NameKind.ABBREVIATION, NameKind.ALIAS, NameKind.OFFICIAL)
    names = (item["text"] for item in document["names"] if item["kind"] in kinds and item["language"] == "en")
    return list(dict.fromkeys([document["title"], *names]))
