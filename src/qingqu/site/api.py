"""The JSON interface: each package's router, one way to refuse."""

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI

from qingqu.insight.api import router as insight
from qingqu.kernel.core.errors import Refused

api = NinjaAPI(title="清渠 Qingqu", version="1", docs_url=None, urls_namespace="api")
api.add_router("", insight)


@api.exception_handler(Refused)
def refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """409 with the refusal's code, message and fields."""
    content = {"code": refusal.code, "message": refusal.message, "fields": refusal.fields}
    return api.create_response(request, content, status=409)
