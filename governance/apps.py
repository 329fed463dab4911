from django.apps import AppConfig
from django.conf import settings
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _


class GovernanceConfig(AppConfig):
    name = "governance"
    verbose_name = _("Governance")
    label = "governance"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from governance.accounts import events
        from governance.models.triggers import install_triggers, remove_triggers

        # Both are sent once for each app, before and after all migrations: once is enough.
        pre_migrate.connect(remove_triggers, sender=self)
        post_migrate.connect(install_triggers, sender=self)
        events.listen()
        if settings.IN_REDIS:
            from governance import readiness, shared

            readiness.register("redis", shared.redis_check)
