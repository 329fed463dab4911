"""Errors of the API in the one shape of all data: `{"error": {"code", "message", "details"}}`."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from rest_framework.exceptions import APIException, MethodNotAllowed, Throttled

from governance import addresses, data
from governance.throttling import throttled


class Refused(APIException):
    """400: parameters that cannot be used, each with what is wrong with it."""

    status_code = 400

    def __init__(self, faults: dict[str, str]) -> None:
        self.faults = faults
        super().__init__("refused")


def handle(error: Exception, context: dict) -> HttpResponse | None:
    """The answer to an exception of a view; None for what is a fault of ours, which becomes a 500."""
    match error:
        case Refused():
            return data.error("invalid", _("The query cannot be used as it is."), 400, error.faults)
        case Http404():
            said = error.args[0] if error.args and isinstance(error.args[0], str) else ""
            return data.error("not-found", said or _("There is nothing at this address."), 404)
        case addresses.Gone():
            return gone(error.record)
        case Throttled():
            return throttled(context["request"]._request, getattr(error, "wait", None))
        case MethodNotAllowed():
            response = data.error("method-not-allowed", _("The API can only be read: use GET or HEAD."), 405)
            response["Allow"] = ", ".join(context["view"].allowed_methods)
            return response
        case PermissionDenied():
            return data.error("forbidden", _("This is not yours to do."), 403)
        case APIException():
            return data.error("invalid", str(error.detail), error.status_code)
    return None


def gone(record) -> HttpResponse:
    """410: the tombstone of a withdrawn record."""
    return data.error("gone", _("This record was withdrawn."), 410, {"type": record.type, "slug": record.slug})
