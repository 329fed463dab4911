"""The addresses of the site; each app adds its own."""

from django.urls import include, path

urlpatterns = [
    path("", include("instruments.urls")),
    path("", include("governance.pages.urls")),
]
