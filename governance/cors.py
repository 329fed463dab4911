"""Cross-origin reading (https://fetch.spec.whatwg.org/#http-cors-protocol): any site's script may read public data.

Only reading, and without credentials: `*` never lets a browser send cookies along, so nobody's session is used.
"""

from django.http import HttpRequest, HttpResponse

from governance import data

METHODS = "GET, HEAD, OPTIONS"
ASKED = "Accept, Accept-Language, Content-Type, If-None-Match, If-Modified-Since"
EXPOSED = "ETag, Link, Location, Retry-After, X-Total-Count, X-Note"
DATA = ("/api/", "/data/", "/oai")
CLOSED = ("/admin/",)


class CorsMiddleware:
    """Answers a browser's question beforehand, and marks data as readable from any origin."""

    def __init__(self, get_response) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(CLOSED):
            return self.get_response(request)
        if request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers:
            response = HttpResponse(status=204)
            response["Access-Control-Allow-Methods"] = METHODS
            response["Access-Control-Allow-Headers"] = ASKED
            response["Access-Control-Max-Age"] = "86400"
        else:
            response = self.get_response(request)
            if request.method not in ("GET", "HEAD", "OPTIONS") or not self._is_data(request):
                return response
        response["Access-Control-Allow-Origin"] = "*"
        response["Access-Control-Expose-Headers"] = EXPOSED
        return response

    @staticmethod
    def _is_data(request: HttpRequest) -> bool:
        return request.path.startswith(DATA) or data.wants_data(request)
