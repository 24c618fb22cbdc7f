"""Routes of the draws: staff under work/, parties and the public under draws/."""

from django.urls import path, re_path

from qingqu.kernel.draws.pages import ceremonies, parts, public

app_name = "draws"
urlpatterns = [
    path("work/draws/", ceremonies.register, name="list"),
    path("work/draws/new/", ceremonies.new, name="new"),
    path("work/draws/template.xlsx", ceremonies.template, name="template"),
    path("work/draws/<int:row_id>/", ceremonies.detail, name="detail"),
    path("work/draws/<int:row_id>/roster/", ceremonies.roster, name="roster"),
    path("work/draws/<int:row_id>/part/", parts.own, name="part"),
    re_path(
        r"^work/draws/(?P<row_id>\d{1,18})/"
        r"(?P<verb>change|drop_draw|party|drop_party|link|freeze|close|recuse|record|confirm|draw|abandon)/$",
        ceremonies.act,
        name="act",
    ),
    path("draws/", public.register, name="public_list"),
    path("draws/replay.py", public.script, {"name": "replay.py"}, name="replay_py"),
    path("draws/replay.mjs", public.script, {"name": "replay.mjs"}, name="replay_mjs"),
    path("draws/party/<slug:secret>/", parts.outside, name="outside"),
    path("draws/<slug:number>/", public.detail, name="public"),
    path("draws/<slug:number>/roster.json", public.roster, name="public_roster"),
    path("draws/<slug:number>/bundle.json", public.bundle, name="bundle"),
    path("draws/<slug:number>/hall/", public.hall, name="hall"),
]
