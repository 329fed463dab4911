"""The addresses of search."""

from django.urls import path

from search import api, views

app_name = "search"
urlpatterns = [
    path("search/", views.search_page, name="results"),
    path("search/suggest/", views.suggestions, name="suggest"),
    path("api/v1/search/", api.search, name="api"),
]
