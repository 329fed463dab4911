"""The addresses of search under `/api/v1/`, and the shapes of what they answer for the schema of the API."""

from django.urls import path

from governance.api.shapes import SHAPES
from search import api, api_shapes

app_name = "search_api"
urlpatterns = [
    path("search/", api.SearchResults.as_view(), name="search"),
    path("suggestions/", api.Suggestions.as_view(), name="suggestions"),
]
SHAPES.update(api_shapes.SHAPES)
