"""django-haystack with its Whoosh backend, as its tutorial sets it up: https://django-haystack.readthedocs.io/"""

import os
from collections.abc import Iterable
from pathlib import Path

from tests.bench.corpus import Passage
from tests.bench.peers import TOP, Page, bytes_in, files_in
from tests.bench.queries import Query


class Haystack:
    def __init__(self, folder: Path) -> None:
        import django
        from django.conf import settings

        self.folder = folder
        os.environ.pop("DJANGO_SETTINGS_MODULE", None)
        engine = {"ENGINE": "haystack.backends.whoosh_backend.WhooshEngine", "PATH": str(folder / "index")}
        settings.configure(
            INSTALLED_APPS=["django.contrib.contenttypes", "haystack", "tests.bench.haystack_app"],
            DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": folder / "db.sqlite3"}},
            HAYSTACK_CONNECTIONS={"default": engine},
            DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
            USE_TZ=True,
        )
        django.setup()

    def build(self, passages: Iterable[Passage]) -> None:
        from django.core.management import call_command
        from django.db import connection

        from tests.bench.haystack_app.models import Passage as Row

        with connection.schema_editor() as editor:
            editor.create_model(Row)
        passages = iter(passages)
        while rows := [row(p) for _n, p in zip(range(1000), passages, strict=False)]:
            Row.objects.bulk_create(rows)
        call_command("update_index", verbosity=0, batchsize=1000)

    def size(self) -> int:
        return bytes_in(self.folder / "index")

    def files(self) -> list[Path]:
        return files_in(self.folder / "index")

    def open(self) -> None:
        from haystack import connections

        connections.reload("default")

    def page(self, query: Query) -> Page:
        from haystack.inputs import AutoQuery, Exact, Raw
        from haystack.query import SQ, SearchQuerySet

        found = SearchQuerySet()
        if query.how == "any":
            either = SQ()
            for word in query.words:
                either |= SQ(content=AutoQuery(word))
            found = found.filter(either)
        elif query.how == "phrase":
            found = found.filter(content=Exact(" ".join(query.words)))
        elif query.how == "prefix":
            found = found.filter(content=Raw(f"{query.words[0]}*"))
        else:
            found = found.filter(content=AutoQuery(" ".join(query.words)))
        if query.level:
            found = found.narrow(f"level:{query.level}")
        found = found.facet("kind").facet("level").highlight()
        hits = found[:TOP]
        facets = found.facet_counts().get("fields", {"kind": (), "level": ()})
        snippets = [(hit.highlighted or {"text": [""]})["text"][0] for hit in hits]
        return Page([int(h.pk) for h in hits], len(found), dict(facets["kind"]), dict(facets["level"]), snippets)

    def add(self, passage: Passage) -> None:
        from haystack import connections

        from tests.bench.haystack_app.models import Passage as Row

        saved = row(passage)
        saved.save()
        connections["default"].get_unified_index().get_index(Row).update_object(saved)

    def finds(self, word: str) -> bool:
        from haystack.query import SearchQuerySet

        return len(SearchQuerySet().filter(content=word)) > 0

    def servers(self) -> list[int]:
        return []


def row(p: Passage):
    from tests.bench.haystack_app.models import Passage as Row

    return Row(pk=p.number, title=p.title, body=p.body, kind=p.kind, level=p.level)
