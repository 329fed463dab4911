"""The addresses of search under `/api/v1/`."""

from django.urls import path

from search import api

app_name = "search_api"
urlpatterns = [
    path("search/", api.SearchResults.as_view(), name="search"),
    path("suggestions/", api.Suggestions.as_view(), name="suggestions"),
]
