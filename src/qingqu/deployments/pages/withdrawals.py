"""Taking back what was put on a unit or post by mistake."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from qingqu.deployments import forms, operations, queries
from qingqu.deployments.rules import next_state
from qingqu.deployments.types import State
from qingqu.kernel.core.clock import now
from qingqu.kernel.core.doors import refusals_into
from qingqu.kernel.core.policies import policy, requires
from qingqu.kernel.org.http import ActorRequest
from qingqu.kernel.org.types import Right


@policy(requires(Right.MANAGE_DIRECTIVES))
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: ActorRequest, measure_id: int, post_id: int) -> HttpResponse:
    """Take an assignment back, with the reason; whoever manages the directive does."""
    row = _found(request, measure_id, post_id)
    form = forms.Withdrawal(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_into(form):
            operations.withdraw(assignment=row, **form.cleaned_data, at=now(), actor_id=request.actor.person_id)
            messages.success(request, _("已撤回，责任岗位的待办已取消。"))
            return redirect("deployments:measure", measure_id)
    status = 422 if form.errors else 200
    return render(request, "deployments/withdraw.html", {"form": form, "assignment": row}, status=status)


def _found(request: ActorRequest, measure_id: int, post_id: int) -> Any:
    """The assignment, if the reader manages its directive and it can still be taken back."""
    row = queries.by_natural_id(request.actor, measure_id, post_id)
    if row is None or not queries.may_manage(request.actor, row.measure.directive):
        raise Http404
    if next_state(State(row.state), "withdraw") is None:
        raise Http404
    return row
