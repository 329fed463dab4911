"""`/api/v1/schema/`, the OpenAPI document, and `/api/v1/docs/`, the same for people.

The values of filters that name records (levels, topics, countries …) are listed as they are now, so that a client knows
what it may ask. Apps above this one describe their own addresses, and add their shapes to `api.shapes.SHAPES`.
"""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator

from governance import m49
from governance.api.shapes import EXAMPLE_PLURAL, SHAPES
from governance.browse.filters import ALL_KINDS
from governance.models import Record
from governance.models.vocabulary import Binding, Type

BY_RECORDS = {
    "level": Type.LEVEL,
    "principle": Type.PRINCIPLE,
    "topic": Type.TOPIC,
    "actor": Type.ACTOR,
    "country": Type.COUNTRY,
    "source": Type.SOURCE,
}
FIXED = {
    "type": Type.values,
    "binding": Binding.values,
    "kind": sorted(ALL_KINDS),
    "region": sorted({*m49.REGIONS, *m49.SUBREGIONS}),
}


def document() -> dict:
    """The OpenAPI document of the API as it is now."""
    with translation.override("en"):
        return _with_values(SchemaGenerator(api_version="v1").get_schema(request=None, public=True))


def _with_values(result: dict) -> dict:
    """Add our shapes, and to each filter the values it takes."""
    schemas = result.setdefault("components", {}).setdefault("schemas", {})
    schemas |= SHAPES
    slugs: dict[str, list[str]] = {}
    for type_, slug in Record.objects.visible_to(None).order_by("type", "slug").values_list("type", "slug"):
        slugs.setdefault(type_, []).append(slug)
    values = FIXED | {name: slugs.get(type_, []) for name, type_ in BY_RECORDS.items()}
    for name, known in values.items():
        if known:
            schemas[f"{name.capitalize()}Value"] = {"type": "string", "enum": list(known)}
    for path in result["paths"].values():
        for parameter in path["get"].get("parameters", ()):
            name = parameter["name"]
            if f"{name.capitalize()}Value" in schemas and parameter["schema"].get("type") == "array":
                parameter["schema"]["items"] = {"$ref": f"#/components/schemas/{name.capitalize()}Value"}
            if name == "slug" and slugs.get(Type.INSTRUMENT):
                parameter["example"] = slugs[Type.INSTRUMENT][0]
            if name == "plural":
                parameter["example"] = EXAMPLE_PLURAL
    return result


@require_safe
def schema(request: HttpRequest) -> HttpResponse:
    """OpenAPI 3.1, as JSON."""
    return JsonResponse(document(), json_dumps_params={"ensure_ascii": False, "indent": 1})


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """The schema as a page: our own template, nothing from elsewhere, no script."""
    made = document()
    operations = [
        {
            "path": path,
            "is_templated": "{" in path,
            **operation,
            "parameters": [_parameter(p, made) for p in operation.get("parameters", ())],
        }
        for path, item in made["paths"].items()
        for operation in (item["get"],)
    ]
    return render(request, "governance/api.html", {"info": made["info"], "operations": operations})


def _parameter(parameter: dict, made: dict) -> dict:
    """A parameter as the page shows it: its type in words and at most a handful of its values."""
    schema = parameter["schema"]
    items = schema.get("items", schema)
    if "$ref" in items:
        items = made["components"]["schemas"][items["$ref"].rsplit("/", 1)[1]]
    values = items.get("enum", [])
    return {
        **parameter,
        "values": values[:8],
        "more": max(0, len(values) - 8),
        "repeatable": schema.get("type") == "array",
        "kind": items.get("format") or items.get("type", ""),
        "least": items.get("minimum"),
        "most": items.get("maximum"),
    }
