"""What is noted of accounts: sign-ins, failures, lockouts, and changes of rights."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class AccountEvent(models.Model):
    """One thing that happened to an account. Names are kept as text, so that a later change of a row changes no past.

    It holds no password, no code and no address. `by` is who did it where that is somebody else; empty for the command
    line. What repeats within an hour (failures) is counted in `times`, so that guessing cannot fill the table.
    """

    class Kind(models.TextChoices):
        SIGNED_IN = "signed-in", _("Signed in")
        RECOVERED = "recovered", _("Signed in with a recovery code")
        FAILED = "failed", _("Failed to sign in")
        LOCKED_OUT = "locked-out", _("Locked out")
        SIGNED_OUT = "signed-out", _("Signed out")
        EXPIRED = "expired", _("Signed out by the clock")
        MADE = "made", _("Account made")
        REMOVED = "removed", _("Account removed")
        PASSWORD = "password", _("Password changed")
        RIGHTS = "rights", _("Rights changed")
        FACTOR_ON = "factor-on", _("Second factor set up")
        FACTOR_OFF = "factor-off", _("Second factor taken away")
        NEW_CODES = "new-codes", _("New recovery codes made")

    at = models.DateTimeField(_("when"), default=timezone.now)
    kind = models.CharField(_("what"), max_length=12, choices=Kind)
    account = models.CharField(_("account"), max_length=150, blank=True)
    by = models.CharField(_("by"), max_length=150, blank=True)
    detail = models.CharField(_("details"), max_length=300, blank=True)
    times = models.PositiveIntegerField(_("times"), default=1)

    class Meta:
        ordering = ("-at", "-id")
        verbose_name = _("event of accounts")
        verbose_name_plural = _("sign-ins and rights")
        indexes = (models.Index(fields=("at",), name="account_event_at"),)

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.account}"
