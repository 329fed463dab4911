from django.urls import path

from instruments import views

urlpatterns = [path("instruments/<str:slug>/<str:provision>/", views.provision_page, name="provision")]
