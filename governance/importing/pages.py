"""The import pages of the admin: upload, columns, account of the dry run, apply, result, undo; and export."""

import hashlib
import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _

from governance.curation.roles import ADD, CURATE, REVIEW
from governance.importing import dryrun, readers, work
from governance.importing.export import export, records_of
from governance.importing.fields import NAMES, PARTICIPATION, STATUS, TABLE_TYPES
from governance.importing.forms import MappingForm, UploadForm, table_choices
from governance.importing.run import CannotImport, require_rights
from governance.importing.sheets import ReadError
from governance.models import Import, ImportState, Outcome, Progress

ROWS_SHOWN, IMPORTS_SHOWN = 100, 25
_SUFFIXES = {"csv": ".csv", "xlsx": ".xlsx", "yaml": ".yaml"}


def urls(site) -> list:
    """The addresses under the admin site."""
    views = {"import/": imports, "import/<int:pk>/": one, "export/": export_table}
    names = {"import/": "import", "import/<int:pk>/": "import_one", "export/": "export"}

    def bind(view):
        return site.admin_view(lambda request, **kwargs: view(site, request, **kwargs))

    return [path(route, bind(view), name=names[route]) for route, view in views.items()]


def _require(request: HttpRequest) -> None:
    if not (request.user.has_perm(CURATE) and request.user.has_perm(ADD)):
        raise PermissionDenied


def imports(site, request: HttpRequest) -> HttpResponse:
    """Upload a file, and what was imported before."""
    _require(request)
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        batch = _uploaded(request.user, form.cleaned_data["file"])
        try:
            readers.read(Path(batch.upload.path))
        except ReadError as error:
            batch.upload.delete(save=False)
            batch.delete()
            form.add_error("file", str(error))
        else:
            return _to(batch)
    page = Paginator(Import.objects.select_related("author"), IMPORTS_SHOWN).get_page(request.GET.get("p"))
    tables = [choice for choice in table_choices() if choice[0] != STATUS]
    context = {"title": _("Import and export"), "form": form, "page": page, "tables": tables}
    status = 400 if form.is_bound and not form.is_valid() else 200
    return TemplateResponse(request, "admin/imports.html", {**site.each_context(request), **context}, status=status)


def _uploaded(user: Any, file: Any) -> Import:
    digest = hashlib.sha256(b"".join(file.chunks())).hexdigest()
    file.seek(0)
    return Import.objects.create(
        file_name=file.name[-200:], digest=digest, upload=file, state=ImportState.UPLOADED, author=user
    )


def _to(batch: Import) -> HttpResponse:
    return HttpResponseRedirect(reverse("admin:import_one", args=(batch.pk,)))


def one(site, request: HttpRequest, pk: int) -> HttpResponse:
    """One import, wherever it stands: its columns, its account, its progress or its result."""
    _require(request)
    batch = get_object_or_404(Import.objects.select_related("author"), pk=pk)
    if request.method == "POST":
        return _act(site, request, batch)
    return _page(site, request, batch)


def _page(site, request: HttpRequest, batch: Import, form: MappingForm | None = None) -> HttpResponse:
    context = {**site.each_context(request), "title": batch.file_name, "import": batch, "outcomes": _counts(batch)}
    status = 200
    if batch.state == ImportState.UPLOADED:
        context |= _columns(batch, form)
        status = 400 if form is not None else 200
    elif not batch.is_under_way:
        outcome = request.GET.get("outcome", "")
        rows = batch.rows.select_related("target", "target__record")
        rows = rows.filter(outcome=outcome) if outcome in Outcome.values else rows
        context |= {"page": Paginator(rows, ROWS_SHOWN).get_page(request.GET.get("p")), "outcome": outcome}
        context |= {
            "kept": batch.records.exclude(message=""),
            "may_publish": _may_publish(request),
            "decisions": _decisions(batch),
        }
    return TemplateResponse(request, "admin/import.html", context, status=status)


def _may_publish(request: HttpRequest) -> bool:
    return settings.REVIEW == "one" and request.user.has_perm(REVIEW)


def _counts(batch: Import) -> list[tuple[str, str, int]]:
    """Each outcome with its label and how many rows have it."""
    found = list(batch.rows.values_list("outcome", flat=True))
    return [(value, str(text), found.count(value)) for value, text in Outcome.choices if value in found]


def _decisions(batch: Import) -> dict[str, str]:
    return batch.choices.get("rows", {})


def _columns(batch: Import, form: MappingForm | None) -> dict[str, Any]:
    """The form for the columns, with the first rows beside it; nothing to choose for documents."""
    try:
        table_type, table, mapping = dryrun.look(Path(batch.upload.path), work.wishes_of(batch))
    except (ReadError, OSError) as error:
        return {"faults": [str(error)]}
    if table is None or mapping is None:
        return {"documents": True, "faults": batch.faults}
    initial = {"table_type": table_type, "record": batch.choices.get("record", "")}
    initial["level"] = batch.choices.get("given", {}).get("level", "")
    form = form or MappingForm(initial=initial, mapping=mapping)
    sample = [[dryrun.shown(table.cell(line, n)) for n in range(len(table.headings))] for line in table.lines[:5]]
    faults = batch.faults or table.faults
    return {
        "form": form,
        "headings": table.headings,
        "sample": sample,
        "faults": faults,
        "remembered": mapping.remembered,
    }


def _act(site, request: HttpRequest, batch: Import) -> HttpResponse:
    """The buttons: columns chosen, duplicates decided, apply, go on, undo, back to the columns, discard."""
    step = request.POST.get("step", "")
    acts = {"columns": _choose_columns, "decide": _decide, "apply": _apply, "resume": _resume, "undo": _undo}
    acts |= {"back": _back, "discard": _discard}
    try:
        if step in acts:
            answer = acts[step](site, request, batch)
            if answer is not None:
                return answer
    except (CannotImport, ReadError) as error:
        messages.error(request, str(error))
    return _to(batch)


def _choose_columns(site, request: HttpRequest, batch: Import) -> HttpResponse | None:
    if batch.state != ImportState.UPLOADED:
        return None
    kind = request.POST.get("table_type", "")
    changed = kind in TABLE_TYPES and kind != request.POST.get("shown_type")
    wishes = work.wishes_of(batch)
    wishes.table_type = kind if kind in TABLE_TYPES else batch.table_type
    wishes.columns = {} if changed else wishes.columns
    _type, table, mapping = dryrun.look(Path(batch.upload.path), wishes)
    if table is not None and mapping is not None:
        form = MappingForm(request.POST, mapping=mapping)
        if not changed and not form.is_valid():
            return _page(site, request, batch, form)
        batch.table_type = wishes.table_type
        if changed:  # other fields: choose the columns again
            batch.choices = {}
            batch.save(update_fields=("table_type", "choices"))
            return None
        level = form.cleaned_data["level"]
        given = {"level": level} if level else {}
        batch.choices = {"columns": form.chosen(), "record": form.cleaned_data["record"], "given": given}
    batch.faults = []
    batch.save()
    work.do(batch, work.PLAN, request.user)
    return None


def _decide(site, request: HttpRequest, batch: Import) -> None:
    """What people say of rows held back: new, left out, or the same as a record."""
    if batch.state != ImportState.PLANNED:
        return
    decided = {
        name.removeprefix("row_"): value for name, value in request.POST.items() if name.startswith("row_") and value
    }
    kept = {number: value for number, value in _decisions(batch).items() if f"row_{number}" not in request.POST}
    batch.choices = {**batch.choices, "rows": {**kept, **decided}}
    batch.save(update_fields=("choices",))
    work.do(batch, work.PLAN, request.user)


def _apply(site, request: HttpRequest, batch: Import) -> None:
    if batch.state != ImportState.PLANNED:
        return
    batch.options = {name: request.POST.get(name) == "on" for name in ("all_or_nothing", "publish")}
    require_rights(request.user, batch.options["publish"])
    refused = batch.rows.filter(outcome__in=(Outcome.REFUSE, Outcome.HOLD)).count()
    if batch.options["all_or_nothing"] and refused:
        raise CannotImport(_("Nothing was written, as asked: %d rows cannot be imported.") % refused)
    user: Any = request.user
    batch.author = user
    batch.save(update_fields=("options", "author"))
    work.do(batch, work.APPLY, request.user)


def _resume(site, request: HttpRequest, batch: Import) -> None:
    if batch.is_stopped:
        steps = {ImportState.PLANNING: work.PLAN, ImportState.RUNNING: work.APPLY, ImportState.UNDOING: work.UNDO}
        work.do(batch, steps[ImportState(batch.state)], request.user)


def _undo(site, request: HttpRequest, batch: Import) -> None:
    if batch.state in (ImportState.DONE, ImportState.UNDONE) or (
        batch.state == ImportState.RUNNING and batch.is_stopped
    ):
        work.do(batch, work.UNDO, request.user)


def _back(site, request: HttpRequest, batch: Import) -> None:
    """To the columns again, before anything was written."""
    if batch.state in (ImportState.PLANNED, ImportState.FAILED):
        batch.state, batch.faults = ImportState.UPLOADED, []
        batch.save(update_fields=("state", "faults"))


def _discard(site, request: HttpRequest, batch: Import) -> HttpResponse | None:
    """Forget an import of which nothing was written, and its file."""
    written = batch.records.exclude(progress=Progress.WAITING).exists()
    if written or (batch.is_under_way and not batch.is_stopped):
        return None
    batch.upload.delete(save=False)
    batch.delete()
    messages.success(request, _("The file was discarded; nothing was imported."))
    return HttpResponseRedirect(reverse("admin:import"))


def export_table(site, request: HttpRequest) -> HttpResponseBase:
    """`?type=instrument&format=xlsx`: all records that the curator may see, as import takes them."""
    _require(request)
    table_type, suffix = request.GET.get("type", ""), _SUFFIXES.get(request.GET.get("format", ""), "")
    if table_type not in TABLE_TYPES or table_type == STATUS or not suffix:
        messages.error(request, _("Choose what to export, and the kind of file."))
        return HttpResponseRedirect(reverse("admin:import"))
    if suffix == ".yaml" and table_type in (PARTICIPATION, NAMES):
        messages.error(request, _("Documents hold participation and names; export the records themselves."))
        return HttpResponseRedirect(reverse("admin:import"))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"{table_type}{suffix}"
        export(file, table_type, records_of(table_type, request.user))
        return FileResponse(file.open("rb"), as_attachment=True, filename=file.name)
