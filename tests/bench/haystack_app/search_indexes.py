from haystack import indexes

from tests.bench.haystack_app.models import Passage


class PassageIndex(indexes.SearchIndex, indexes.Indexable):
    text = indexes.CharField(document=True)
    kind = indexes.CharField(model_attr="kind", faceted=True)
    level = indexes.CharField(model_attr="level", faceted=True)

    def get_model(self):
        return Passage

    def prepare_text(self, passage: Passage) -> str:
        return f"{passage.title}\n{passage.body}"
