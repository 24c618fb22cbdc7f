"""Staff home."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from qingqu.kernel.core.policies import SIGNED_IN, policy


@policy(SIGNED_IN)
def home(request: HttpRequest) -> HttpResponse:
    """The signed-in person's to-dos."""
    return render(request, "workbench/home.html")
