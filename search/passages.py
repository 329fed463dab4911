"""Paragraphs of a source's full text as hits of their own, under their source.

What may be shown of them is decided by `governance.ingest.rights`: of a source of which only extracts may be shown, a
hit shows at most `rights.LONGEST` characters, and only around what was asked.
"""

from collections.abc import Iterator
from dataclasses import replace

from governance.ingest.folding import plain
from governance.ingest.passages import passages_of
from governance.models import Passage
from governance.models.vocabulary import Rights
from search.context import Context
from search.documents import SearchDocument
from search.names import Text

PASSAGE = "passage"


def paragraphs_of(document: dict, whole: SearchDocument, context: Context) -> Iterator[SearchDocument]:
    """Yield a search document for each paragraph that is no page residue; none for a private source."""
    if not Passage.objects.filter(source=whole.record).exists():
        return
    parent = {"type": whole.type, "slug": whole.slug, "title": whole.title, "url": whole.url}
    for passage in passages_of([whole.record]):
        text = plain(passage["text"])
        yield replace(
            whole,
            key=f"{whole.key}/p{passage['number']}",
            type=PASSAGE,
            slug=f"p{passage['number']}",
            title=f"Paragraph {passage['number']}",
            url=passage["url"],
            zones={"body": (Text(text),)},
            exact={},
            linked={},
            facets=whole.facets | {"type": (PASSAGE,), "source": (whole.slug,)},
            shown={
                "kind": None, "level": None, "year": whole.calendar.year, "summary": text,
                "extract": passage["rights"] != Rights.OPEN,
            },
            parent=parent,
            mention="",
        )  # fmt: skip
