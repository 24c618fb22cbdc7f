"""Routes of the publish gate: staff under work/, the public under publications/."""

from django.urls import path, re_path

from qingqu.kernel.publications import pages, public_pages

app_name = "publications"
urlpatterns = [
    path("work/publications/", pages.register, name="list"),
    path("work/publications/new/", pages.new, name="new"),
    path("work/publications/<int:row_id>/", pages.detail, name="detail"),
    re_path(
        r"^work/publications/(?P<row_id>\d{1,18})/(?P<verb>edit|submit|return|confirm|publish|correct|withdraw)/$",
        pages.act,
        name="act",
    ),
    path("publications/", public_pages.register, name="public_list"),
    path("publications/<slug:number>/", public_pages.detail, name="public"),
    path("publications/<slug:number>/<int:ordinal>.json", public_pages.copy, name="copy"),
    path("publications/<slug:number>/<int:ordinal>.tlog-proof", public_pages.receipt, name="receipt"),
    path("publications/<slug:number>/<int:ordinal>.promise", public_pages.promise, name="promise"),
    path("publications/<slug:number>/<int:ordinal>.proof.json", public_pages.proof, name="proof"),
    path("publications/<slug:number>/<int:ordinal>.receipt.pdf", public_pages.printed, name="printed"),
]
