"""Routes of the leads."""

from django.urls import path, re_path

from qingqu.pillars.leads import aside_pages, pages

app_name = "leads"
urlpatterns = [
    path("work/leads/", pages.register, name="list"),
    path("work/leads/new/", pages.new, name="new"),
    path("work/leads/upward/", aside_pages.upward, name="upward"),
    path("work/minors/", aside_pages.minors, name="minors"),
    path("work/leads/<int:lead_id>/", pages.detail, name="detail"),
    path("work/leads/<int:lead_id>/propose/", pages.propose, name="propose"),
    path("work/leads/<int:lead_id>/decide/", pages.decide, name="decide"),
    path("work/leads/<int:lead_id>/related/", pages.related, name="related"),
    re_path(
        r"^work/leads/(?P<lead_id>\d{1,18})/(?P<verb>study|talk|feed_back|merge|intervene)/$", pages.act, name="act"
    ),
]
