"""Every route of the site; each package brings its own."""

from django.urls import include, path
from django.views.i18n import set_language

from qingqu.site.api import api

urlpatterns = [
    path("", include("qingqu.portal.urls")),
    path("", include("qingqu.workbench.urls")),
    path("duties/", include("qingqu.kernel.duties.urls")),
    path("deployments/", include("qingqu.deployments.urls")),
    path("log/", include("qingqu.kernel.ledger.urls")),
    path("", include("qingqu.kernel.org.urls")),
    path("", include("qingqu.kernel.files.urls")),
    path("", include("qingqu.kernel.notices.urls")),
    path("", include("qingqu.kernel.publications.urls")),
    path("", include("qingqu.kernel.draws.urls")),
    path("", include("qingqu.pillars.leads.urls")),
    path("", include("qingqu.pillars.petitions.urls")),
    path("", include("qingqu.pillars.rectification.urls")),
    path("", include("qingqu.pillars.audit.urls")),
    path("", include("qingqu.pillars.cases.urls")),
    path("api/", api.urls),
    path("accounts/", include("allauth.urls")),
    path("language", set_language, name="set_language"),
]

handler404 = "qingqu.site.pages.not_found"
handler500 = "qingqu.site.pages.failed"
