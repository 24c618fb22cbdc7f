"""Routes of the spine."""

from django.urls import path

from qingqu.deployments import pages

app_name = "deployments"
urlpatterns = [
    path("", pages.directives.register, name="list"),
    path("new", pages.directives.new, name="new"),
    path("import", pages.exchange.upload, name="import"),
    path("template.xlsx", pages.exchange.template, name="template"),
    path("export.xlsx", pages.exchange.export, name="export"),
    path("mine/", pages.assignments.mine, name="mine"),
    path("holes/", pages.coverage.holes, name="holes"),
    path("<int:directive_id>/", pages.directives.detail, name="directive"),
    path("<int:directive_id>/edit", pages.directives.edit, name="edit"),
    path("<int:directive_id>/coverage/", pages.coverage.matrix, name="matrix"),
    path("<int:directive_id>/measures/new", pages.measures.new, name="new_measure"),
    path("measures/<int:measure_id>/", pages.measures.detail, name="measure"),
    path("measures/<int:measure_id>/edit", pages.measures.edit, name="edit_measure"),
    path("measures/<int:measure_id>/cascade", pages.measures.cascade, name="cascade"),
    path("assignments/<int:measure_id>-<int:post_id>/", pages.assignments.detail, name="assignment"),
    path("assignments/<int:measure_id>-<int:post_id>/accept", pages.assignments.accept, name="accept"),
    path("assignments/<int:measure_id>-<int:post_id>/decompose", pages.assignments.decompose, name="decompose"),
    path("assignments/<int:measure_id>-<int:post_id>/complete", pages.assignments.complete, name="complete"),
    path("assignments/<int:measure_id>-<int:post_id>/withdraw", pages.withdrawals.withdraw, name="withdraw"),
]
