"""`/api/v1/`: where to begin."""

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from governance.api import parameters as p
from governance.api.base import ReadView
from governance.api.schema import document


class Index(ReadView):
    """What can be asked, each address with what it answers, and where the schema is."""

    @extend_schema(operation_id="index", tags=["Records"], responses=p.answers("Index", 400, 429))
    def get(self, request) -> Response:
        made = document()
        return Response({
            "title": made["info"]["title"],
            "schema": request.build_absolute_uri(reverse("api:schema")),
            "docs": request.build_absolute_uri(reverse("api:docs")),
            "addresses": [
                {"path": path, "summary": item["get"].get("description", "").partition("\n")[0]}
                for path, item in made["paths"].items()
            ],
        })  # fmt: skip
