"""Answers as data: one shape for records, lists and errors."""

from django.http import HttpRequest, HttpResponse, JsonResponse

from governance.exports.formats import prefers_data


def wants_data(request: HttpRequest) -> bool:
    """Is data asked for, by `?format=` anything but HTML, by the `Accept` header or by an address of the API?"""
    asked = request.GET.get("format")
    if request.path.startswith("/api/"):
        return True
    return asked != "html" if asked else prefers_data(request)


def answer(data: dict | list, status: int = 200) -> JsonResponse:
    return JsonResponse(data, status=status, json_dumps_params={"ensure_ascii": False}, safe=False)


def error(code: str, message: str, status: int, details: dict | None = None) -> HttpResponse:
    """The one shape of an error: `{"error": {"code", "message", "details"}}`."""
    return answer({"error": {"code": code, "message": message, "details": details or {}}}, status)
