"""Local values of the rules for administrators."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from qingqu.kernel.core.clock import now
from qingqu.kernel.core.doors import refusals_into
from qingqu.kernel.core.paging import paginate
from qingqu.kernel.core.policies import policy, requires
from qingqu.kernel.org import forms, operations, queries
from qingqu.kernel.org.pages.doors import actor
from qingqu.kernel.org.types import Right


@policy(requires(Right.ADMINISTER))
def parameters(request: HttpRequest) -> HttpResponse:
    """The local values in their order, and a form for a new one."""
    form = forms.NewSetting(request.POST or None)
    if request.method == "POST" and form.is_valid():
        facts = dict(form.cleaned_data)
        unit = queries.unit_coded(actor(request), facts.pop("unit"))
        if unit is None:
            form.add_error("unit", _("没有这个单位代码。"))
        else:
            with refusals_into(form):
                operations.set_setting(**facts, unit=unit, at=now(), actor_id=actor(request).person_id)
                messages.success(request, _("已保存。"))
                return redirect("org:parameters")
    page = paginate(queries.settings_within(actor(request)), request.GET.get("page"))
    words = dict(queries.SETTING_WORDS)
    rows = [(row, words.get(row.key, row.key)) for row in page.rows]
    context = {"page": page, "rows": rows, "form": form}
    return render(request, "org/parameters.html", context, status=422 if form.is_bound and form.errors else 200)
