from django.http import HttpResponse
from django.urls import path

urlpatterns = [path("<plural>/<slug>/", lambda request, plural, slug: HttpResponse(slug), name="record")]
