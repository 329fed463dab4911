"""The three roles, as Django groups: what each may do is asked as a permission, never by the name of the group."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

READ = "governance.view_record"  # drafts too
ADD = "governance.add_record"
CURATE = "governance.change_record"
REVIEW = "governance.review_record"
ADMINISTER = "governance.administer_record"


class Role(TextChoices):
    CURATOR = "curator", _("Curator")
    REVIEWER = "reviewer", _("Reviewer")
    ADMINISTRATOR = "administrator", _("Administrator")


_CURATOR = (READ, ADD, CURATE)
_REVIEWER = (*_CURATOR, REVIEW)
_USERS = (
    "auth.view_user",
    "auth.add_user",
    "auth.change_user",
    "auth.view_group",
    "auth.add_group",
    "auth.change_group",
    "governance.view_accountevent",
)
PERMISSIONS = {
    Role.CURATOR: _CURATOR,
    Role.REVIEWER: _REVIEWER,
    Role.ADMINISTRATOR: (*_REVIEWER, ADMINISTER, *_USERS),
}


def make_groups(apps) -> None:
    """Make the group of each role with its permissions, where they are missing; `apps` is a registry of models.

    A permission is usually made after the migrations have run; what a group needs before is made here.
    """
    group_model = apps.get_model("auth", "Group")
    for role, names in PERMISSIONS.items():
        group, _created = group_model.objects.get_or_create(name=role.value)
        group.permissions.add(*(_permission(apps, name) for name in names))


def _permission(apps, name: str):
    label, codename = name.split(".")
    content_type, _made = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label=label, model=codename.partition("_")[2]
    )
    permission, _made = apps.get_model("auth", "Permission").objects.get_or_create(
        content_type=content_type, codename=codename, defaults={"name": f"Can {codename.replace('_', ' ')}"}
    )
    return permission


def assign(user, role: str) -> None:
    """Give a user one role and take the others away; the group is made if need be."""
    from django.apps import apps
    from django.contrib.auth.models import Group

    if not Group.objects.filter(name=Role(role).value).exists():
        make_groups(apps)
    user.groups.remove(*user.groups.filter(name__in=Role.values).exclude(name=Role(role).value))
    user.groups.add(Group.objects.get(name=Role(role).value))
