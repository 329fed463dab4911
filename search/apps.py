from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "search"
    label = "search"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from governance import readiness
        from governance.models.vocabulary import Type
        from search.documents import register
        from search.passages import paragraphs_of
        from search.provisions import provisions_of
        from search.readiness import index

        register(Type.INSTRUMENT, provisions_of)
        register(Type.SOURCE, paragraphs_of)
        readiness.register("index", index)
