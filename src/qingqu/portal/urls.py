"""Routes of the public pages."""

from django.urls import path

from qingqu.portal import logs, pages

app_name = "portal"
urlpatterns = [
    path("", pages.home, name="home"),
    path("answer", pages.answer, name="answer"),
    path("answer.pdf", pages.answer_pdf, name="answer_pdf"),
    path("answer.docx", pages.answer_docx, name="answer_docx"),
    path("answer/rows", pages.rows, name="rows"),
    path("directives/", pages.directives, name="directives"),
    path("directives/<int:directive_id>/", pages.directive, name="directive"),
    path("disclosures/", pages.disclosures, name="disclosures"),
    path("search", pages.find, name="search"),
    path("verify", logs.verify, name="verify"),
    path("verify/qingqu-verifier.html", logs.verifier, name="verifier"),
    path("log/poster.pdf", logs.poster, name="poster"),
    path("about/", pages.about, name="about"),
    path("accessibility/", pages.accessibility, name="accessibility"),
]
