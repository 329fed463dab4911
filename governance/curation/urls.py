"""A forgotten password: Django's own views, which the login page links to by these names.

The letter names the public address of the site, whatever host the request claimed to be for.
"""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import views
from django.urls import path

from governance.accounts.passwords import PasswordReset

_site = urlsplit(settings.SITE_URL)
_letter = {"domain": _site.netloc, "protocol": _site.scheme, "site_name": _site.netloc}

urlpatterns = [
    path("password_reset/", PasswordReset.as_view(extra_email_context=_letter), name="admin_password_reset"),
    path("password_reset/done/", views.PasswordResetDoneView.as_view(), name="password_reset_done"),
    path("reset/<uidb64>/<token>/", views.PasswordResetConfirmView.as_view(), name="password_reset_confirm"),
    path("reset/done/", views.PasswordResetCompleteView.as_view(), name="password_reset_complete"),
]
