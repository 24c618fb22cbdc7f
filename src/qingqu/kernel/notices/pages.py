"""Screens of the notices: my notices, my channels."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qingqu.kernel.core.clock import now
from qingqu.kernel.core.doors import refusals_into
from qingqu.kernel.core.paging import paginate
from qingqu.kernel.core.policies import PUBLIC, SIGNED_IN, policy
from qingqu.kernel.notices import forms, operations, queries
from qingqu.kernel.org.types import Actor


@policy(SIGNED_IN)
@require_safe
def register(request: HttpRequest) -> HttpResponse:
    """My notices, the latest first."""
    page = paginate(queries.mine(_actor(request)), request.GET.get("page", 1))
    return render(request, "notices/list.html", {"page": page})


@policy(SIGNED_IN)
@require_POST
def read(request: HttpRequest, notice_id: int) -> HttpResponse:
    """Mark one notice read and go where it leads."""
    actor = _actor(request)
    notice = queries.mine(actor).filter(pk=notice_id).first()
    if notice is None:
        raise Http404
    operations.mark_read(actor=actor, at=now(), notice_id=notice_id)
    return redirect(notice.url or "notices:list")


@policy(SIGNED_IN)
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark all my notices read."""
    operations.mark_read(actor=_actor(request), at=now())
    return redirect("notices:list")


@policy(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def channels(request: HttpRequest) -> HttpResponse:
    """My channels."""
    actor = _actor(request)
    chosen = queries.channels_of(actor.person_id)
    form = forms.ChannelChoice(request.POST or None, initial={"by_email": chosen.by_email, "robot": chosen.robot})
    if request.method == "POST":
        form = forms.ChannelChoice(request.POST)
        if form.is_valid():
            with refusals_into(form):
                operations.choose_channels(actor=actor, **form.cleaned_data, at=now())
                messages.success(request, _("已保存。"))
                return redirect("notices:channels")
    bad = form.is_bound and form.errors
    return render(request, "notices/channels.html", {"form": form}, status=422 if bad else 200)


@policy(SIGNED_IN)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def calendar(request: HttpRequest) -> HttpResponse:
    """My calendar address: opened anew, shown once, or ended."""
    actor = _actor(request)
    address = ""
    if request.method == "POST" and "close" in request.POST:
        operations.close_feed(actor=actor, at=now())
        messages.success(request, _("已停止，原地址不再可用。"))
        return redirect("notices:calendar")
    if request.method == "POST":
        secret = operations.open_feed(actor=actor, at=now())
        address = request.build_absolute_uri(reverse("notices:feed", args=[secret]))
    shown = {"feed": queries.feed_of(actor.person_id), "address": address}
    return render(request, "notices/calendar.html", shown)


@policy(PUBLIC)
@require_safe
def feed(request: HttpRequest, secret: str) -> HttpResponse:
    """The calendar behind an address; whoever has the address may read it, as calendar programs sign in nowhere."""
    del request
    content = queries.calendar_at(secret, at=now())
    if content is None:
        raise Http404
    answer = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    answer["Cache-Control"] = "private, no-store"
    answer["Content-Disposition"] = 'attachment; filename="qingqu.ics"'
    answer["X-Robots-Tag"] = "noindex"
    return answer


def _actor(request: HttpRequest) -> Actor:
    """The signed-in person; 404 for an account without one."""
    actor: Actor | None = request.actor  # type: ignore[attr-defined]
    if actor is None:
        raise Http404
    return actor
