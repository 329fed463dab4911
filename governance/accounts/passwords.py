"""A password that is asked for again of somebody who is signed in, and letters to those who forgot it.

Whoever finds a browser that was left alone may guess no more often than at the sign-in: failures count towards the same
lockout, and are noted in the account log alike.
"""

from typing import Any

from axes.handlers.proxy import AxesProxyHandler
from django.contrib.admin.forms import AdminPasswordChangeForm
from django.contrib.auth.signals import user_login_failed
from django.contrib.auth.views import PasswordChangeView, PasswordResetView
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse

from governance.throttling import AddressThrottle, throttled


def is_own(request: HttpRequest, password: str) -> bool:
    """Is this the password of whoever is signed in? No while they are locked out; the answer is then the lockout's."""
    user: Any = request.user
    credentials = {"username": user.get_username()}
    if AxesProxyHandler.is_allowed(request, credentials) and user.check_password(password):
        return True
    user_login_failed.send(sender=__name__, credentials=credentials, request=request)
    return False


class PasswordForm(AdminPasswordChangeForm):
    """The admin's own, with the present password proved as above."""

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        self.request = request
        super().__init__(*args, **kwargs)

    def clean_old_password(self) -> str:
        password = self.cleaned_data["old_password"]
        if not is_own(self.request, password):
            raise ValidationError(self.error_messages["password_incorrect"], code="password_incorrect")
        return password


class PasswordChange(PasswordChangeView):
    form_class = PasswordForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "request": self.request}


class ResetThrottle(AddressThrottle):
    """So many letters at the wish of one address, or anybody's mailbox could be filled."""

    scope, rate = "resets", "10/hour"


class PasswordReset(PasswordResetView):
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        throttle = ResetThrottle()
        if not throttle.allow_request(request, self):
            return throttled(request, throttle.wait())
        return super().post(request, *args, **kwargs)
