"""Routes of the duties."""

from django.urls import path

from qingqu.kernel.duties import pages

app_name = "duties"
urlpatterns = [
    path("", pages.register, name="list"),
    path("<int:duty_id>/", pages.detail, name="detail"),
    path("<int:duty_id>/complete", pages.complete, name="complete"),
    path("<int:duty_id>/extend", pages.extend, name="extend"),
    path("<int:duty_id>/pause", pages.pause, name="pause"),
    path("<int:duty_id>/resume", pages.resume, name="resume"),
]
