"""When the database is away, or nothing can be written: a clear 503 that says when to come back, never a trace.

Retry-After: RFC 9110, 10.2.3. What needs no database (static files, `/about/`, `/healthz`) is served all the same.
"""

import errno
import logging

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from governance import data

log = logging.getLogger(__name__)
RETRY_AFTER = 15  # seconds
READ_ONLY = "25006"  # a standby: https://www.postgresql.org/docs/15/errcodes-appendix.html
NO_STORAGE = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.EFBIG}


def is_outage(error: BaseException | None) -> bool:
    """Is this error, or what it came from, a database or a disk that is not to be had, no mistake of ours?"""
    while error is not None:
        if isinstance(error, OperationalError | InterfaceError):
            return True
        if isinstance(error, OSError) and error.errno in NO_STORAGE:
            return True
        if getattr(error, "sqlstate", None) == READ_ONLY:
            return True
        error = error.__cause__
    return False


def unavailable(request: HttpRequest, error: BaseException) -> HttpResponse:
    """The 503 for an outage, as a page or as data. Needs no database: neither a session nor the site's navigation."""
    log.error("Not available: %s", " ".join(str(error).split()))
    if data.wants_data(request):
        message = _("The service is not available at the moment; try again in %d seconds.") % RETRY_AFTER
        response = data.error("unavailable", message, 503, {"retry_after": RETRY_AFTER})
    else:
        response = render(None, "503.html", {"retry_after": RETRY_AFTER}, status=503)
    response["Retry-After"] = str(RETRY_AFTER)
    response["Cache-Control"] = "no-store"
    # One line is enough: Django would add the trace of every request for as long as the database is away.
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response
