"""Routes of stored files."""

from django.urls import path

from qingqu.kernel.files import pages

app_name = "files"
urlpatterns = [
    path("files/<int:file_id>/", pages.download, name="download"),
    path("files/attach/<slug:subject_kind>/<slug:subject_id>/", pages.attach, name="attach"),
]
