"""The page that tells everybody how to petition and how to ask what became of it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from qingqu.engines import statutes
from qingqu.kernel.core.clock import today
from qingqu.kernel.core.policies import PUBLIC, policy
from qingqu.pillars.petitions import queries, rules


@policy(PUBLIC)
@require_safe
def channels(request: HttpRequest) -> HttpResponse:
    """Channels, address, telephone, reception times, how to ask for progress; and the terms. Law: XF-13."""
    on = today()
    asked = ("XF-01", rules.HANDLING, rules.EXTENSION, "XF-06", "XF-07", "XF-08", "XF-09", rules.REPRESENTATIVES)
    terms = {rule_id.replace("-", ""): statutes.rule(rule_id, on=on) for rule_id in asked}
    return render(request, "petitions/public.html", {"channels": queries.channels(on=on), "terms": terms})
