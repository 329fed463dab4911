from django.apps import AppConfig


class InstrumentsConfig(AppConfig):
    name = "instruments"
    label = "instruments"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from governance.knowledge.sections import register
        from instruments.knowledge import SECTION

        register(SECTION)
