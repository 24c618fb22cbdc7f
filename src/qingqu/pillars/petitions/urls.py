"""Routes of the petitions: staff under work/, the public page that says how to petition."""

from django.urls import path, re_path

from qingqu.pillars.petitions.pages import letters, matters, public

app_name = "petitions"
urlpatterns = [
    path("work/petitions/", matters.register, name="list"),
    path("work/petitions/new/", matters.new, name="new"),
    path("work/petitions/<int:row_id>/", matters.detail, name="detail"),
    path("work/petitions/<int:row_id>/letter-<int:ordinal>.docx", letters.as_docx, name="letter_docx"),
    path("work/petitions/<int:row_id>/letter-<int:ordinal>.pdf", letters.as_pdf, name="letter_pdf"),
    re_path(
        r"^work/petitions/(?P<row_id>\d{1,18})/"
        r"(?P<verb>accept|refuse|transfer|refer|object|begin|extend|conclude|ask_review|review|ask_recheck|recheck|"
        r"hear|resume|receipt|close)/$",
        matters.act,
        name="act",
    ),
    path("petitions/", public.channels, name="public"),
]
