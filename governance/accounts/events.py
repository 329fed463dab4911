"""Notes sign-ins, failures, lockouts and changes of rights, for administrators to read; kept for half a year.

The log is written from Django's own signals (https://docs.djangoproject.com/en/5.2/ref/contrib/auth/#module-django.contrib.auth.signals),
so that the admin, the commands and whatever else saves an account are noted alike. A write past the models
(`QuerySet.update()`, SQL) is not.
"""

from contextvars import ContextVar
from datetime import timedelta
from typing import Any

from axes.signals import user_locked_out
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db.models import F
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_save
from django.utils import timezone
from django.utils.translation import gettext as _

from governance.models import AccountEvent

KEPT = timedelta(days=180)
COUNTED_TOGETHER = timedelta(hours=1)
RIGHTS = ("is_active", "is_staff", "is_superuser")
Kind = AccountEvent.Kind

doer: ContextVar[str] = ContextVar("doer", default="")
"""The name of whoever is signed in, while a request is answered (`governance.accounts.sessions`)."""


def note(kind: str, account: str, detail: str = "", by: str | None = None) -> None:
    """Keep one event, and forget those that are older than is promised."""
    by = doer.get() if by is None else by
    now = timezone.now()
    AccountEvent.objects.filter(at__lt=now - KEPT).delete()
    AccountEvent.objects.create(
        kind=kind, account=account[:150], by="" if by == account else by, detail=detail[:300], at=now
    )


def count(kind: str, account: str) -> None:
    """Keep an event that may come in masses: once an hour, with how often."""
    recent = AccountEvent.objects.filter(kind=kind, account=account, at__gte=timezone.now() - COUNTED_TOGETHER)
    latest = recent.values_list("pk", flat=True).first()
    if latest is None:
        note(kind, account, by="")
    else:
        AccountEvent.objects.filter(pk=latest).update(times=F("times") + 1)


def known(name: str | None) -> str:
    """The name where there is such an account. Others are not kept: people type passwords into the wrong field."""
    return name if name and get_user_model().objects.filter(username=name).exists() else ""


def _signed_in(sender: Any, user: Any, **kwargs: Any) -> None:
    recovered = getattr(user, "used_recovery_code", False)
    note(Kind.RECOVERED if recovered else Kind.SIGNED_IN, user.get_username(), by="")


def _signed_out(sender: Any, user: Any, request: Any = None, **kwargs: Any) -> None:
    if user is not None:
        note(Kind.EXPIRED if getattr(request, "over", False) else Kind.SIGNED_OUT, user.get_username(), by="")


def _failed(sender: Any, credentials: dict, request: Any = None, **kwargs: Any) -> None:
    if not getattr(request, "axes_locked_out", False):
        count(Kind.FAILED, known(credentials.get("username")))


def _locked_out(sender: Any, username: str | None, **kwargs: Any) -> None:
    count(Kind.LOCKED_OUT, known(username))


def _before_saving(sender: Any, instance: Any, raw: bool, update_fields: Any = None, **kwargs: Any) -> None:
    """Look up what the account was; a save of other fields (the last sign-in) is none of this log's."""
    watched = {*RIGHTS, "password"}
    instance._before = None
    if not raw and instance.pk and (update_fields is None or watched & set(update_fields)):
        instance._before = get_user_model().objects.filter(pk=instance.pk).values(*watched).first()


def _after_saving(sender: Any, instance: Any, created: bool, raw: bool, **kwargs: Any) -> None:
    if raw:
        return
    name, before = instance.get_username(), instance._before
    if created:
        note(Kind.MADE, name, ", ".join(_named(flag) for flag in RIGHTS if getattr(instance, flag)))
    if created or before is None:
        return
    changed = [
        f"{_named(flag)}: {_word(getattr(instance, flag))}"
        for flag in RIGHTS
        if getattr(instance, flag) != before[flag]
    ]
    if changed:
        note(Kind.RIGHTS, name, ", ".join(changed))
    if instance.password != before["password"]:
        note(Kind.PASSWORD, name)


def _named(flag: str) -> str:
    """What the admin calls it where it is set."""
    return str(get_user_model()._meta.get_field(flag).verbose_name)  # type: ignore[union-attr]


def _word(flag: bool) -> str:
    return _("yes") if flag else _("no")


def _removed(sender: Any, instance: Any, **kwargs: Any) -> None:
    note(Kind.REMOVED, instance.get_username())


_SIGNS = {"post_add": "+", "post_remove": "−", "post_clear": "−"}


def _groups(sender: Any, instance: Any, action: str, reverse: bool, pk_set: set | None, **kwargs: Any) -> None:
    """Roles given and taken: `instance` is the account, or from the other side the group."""
    if action not in _SIGNS:
        return
    if reverse:
        for user in get_user_model().objects.filter(pk__in=pk_set or ()):
            note(Kind.RIGHTS, user.get_username(), f"{_SIGNS[action]} {instance}")
    else:
        names = Group.objects.filter(pk__in=pk_set or ()).order_by("name").values_list("name", flat=True)
        note(Kind.RIGHTS, instance.get_username(), f"{_SIGNS[action]} {', '.join(names) or _('all roles')}")


def _permissions(sender: Any, instance: Any, action: str, pk_set: set | None, **kwargs: Any) -> None:
    """Single rights given to an account or a role."""
    if action in _SIGNS:
        given = Permission.objects.filter(pk__in=pk_set or ()).order_by("codename")
        names = ", ".join(given.values_list("name", flat=True))
        note(Kind.RIGHTS, str(instance), f"{_SIGNS[action]} {names or _('all rights')}")


def listen() -> None:
    """Connect the signals; once, when the app is ready."""
    user = get_user_model()
    user_logged_in.connect(_signed_in)
    user_logged_out.connect(_signed_out)
    user_login_failed.connect(_failed)
    user_locked_out.connect(_locked_out)
    pre_save.connect(_before_saving, sender=user)
    post_save.connect(_after_saving, sender=user)
    post_delete.connect(_removed, sender=user)
    m2m_changed.connect(_groups, sender=user.groups.through)
    for through in (user.user_permissions.through, Group.permissions.through):
        m2m_changed.connect(_permissions, sender=through)
