"""The steps of publishing as pages of a record: submit, withdraw, take back to draft, discard, change the address."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from governance import publishing
from governance.curation.heads import open_revision
from governance.knowledge import DocumentError
from governance.models import Record


class Step:
    """One step: what its page says, what it asks for (`field`), and the verb it calls with the answer."""

    def __init__(self, title: Any, text: Any, verb: Callable, done: Any, field: Any = "", long: bool = False) -> None:
        self.title, self.text, self.verb, self.done, self.field, self.long = title, text, verb, done, field, long


def _discard(record: Record, user, given: str) -> None:
    waiting = open_revision(record)
    if waiting is None:
        raise publishing.WrongState(_("There is nothing to discard."))
    publishing.discard(waiting, user)


STEPS = {
    "submit": Step(
        _("Submit for review"), _("A reviewer decides whether readers see it."),
        lambda record, user, given: publishing.submit(record, user, given), _("“%s” was submitted for review."),
        _("What changed, and why (optional)"), long=True,
    ),
    "withdraw": Step(
        _("Withdraw"), _("Readers do not see it any more; its address says that it was withdrawn, for ever."),
        publishing.withdraw, _("“%s” was withdrawn."), _("Why?"), long=True,
    ),
    "reopen": Step(
        _("Take back to draft"),
        _("It can be edited and submitted again; until then readers see that it is withdrawn."),
        lambda record, user, given: publishing.reopen(record, user), _("“%s” is a draft again."),
    ),
    "discard": Step(
        _("Discard the open revision"), _("The record stays as readers see it now; the revision stays in the history."),
        _discard, _("The open revision of “%s” was discarded."),
    ),
    "rename": Step(
        _("Change the address"), _("The old address leads to the new one for ever."),
        lambda record, user, given: publishing.rename(record, given, user), _("“%s” has a new address."),
        _("New address"),
    ),
}  # fmt: skip


def answer(admin, request: HttpRequest, record: Record, name: str) -> HttpResponse:
    """Ask before a step, or take it."""
    step, given, problems = STEPS[name], request.POST.get("given", "").strip(), []
    if request.method == "POST":
        try:
            step.verb(record, request.user, given)
        except DocumentError as error:
            problems = [str(problem.message) for problem in error.problems]
        except publishing.PublishingError as error:
            problems = [str(error)]
        else:
            messages.success(request, step.done % record)
            return HttpResponseRedirect(
                reverse(f"admin:{admin.opts.app_label}_{admin.opts.model_name}_change", args=(record.pk,))
            )
    context = {
        **admin.admin_site.each_context(request),
        "opts": admin.opts, "title": step.title, "record": record, "step": step,
        "given": given or (record.slug if name == "rename" else ""), "problems": problems,
    }  # fmt: skip
    return TemplateResponse(request, "admin/step.html", context, status=400 if problems else 200)
