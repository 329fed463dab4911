"""How long somebody stays signed in: twelve hours at most, and two without a request.

https://cheatsheetseries.owasp.org/cheatsheets/Session_Management_Cheat_Sheet.html#session-expiration asks for both.
A session that began before its account had a second factor ends with the next request.
"""

import re
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from governance.accounts import factors
from governance.accounts.events import doer

KEY = re.compile(r"[0-9a-z]{32}", re.ASCII)  # of a session, as Django makes them
BEGAN, SEEN = "began", "seen"
NOTED_EVERY = 60  # seconds: not every request writes to the database
NOT_GIVEN_BACK = ("csrfmiddlewaretoken", "password", "code", "step", "token", "base", "onto", "_FORMS", "ORDER")
# What wants no session, or holds nothing that could be lost.
LET_THROUGH = ("login", "logout", "admin_password_reset", "password_reset_confirm", "preview", "set-language")


class Sessions(SessionMiddleware):
    """Django's own, for keys that it may have given. What else a browser sends is looked for nowhere: PostgreSQL
    refuses to be asked for a zero byte, and Django's caches remember for ever a warning for each key that is too long
    or has spaces."""

    def process_request(self, request: HttpRequest) -> None:
        if not KEY.fullmatch(request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")):
            request.COOKIES.pop(settings.SESSION_COOKIE_NAME, None)
        super().process_request(request)


class SessionLimits:
    """Signs out whoever was away for too long, and tells the account log who acts in a request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or not request.user.is_authenticated:
            return self.get_response(request)
        name = request.user.get_username()
        verified = request.user.is_verified()  # type: ignore[attr-defined]  # django_otp adds it to the user
        if self._is_over(request) or (factors.has_factor(request.user) and not verified):
            request.over = True  # type: ignore[attr-defined]  # for the account log: not the user's own step
            logout(request)
            if request.method == "POST" and is_for_curators(request):
                return given_back(request)
            if is_for_curators(request):
                messages.info(request, _("You were signed out, since you were away for a long time. Sign in again."))
            return self.get_response(request)
        token = doer.set(name)
        try:
            return self.get_response(request)
        finally:
            doer.reset(token)

    @staticmethod
    def process_view(request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """A form that comes when the browser has forgotten the session already; its mark was found good by then."""
        late = request.method == "POST" and not request.user.is_authenticated and is_for_curators(request)
        if not late or request.resolver_match is None or request.resolver_match.url_name in LET_THROUGH:
            return None
        return given_back(request) if typed_in(request) else None

    @staticmethod
    def _is_over(request: HttpRequest) -> bool:
        """Note that the session is in use, unless it has been for too long, or not for too long. A clock that was set
        back ends no session."""
        now = int(time.time())
        began, seen = request.session.get(BEGAN, now), request.session.get(SEEN, now)
        if now - began > settings.SESSION_COOKIE_AGE or now - seen > settings.SESSION_IDLE_AGE:
            return True
        if BEGAN not in request.session or abs(now - seen) > NOTED_EVERY or SEEN not in request.session:
            request.session.update({BEGAN: began, SEEN: now})
            _keep(request)
        return False


def _keep(request: HttpRequest) -> None:
    """Save what was noted. On a database that only reads, the request goes on all the same; left to the session's own
    middleware, it would be a 400."""
    try:
        request.session.save()
    except UpdateError:
        pass
    request.session.modified = False


def is_for_curators(request: HttpRequest) -> bool:
    return request.path.startswith(reverse("admin:index"))


def typed_in(request: HttpRequest) -> list[tuple[str, str]]:
    """The names and values of what was typed into a form, without what is secret or the form's own."""
    return [
        (name, value)
        for name, values in request.POST.lists()
        if not (name.startswith("_") or any(word in name for word in NOT_GIVEN_BACK))  # buttons begin with a _
        for value in values
        if value.strip()
    ]


def given_back(request: HttpRequest, *, signed_in: bool = False) -> HttpResponse:
    """What was typed, to be copied: a form that comes too late is not saved, and not thrown away either.

    `signed_in`: they did sign in, but after the form was made, so that its mark is not good any more.
    """
    context = {"typed": typed_in(request), "next": request.path, "signed_in": signed_in}
    return render(request, "admin/signed_out.html", context, status=403)
