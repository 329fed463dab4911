from django.urls import path

from governance.pictures import views

urlpatterns = [
    path("", views.index, name="pictures"),
    path("timeline/", views.timeline_page, name="picture-timeline"),
    path("lineage/<str:slug>/", views.lineage_page, name="picture-lineage"),
    path("overlap/", views.overlap_page, name="picture-overlap"),
    path("acting/", views.acting_page, name="picture-acting"),
    path("principles/", views.principles_page, name="picture-principles"),
    path("map/", views.map_page, name="picture-map"),
]
