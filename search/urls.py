"""The addresses of the pages of search."""

from django.urls import path

from search import views

app_name = "search"
urlpatterns = [
    path("search/", views.search_page, name="results"),
    path("search/suggest/", views.suggestions, name="suggest"),
]
