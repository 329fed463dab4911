from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("governance", "0004_passage")]

    operations = [
        migrations.RenameField("loadeddocument", "change", "changes"),
        migrations.AlterField(
            "loadeddocument",
            "changes",
            models.BigIntegerField(help_text="how many changes the log had of it when the load ended"),
        ),
    ]
