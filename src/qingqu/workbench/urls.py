"""Routes of the staff home."""

from django.urls import path

from qingqu.workbench import pages

app_name = "workbench"
urlpatterns = [path("work/", pages.home, name="home")]
