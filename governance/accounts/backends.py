"""Name and password, and the code of those who set up a second factor.

Asked inside `authenticate()`, so that a wrong code counts towards the lockout like a wrong password.
"""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from governance.accounts import factors


class SecondFactorBackend(ModelBackend):
    """Django's own; where the account has a second factor, a code is wanted too."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, code: str = "",
        **kwargs: Any,
    ) -> Any:  # fmt: skip
        """The user, or None. Raises PermissionDenied, which ends the attempt, when the password is right and the code
        is not; `request.code_wanted` tells the form so."""
        user: Any = super().authenticate(request, username, password, **kwargs)
        if user is None or not factors.has_factor(user):
            return user
        device = factors.proved_by(user, code)
        if device is None:
            if request is not None:
                request.code_wanted = True  # type: ignore[attr-defined]
            raise PermissionDenied
        user.otp_device = device  # which django-otp keeps in the session
        user.used_recovery_code = not factors.is_app(device)
        return user
