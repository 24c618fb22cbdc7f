"""Accounts for administrators: found, opened, reset, disabled. A first password is shown once and kept nowhere."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from qingqu.kernel.core.clock import now
from qingqu.kernel.core.doors import refusals_into
from qingqu.kernel.core.paging import paginate
from qingqu.kernel.core.policies import policy, requires
from qingqu.kernel.org import forms, operations, queries
from qingqu.kernel.org.pages.doors import actor, or_404
from qingqu.kernel.org.types import Right

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
    password = operations.reset_credentials(account=found, at=now(), actor_id=actor(request).person_id)
    return render(request, "org/first_password.html", {"account": found, "person": person, "password": password})


@policy(ADMINISTRATOR)
@require_POST
def disable(request: HttpRequest, person_id: int) -> HttpResponse:
    """Shut an account; its sessions end at once."""
    person = or_404(queries.administered_person(actor(request), person_id))
    found = or_404(queries.account_of(person))
    operations.disable_account(account=found, at=now(), actor_id=actor(request).person_id)
    return redirect("org:account", person_id)
