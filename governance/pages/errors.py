"""Error pages that fit the site, and the same as data; none of them shows a trace."""

import re
import sys

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from governance import data
from governance.accounts import sessions
from governance.availability import is_outage, unavailable


def bad_request(request: HttpRequest, exception=None) -> HttpResponse:
    if data.wants_data(request):
        return data.error("invalid", _("The request cannot be understood."), 400)
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception=None) -> HttpResponse:
    if data.wants_data(request):
        return data.error("forbidden", _("This is not yours to do."), 403)
    return render(request, "403.html", status=403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that was sent without the site's own mark: from elsewhere, with cookies switched off, or made before its
    sender signed in anew in another window, who then gets back what was typed. A form from elsewhere brings no session
    (its cookie is `SameSite=Lax`)."""
    if request.user.is_authenticated and sessions.is_for_curators(request):
        return sessions.given_back(request, signed_in=True)
    return render(request, "403.html", {"csrf": True}, status=403)


def not_found(request: HttpRequest, exception=None) -> HttpResponse:
    message = str(exception.args[0]) if exception and exception.args and isinstance(exception.args[0], str) else ""
    if data.wants_data(request):
        return data.error("not-found", message or _("There is nothing at this address."), 404)
    return render(request, "404.html", {"message": message, "words": _words(request.path)}, status=404)


def _words(path: str) -> str:
    """The last part of an address as words to search for; nothing where it has none of a usual length."""
    last = path.strip("/").rpartition("/")[2]
    words = " ".join(re.findall(r"[^\W_]+", last))
    return words if 1 < len(words) <= 80 else ""


def not_allowed(request: HttpRequest) -> HttpResponse:
    """405: the address is there to be read."""
    if data.wants_data(request):
        response = data.error("method-not-allowed", _("This address can only be read: use GET or HEAD."), 405)
    else:
        response = render(request, "405.html", status=405)
    response["Allow"] = "GET, HEAD"
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """Needs no database and no context: whatever broke may be broken still. A database that is away is a 503."""
    error = sys.exc_info()[1]  # Django calls this while it handles the error, from a view or from a middleware
    if error is not None and is_outage(error):
        return unavailable(request, error)
    if data.wants_data(request):
        return data.error("server-error", "Something went wrong here. It has been noted.", 500)
    return render(None, "500.html", status=500)
