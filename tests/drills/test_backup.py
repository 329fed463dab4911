"""What was backed up is restored on an empty machine: all of it, and on the other database too."""

import json
from pathlib import Path

import pytest

from tests.drills.instance import Instance

pytestmark = pytest.mark.slow
UPLOAD = Path("uploads", "imports", "список 1.csv")
BEGIN = "import django; django.setup()"
STATE = """
import json
from django.contrib.auth import get_user_model
from governance.knowledge import dump_many
from governance.knowledge.files import line
from governance.models import Change, FormerSlug, LoadedDocument, Record, Revision
users = get_user_model().objects.values_list("pk", "username", "password", "is_active", "date_joined", "groups__name")
tables = {
    "users": users,
    "revisions": Revision.objects.values_list("pk", "record__slug", "number", "document", "state", "decision"),
    "changes": Change.objects.values_list("id", "table", "op", "record_id", "at"),
    "loaded": LoadedDocument.objects.values_list("record_id", "given", "made", "state", "changes"),
    "former": FormerSlug.objects.values_list("type", "slug", "record_id"),
}
found = {name: list(rows.order_by("pk")) for name, rows in tables.items()}
found["dump"] = [line(document) for document in dump_many(Record.objects.order_by("type", "slug"), public=False)]
print(json.dumps(found, default=str))
"""
EDIT = """
from django.contrib.auth import get_user_model
from governance.knowledge import apply
from governance.models import FormerSlug, Record
from tests.drills.knowledge import agreement
user = get_user_model().objects.create_user("{name}", "a@example.org", "a long pass phrase")
for version in (1, 2):
    apply(agreement(7, version), author=user, comment="Édité – ‘quoted’ \\x01")
apply(agreement(8, 1), author=user, state="withdrawn")
apply(agreement(9, 1), author=user, state="draft")
FormerSlug.objects.create(type="instrument", slug="old-{name}", record=Record.objects.get(slug="agreement-7"))
Record.objects.filter(slug="agreement-10").update(title="Written by hand")
"""
COMMAND = """
from django.core.management import call_command
call_command({}, verbosity=0)
"""


def edited(name: str) -> str:
    """An account, and what it does: edits, what is withdrawn and what is not yet public, a write past the code."""
    return EDIT.replace("{name}", name)


def command(*words: str) -> str:
    return COMMAND.format(", ".join(map(repr, words)))


def state(instance: Instance, *before: str) -> dict:
    """What is in the database once these pieces of code have run, all in one process."""
    return json.loads(instance.run("-c", "\n".join([BEGIN, *before, STATE])).stdout.splitlines()[-1])


def test_a_restored_instance_is_the_original(instance: Instance, new_instance, tmp_path: Path) -> None:
    (instance.folder / UPLOAD).parent.mkdir(parents=True)
    (instance.folder / UPLOAD).write_bytes(bytes(range(256)) * 100)
    archive = tmp_path / "backup.tar.gz"
    original = state(instance, edited("ada"), command("backup", str(archive)))
    for copy in (new_instance("copy"), Instance(tmp_path / "on-sqlite")):
        copy.manage("restore", str(archive))
        assert state(copy, command("search_check")) == original
        assert (copy.folder / UPLOAD).read_bytes() == (instance.folder / UPLOAD).read_bytes()
        if not copy.database:
            break  # it was SQLite already


def test_the_log_goes_on_after_all_numbers_that_were_ever_given(instance: Instance, tmp_path: Path) -> None:
    """Or a cache or an index that has seen the lost changes would take the new ones for them."""
    archive = tmp_path / "backup.tar.gz"
    kept = max(row[0] for row in state(instance, command("backup", str(archive)))["changes"])
    lost = max(row[0] for row in state(instance, edited("lost"))["changes"])
    instance.manage("restore", str(archive), "--force")
    found = state(instance, edited("new"), command("search_check"))
    new = [row[0] for row in found["changes"] if row[0] > kept]
    assert min(new) > lost > kept
