"""``GET /api/answer``."""

from typing import Any

from django.http import HttpRequest
from ninja import Router

from qingqu.insight import queries, renderings
from qingqu.kernel.core.clock import now

router = Router(tags=["answer"])


@router.get("/answer", url_name="answer", summary="实时答案 / the live answer")
def answer(request: HttpRequest, question: str = "") -> dict[str, Any]:
    """The live answer: sections, table and conclusion; each sentence carries the address of the rows it counts."""
    del request
    return renderings.as_dict(queries.answer(question[:200], at=now()))
