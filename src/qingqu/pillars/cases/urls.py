"""Routes of the cases."""

from django.urls import path

from qingqu.pillars.cases.pages import desk, own

app_name = "cases"
urlpatterns = [
    path("work/cases/", desk.register, name="list"),
    path("work/cases/new/", desk.new, name="new"),
    path("work/cases/<int:case_id>/", desk.detail, name="detail"),
    path("work/cases/<int:case_id>/investigators/", desk.appoint, name="appoint"),
    path("work/cases/<int:case_id>/referral/", desk.refer, name="refer"),
    path("work/cases/people/<int:row_id>/", desk.person, name="person"),
    path("work/cases/people/<int:row_id>/decision.<slug:form>", desk.document, name="document"),
    path("work/cases/people/<int:row_id>/<slug:verb>/", desk.act, name="act"),
    path("work/my-cases/", own.mine, name="mine"),
    path("work/my-cases/<int:row_id>/", own.detail, name="own"),
    path("work/my-cases/<int:row_id>/decision.<slug:form>", own.document, name="own_document"),
    path("work/my-cases/<int:row_id>/<slug:verb>/", own.act, name="own_act"),
]
