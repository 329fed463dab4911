"""Answers as data: one shape for records, lists and errors."""

from django.http import HttpRequest, HttpResponse, JsonResponse


def wants_data(request: HttpRequest) -> bool:
    """Is JSON asked for, by `?format=json`, by the `Accept` header or by an address of the API?"""
    if request.path.startswith("/api/") or request.GET.get("format") == "json":
        return True
    if request.GET.get("format"):
        return False
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


def answer(data: dict | list, status: int = 200) -> JsonResponse:
    return JsonResponse(data, status=status, json_dumps_params={"ensure_ascii": False}, safe=False)


def error(code: str, message: str, status: int, details: dict | None = None) -> HttpResponse:
    """The one shape of an error: `{"error": {"code", "message", "details"}}`."""
    return answer({"error": {"code": code, "message": message, "details": details or {}}}, status)
