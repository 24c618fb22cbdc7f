"""Routes of the notices."""

from django.urls import path

from qingqu.kernel.notices import pages

app_name = "notices"
urlpatterns = [
    path("work/notices/", pages.register, name="list"),
    path("work/notices/read/", pages.read_all, name="read_all"),
    path("work/notices/channels/", pages.channels, name="channels"),
    path("work/notices/calendar/", pages.calendar, name="calendar"),
    path("calendar/<slug:secret>.ics", pages.feed, name="feed"),
    path("work/notices/<int:notice_id>/read/", pages.read, name="read"),
]
