"""Accounts for administrators: found, opened, reset, disabled. A first password is shown once and kept nowhere."""

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from qingqu.kernel.core.clock import now
from qingqu.kernel.core.doors import Irreversible, ask_first, is_confirmed, refusals_into
from qingqu.kernel.core.paging import paginate
from qingqu.kernel.core.policies import policy, requires
from qingqu.kernel.org import forms, operations, queries
from qingqu.kernel.org.pages.doors import actor, or_404
from qingqu.kernel.org.types import Right

if TYPE_CHECKING:
    from qingqu.kernel.org.models import Person

ADMINISTRATOR = requires(Right.ADMINISTER)


@policy(ADMINISTRATOR)
def people(request: HttpRequest) -> HttpResponse:
    """The administrator's people with their accounts, searched by name, number or user name."""
    words = request.GET.get("q", "")
    page = paginate(queries.people_within(actor(request), words), request.GET.get("page"))
    query = urlencode({"q": words}) + "&" if words else ""
    return render(request, "org/accounts.html", {"page": page, "words": words, "query": query})


@policy(ADMINISTRATOR)
@never_cache
def account(request: HttpRequest, person_id: int) -> HttpResponse:
    """One person's account; opening it answers with the first password."""
    person = or_404(queries.administered_person(actor(request), person_id))
    found = queries.account_of(person)
    form = forms.NewAccount(request.POST or None, initial={"username": person.number})
    if request.method == "POST" and found is None and form.is_valid():
        password = operations.make_first_password()
        with refusals_into(form):
            found = operations.open_account(
                person=person,
                username=form.cleaned_data["username"],
                password=password,
                at=now(),
                actor_id=actor(request).person_id,
                is_first_password=True,
            )
            return render(
                request, "org/first_password.html", {"account": found, "person": person, "password": password}
            )
    context = {"person": person, "account": found, "form": form}
    return render(request, "org/account.html", context, status=422 if form.is_bound and form.errors else 200)


@policy(ADMINISTRATOR)
@never_cache
@require_POST
def reset(request: HttpRequest, person_id: int) -> HttpResponse:
    """Give an account a new first password; also opens a disabled one again."""
    person = or_404(queries.administered_person(actor(request), person_id))
    found = or_404(queries.account_of(person))
    if not is_confirmed(request):
        return ask_first(request, _resetting(person))
    password = operations.reset_credentials(account=found, at=now(), actor_id=actor(request).person_id)
    return render(request, "org/first_password.html", {"account": found, "person": person, "password": password})


@policy(ADMINISTRATOR)
@require_POST
def disable(request: HttpRequest, person_id: int) -> HttpResponse:
    """Shut an account; its sessions end at once."""
    person = or_404(queries.administered_person(actor(request), person_id))
    found = or_404(queries.account_of(person))
    if not is_confirmed(request):
        return ask_first(request, _disabling(person))
    operations.disable_account(account=found, at=now(), actor_id=actor(request).person_id)
    messages.success(request, _("账号已停用。"))
    return redirect("org:account", person_id)


def _resetting(person: "Person") -> Irreversible:
    """What a reset cannot take back."""
    return Irreversible(
        _("确认重置账号"),
        f"{person.name} · {person.number}",
        (
            _("原密码、两步验证和通行密钥立即失效，不能恢复。"),
            _("已登录的设备全部退出，未保存的内容会丢失。"),
            _("一次性密码只显示一次，请核实本人身份后当面交付。"),
        ),
        _("重置并生成一次性密码"),
        reverse("org:account", args=[person.pk]),
    )


def _disabling(person: "Person") -> Irreversible:
    """What shutting an account does."""
    return Irreversible(
        _("确认停用账号"),
        f"{person.name} · {person.number}",
        (
            _("本人立即不能登录，已登录的设备全部退出。"),
            _("岗位和待办不变；离任请在岗位页面办理。"),
            _("需要时可以用“重置”重新启用。"),
        ),
        _("停用账号"),
        reverse("org:account", args=[person.pk]),
    )
