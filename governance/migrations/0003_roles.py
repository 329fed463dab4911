"""The groups of the three roles: curator, reviewer, administrator."""

from django.db import migrations

from governance.curation.roles import make_groups


class Migration(migrations.Migration):
    dependencies = [
        ("governance", "0002_review"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [migrations.RunPython(lambda apps, schema_editor: make_groups(apps), migrations.RunPython.noop)]
