"""Forms of signing in and of the second factor."""

from typing import Any

from django import forms
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from governance.accounts import factors, passwords

_DIGITS = {"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false", "maxlength": "20"}


class SignInForm(AdminAuthenticationForm):
    """The admin's own, with a place for the code of those who set one up."""

    code = forms.CharField(
        label=_("Code"),
        required=False,
        max_length=20,
        strip=True,
        widget=forms.TextInput(attrs=_DIGITS),
        help_text=_("Only if you set up a second factor: the code your app shows, or a recovery code."),
    )

    def clean(self) -> dict[str, Any]:
        """As the parent's, with the code among what is proved."""
        given = self.cleaned_data
        name, password = given.get("username"), given.get("password")
        if name is None or not password:
            return given
        self.user_cache = authenticate(self.request, username=name, password=password, code=given.get("code", ""))
        if self.user_cache is not None:
            self.confirm_login_allowed(self.user_cache)
        elif getattr(self.request, "code_wanted", False) and not given.get("code"):
            self.add_error("code", _("This account has a second factor. Enter the code your app shows now."))
        elif getattr(self.request, "code_wanted", False):
            self.add_error("code", _("This is not a code that is good now. Enter the newest one, or a recovery code."))
        else:
            raise self.get_invalid_login_error()
        return given


class _AccountForm(forms.Form):
    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        self.request, self.user = request, request.user
        super().__init__(*args, **kwargs)


class EnrolForm(_AccountForm):
    """The password, since a browser may have been left alone, and a first code, which proves that the app has it."""

    password = forms.CharField(
        label=_("Your password"), widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )
    code = forms.CharField(label=_("Code that the app shows"), max_length=20, widget=forms.TextInput(attrs=_DIGITS))

    def clean_password(self) -> str:
        if not passwords.is_own(self.request, self.cleaned_data["password"]):
            raise ValidationError(_("This is not your password."))
        return self.cleaned_data["password"]

    def clean(self) -> dict[str, Any]:
        if not self.errors and factors.confirm(self.user, self.cleaned_data["code"]) is None:
            self.add_error(
                "code", _("This code is not right. Wait for the next one, and check the clock of the phone.")
            )
        return self.cleaned_data


class ProofForm(_AccountForm):
    """A code, before the second factor is changed."""

    code = forms.CharField(
        label=_("Code from your app, or a recovery code"), max_length=20, widget=forms.TextInput(attrs=_DIGITS)
    )

    def clean_code(self) -> str:
        if factors.proved_by(self.user, self.cleaned_data["code"]) is None:
            raise ValidationError(_("This is not a code that is good now. Enter the newest one, or a recovery code."))
        return self.cleaned_data["code"]
