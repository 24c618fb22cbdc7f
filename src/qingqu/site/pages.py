"""Answers that belong to no package: what does not exist, what went wrong, and what nobody is known to have sent."""

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The one answer for what does not exist and what is out of scope: same bytes whatever was asked."""
    del request, exception
    return HttpResponse(render_to_string("404.html"), status=404)


def failed(request: HttpRequest) -> HttpResponse:
    """The answer to our own error; says that nothing was changed."""
    del request
    return HttpResponse(render_to_string("500.html"), status=500)


def unproven(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The answer to a form whose page does not prove who sent it: what to do, and nothing about where or why."""
    del request, reason
    return HttpResponse(render_to_string("403_csrf.html"), status=403)
