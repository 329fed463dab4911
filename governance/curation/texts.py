"""The pages on which the text of a source is brought in: the file and its rights, what was read, accept or discard."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance import publishing
from governance.curation import roles
from governance.ingest import uploads
from governance.ingest.readers import FORMATS
from governance.ingest.store import Refused
from governance.knowledge import DocumentError
from governance.models import Passage, Source, TextUpload, UploadState
from governance.models.passage import Kind, Marks
from governance.models.vocabulary import Rights

SHOWN, BROKEN = 100, 50
RIGHTS_HELP = {
    Rights.OPEN: gettext_lazy("In the public domain, or under a licence that lets anybody show all of it."),
    Rights.SNIPPETS: gettext_lazy("Protected: readers find its paragraphs and see short extracts."),
    Rights.PRIVATE: gettext_lazy("Confidential: it serves to check citations and is never shown."),
}


class TextForm(forms.Form):
    """A file and how far it may be shown."""

    file = forms.FileField(
        label=gettext_lazy("File"), error_messages={"required": gettext_lazy("Choose a file.")},
        widget=forms.FileInput(attrs={"accept": ",".join(FORMATS)}),
    )  # fmt: skip
    rights = forms.ChoiceField(
        label=gettext_lazy("How far may it be shown?"), widget=forms.RadioSelect,
        choices=[(value, f"{Rights(value).label}. {text}") for value, text in RIGHTS_HELP.items()],
    )  # fmt: skip

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        fault = uploads.fault_of(file.name, file.size)
        if fault:
            raise forms.ValidationError(fault)
        return file


@dataclass(frozen=True)
class Line:
    """One paragraph as it was read: its number once accepted, what it is, and how it differs from the text now."""

    number: int
    kind: str
    change: str
    text: str


def urls(site) -> list:
    """The addresses under the admin site."""

    def bind(view):
        return site.admin_view(lambda request, **kwargs: view(site, request, **kwargs))

    return [
        path("texts/source/<int:pk>/", bind(bring), name="text_of"),
        path("texts/<int:pk>/", bind(one), name="text_one"),
    ]


def bring(site, request: HttpRequest, pk: int) -> HttpResponse:
    """What text a source has, what waits, and the form for another."""
    _require(request, roles.READ)
    source = get_object_or_404(Source, pk=pk)
    form = TextForm(request.POST or None, request.FILES or None, initial={"rights": source.rights})
    if request.method == "POST":
        _require(request, roles.CURATE)
        upload = _received(source, form, request.user) if form.is_valid() else None
        if upload is not None:
            _propose_rights(request, upload)
            return HttpResponseRedirect(reverse("admin:text_one", args=(upload.pk,)))
    context = {
        **site.each_context(request), "title": _("Text of “%s”") % source, "source": source, "form": form,
        "passages": Passage.objects.filter(source=source).count(),
        "uploads": source.uploads.select_related("author", "accepted_by")[:20],
        "may_bring": request.user.has_perm(roles.CURATE),
    }  # fmt: skip
    status = 400 if form.is_bound and not form.is_valid() else 200
    return TemplateResponse(request, "admin/text_of.html", context, status=status)


def _received(source: Source, form: TextForm, user: Any) -> TextUpload | None:
    """The file as it is kept; None where it is not taken, and the form says why."""
    try:
        return uploads.receive(source, form.cleaned_data["file"], form.cleaned_data["rights"], user)
    except uploads.UploadError as error:
        form.add_error("file", str(error))
        return None


def _propose_rights(request: HttpRequest, upload: TextUpload) -> None:
    if upload.state == UploadState.FAILED:
        return
    try:
        if uploads.ask_for_rights(upload, request.user):
            messages.info(request, _("The change of the rights waits for review; until then the present ones hold."))
    except (publishing.PublishingError, DocumentError) as error:
        messages.warning(request, _("The rights of the source could not be changed: %s") % error)


def one(site, request: HttpRequest, pk: int) -> HttpResponse:
    """One file: being read, why it cannot be, or its paragraphs and what accepting them would do."""
    _require(request, roles.READ)
    upload = get_object_or_404(TextUpload.objects.select_related("source", "author", "accepted_by"), pk=pk)
    problems: list[str] = []
    broken: list = []
    if request.method == "POST":
        try:
            return _taken(request, upload)
        except (uploads.UploadError, publishing.PublishingError) as error:
            problems = [str(error)]
        except Refused as refused:
            broken = refused.account.broken
            problems = [_("Nothing was written: cited paragraphs would change their words.")]
    context = {
        **site.each_context(request), "title": upload.file_name, "upload": upload, "source": upload.source,
        "problems": problems, "may_discard": request.user.has_perm(roles.CURATE),
    }  # fmt: skip
    if upload.state == UploadState.READ:
        try:
            context |= _read(request, upload, broken)
        except uploads.UploadError as error:
            problems[:] = [str(error)]
    return TemplateResponse(request, "admin/text_one.html", context, status=400 if problems else 200)


def _read(request: HttpRequest, upload: TextUpload, broken: list) -> dict:
    account, blocks = uploads.look(upload), uploads.blocks_of(upload)
    marks, changes = Marks.of(upload.source), _changes(account)
    page = Paginator(list(zip(account.numbers, blocks, strict=True)), SHOWN).get_page(request.GET.get("p"))
    lines = [Line(n, str(Kind(marks.kind(n, b.form.value)).label), changes.get(n, ""), b.text) for n, b in page]
    broken = broken or account.broken
    return {
        "account": account, "page": page, "lines": lines, "broken": broken[:BROKEN], "broken_count": len(broken),
        "hindrance": uploads.hindrance(upload, request.user), "removed": account.removed[:SHOWN],
        "residue": account.proposals,
    }  # fmt: skip


def _changes(account: Any) -> dict[int, str]:
    named = ((account.added, _("new")), (account.changed, _("changed")), (account.moved, _("moved")))
    return {number: word for numbers, word in named for number in numbers}


def _taken(request: HttpRequest, upload: TextUpload) -> HttpResponse:
    back = HttpResponseRedirect(reverse("admin:text_of", args=(upload.source_id,)))
    if "discard" in request.POST:
        uploads.discard(upload, request.user)
        messages.success(request, _("The file was discarded; the text of the source is as it was."))
        return back
    if "again" in request.POST:
        uploads.read_again(upload, request.user)
        return HttpResponseRedirect(request.path)
    account = uploads.accept(upload, request.user, force=request.POST.get("force") == "on")
    messages.success(request, _("The text was accepted: %d paragraphs.") % account.total)
    return back


def _require(request: HttpRequest, permission: str) -> None:
    if not request.user.has_perm(permission):
        raise PermissionDenied
