"""The log of accounts, and the right of administrators to read it."""

import django.utils.timezone
from django.db import migrations, models

from governance.curation.roles import make_groups


class Migration(migrations.Migration):
    dependencies = [
        ("governance", "0010_text_uploads"),
    ]

    operations = [
        migrations.CreateModel(
            name="AccountEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="when")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("signed-in", "Signed in"),
                            ("recovered", "Signed in with a recovery code"),
                            ("failed", "Failed to sign in"),
                            ("locked-out", "Locked out"),
                            ("signed-out", "Signed out"),
                            ("expired", "Signed out by the clock"),
                            ("made", "Account made"),
                            ("removed", "Account removed"),
                            ("password", "Password changed"),
                            ("rights", "Rights changed"),
                            ("factor-on", "Second factor set up"),
                            ("factor-off", "Second factor taken away"),
                            ("new-codes", "New recovery codes made"),
                        ],
                        max_length=12,
                        verbose_name="what",
                    ),
                ),
                ("account", models.CharField(blank=True, max_length=150, verbose_name="account")),
                ("by", models.CharField(blank=True, max_length=150, verbose_name="by")),
                ("detail", models.CharField(blank=True, max_length=300, verbose_name="details")),
                ("times", models.PositiveIntegerField(default=1, verbose_name="times")),
            ],
            options={
                "verbose_name": "event of accounts",
                "verbose_name_plural": "sign-ins and rights",
                "ordering": ("-at", "-id"),
                "indexes": [models.Index(fields=["at"], name="account_event_at")],
            },
        ),
        migrations.RunPython(lambda apps, schema_editor: make_groups(apps), migrations.RunPython.noop),
    ]
