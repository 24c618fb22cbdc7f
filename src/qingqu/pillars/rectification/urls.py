"""Routes of the rectifications."""

from django.urls import path

from qingqu.pillars.rectification import pages

app_name = "rectification"
urlpatterns = [
    path("work/rectifications/", pages.register, name="list"),
    path("work/rectifications/new/", pages.new, name="new"),
    path("work/rectifications/<int:row_id>/", pages.detail, name="detail"),
    path("work/rectifications/<int:row_id>/plan/", pages.plan, name="plan"),
    path("work/rectifications/<int:row_id>/report/", pages.report, name="report"),
    path("work/rectifications/<int:row_id>/recheck/", pages.recheck, name="recheck"),
]
