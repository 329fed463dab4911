from django.urls import path

from governance.api import changes, edges, index, records, schema

app_name = "api"
urlpatterns = [
    path("", index.Index.as_view(), name="index"),
    path("schema/", schema.schema, name="schema"),
    path("docs/", schema.docs, name="docs"),
    path("relations/", edges.RelationList.as_view(), name="relations"),
    path("participation/", edges.ParticipationList.as_view(), name="participation"),
    path("changes/", changes.ChangeList.as_view(), name="changes"),
    path("<plural:plural>/", records.RecordList.as_view(), name="records"),
    path("<plural:plural>/<str:slug>/", records.RecordDetail.as_view(), name="record"),
]
