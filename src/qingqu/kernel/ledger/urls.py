"""Routes of the public log: the files of c2sp.org/tlog-tiles."""

from django.urls import path

from qingqu.kernel.ledger import pages

app_name = "ledger"
urlpatterns = [
    path("checkpoint", pages.head, name="head"),
    path("policy", pages.trust, name="policy"),
    path("tile/<path:place>", pages.tile, name="tile"),
]
