"""Routes of the public pages."""

from django.urls import path

from qingqu.portal import pages

app_name = "portal"
urlpatterns = [path("", pages.home, name="home")]
