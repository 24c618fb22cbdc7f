"""The account library's public doors that do not exist here."""

from django.http import Http404, HttpRequest, HttpResponse

from qingqu.kernel.core.policies import PUBLIC, policy


@policy(PUBLIC)
def closed(request: HttpRequest) -> HttpResponse:
    """Nothing: accounts are opened and reset by administrators. Raises Http404."""
    raise Http404
