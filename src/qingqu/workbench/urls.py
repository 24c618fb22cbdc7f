"""Routes of the staff home."""

from django.urls import path

from qingqu.workbench import pages

app_name = "workbench"
urlpatterns = [
    path("work/", pages.home, name="home"),
    path("work/board/", pages.board, name="board"),
    path("work/coverage/", pages.coverage, name="coverage"),
]
