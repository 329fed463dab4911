from django.http import HttpResponse
from django.urls import path

urlpatterns = [path("instruments/<slug>/<provision>/", lambda r, slug, provision: HttpResponse(slug), name="provision")]
