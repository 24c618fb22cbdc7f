"""Routes of the audit desk."""

from django.urls import path

from qingqu.pillars.audit import import_pages, indicator_pages, pages

app_name = "audit"
urlpatterns = [
    path("work/audit/flags/", pages.flags, name="flags"),
    path("work/audit/flags/export", pages.export, name="export"),
    path("work/audit/flags/<int:flag_id>/", pages.flag, name="flag"),
    path("work/audit/indicators/", indicator_pages.precision, name="precision"),
    path("work/audit/indicators/<slug:name>/", indicator_pages.indicator, name="indicator"),
    path("work/audit/indicators/<slug:name>/parameters/", indicator_pages.parameters, name="parameters"),
    path("work/audit/runs/", pages.runs, name="runs"),
    path("work/audit/runs/<int:run_id>/", pages.run, name="run"),
    path("work/audit/imports/", import_pages.imports, name="imports"),
    path("work/audit/imports/new/", import_pages.upload, name="upload"),
    path("work/audit/imports/<int:job_id>/", import_pages.import_, name="import"),
    path("work/audit/imports/<int:job_id>/mapping/", import_pages.mapping, name="mapping"),
    path("work/audit/rejects/<int:reject_id>/", import_pages.reject, name="reject"),
]
