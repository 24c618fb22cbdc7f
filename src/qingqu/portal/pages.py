"""Public pages."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from qingqu.kernel.core.policies import PUBLIC, policy


@policy(PUBLIC)
def home(request: HttpRequest) -> HttpResponse:
    """The portal's first page."""
    return render(request, "portal/home.html")
