"""The pages where somebody sets up a second factor, has new recovery codes made or takes it away again, and changes
the password."""

from typing import Any

import django_otp
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from governance.accounts import factors
from governance.accounts.events import Kind, note
from governance.accounts.forms import EnrolForm, ProofForm
from governance.accounts.passwords import PasswordChange
from governance.models import AccountEvent


def second_factor(site: Any, request: HttpRequest) -> HttpResponse:
    """One address: what stands, and the forms for what can be done; codes are in the answer that made them only."""
    has = factors.has_factor(request.user)
    form = (ProofForm if has else EnrolForm)(request, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        return _changed(site, request, has)
    return _page(site, request, form, has, 400 if form.is_bound else 200)


def password_change(site: Any, request: HttpRequest, extra_context: dict | None = None) -> HttpResponseBase:
    """Django's own page, where guesses at the present password are counted."""
    done = reverse("admin:password_change_done", current_app=site.name)
    context = {**site.each_context(request), **(extra_context or {})}
    view = PasswordChange.as_view(success_url=done, extra_context=context)
    request.current_app = site.name  # type: ignore[attr-defined]
    return view(request)


def _changed(site: Any, request: HttpRequest, had: bool) -> HttpResponse:
    name = request.user.get_username()
    if not had:
        device = factors.TOTPDevice.objects.get(user=request.user, confirmed=True)
        django_otp.login(request, device)
        request.session.cycle_key()
        note(Kind.FACTOR_ON, name)
    elif request.POST.get("step") == "off":
        factors.take_away(request.user)
        note(Kind.FACTOR_OFF, name)
        messages.success(request, _("The second factor is gone; your password alone signs you in."))
        return HttpResponseRedirect(reverse("admin:second_factor"))
    else:
        note(Kind.NEW_CODES, name)
    context = {"codes": factors.new_codes(request.user), "title": _("Recovery codes")}
    return TemplateResponse(request, "admin/second_factor.html", {**site.each_context(request), **context})


def _page(site: Any, request: HttpRequest, form: Any, has: bool, status: int) -> HttpResponse:
    context: dict[str, Any] = {"title": _("Second factor"), "form": form, "has": has}
    if has:
        context["left"] = factors.codes_left(request.user)
    else:
        device = factors.begun(request.user)
        picture = mark_safe(factors.picture(device))  # drawn here, from nothing that was typed but the user's own name
        context |= {"picture": picture, "secret": factors.secret(device), "address": device.config_url}
    context["events"] = AccountEvent.objects.filter(account=request.user.get_username())[:10]
    context = {**site.each_context(request), **context}
    return TemplateResponse(request, "admin/second_factor.html", context, status=status)
