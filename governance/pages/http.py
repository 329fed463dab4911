"""What all pages that are only read have in common: their methods and their formats."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from governance import data
from governance.pages.errors import not_allowed


def reading(*formats: str) -> Callable:
    """Make a view answer GET and HEAD only, as HTML or in one of `formats`.

    Another method is a 405 that says so; it changes nothing, so it needs no CSRF token to be told. A `?format=` that
    the address does not have is a 400 that names those it has; without `formats` the parameter means nothing here.
    """

    def decorate(view: Callable) -> Callable:
        @wraps(view)
        def answer(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            if request.method not in ("GET", "HEAD"):
                return not_allowed(request)
            wanted = request.GET.get("format")
            if wanted and formats and wanted not in ("html", *formats):
                message = _("There is no such format here; choose one of: %s.") % ", ".join(("html", *formats))
                return data.error("invalid", message, 400, {"format": message})
            return view(request, *args, **kwargs)

        return csrf_exempt(answer)

    return decorate
