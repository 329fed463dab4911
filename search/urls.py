from django.shortcuts import redirect
from django.urls import path

app_name = "search"
urlpatterns = [path("search/", lambda request: redirect(f"/instruments/?{request.GET.urlencode()}"), name="results")]
