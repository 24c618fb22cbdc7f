"""Every route of the site; each package brings its own."""

from django.urls import include, path
from django.views.i18n import set_language

urlpatterns = [
    path("", include("qingqu.portal.urls")),
    path("", include("qingqu.workbench.urls")),
    path("duties/", include("qingqu.kernel.duties.urls")),
    path("", include("qingqu.kernel.org.urls")),
    path("", include("qingqu.kernel.publications.urls")),
    path("", include("qingqu.pillars.leads.urls")),
    path("", include("qingqu.pillars.rectification.urls")),
    path("accounts/", include("allauth.urls")),
    path("language", set_language, name="set_language"),
]

handler404 = "qingqu.site.pages.not_found"
handler500 = "qingqu.site.pages.failed"
