"""The page on which a record is added or changed: shows the editor, saves what comes back, never half of it."""

from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from governance import citations, markdown, publishing, reports
from governance.curation import compare, roles, wording
from governance.curation.editor import Editor
from governance.curation.heads import Head, current, head
from governance.knowledge import DocumentError, compact, own
from governance.locales import isolated
from governance.merging import MERGEABLE
from governance.models import Decision, Merge, Record, Revision
from governance.models.vocabulary import State

SHOWN = 5  # reports that are named above the editor, and citations that do not stand


@dataclass
class Notices:
    """What the page says beside the form."""

    meanwhile: list = field(default_factory=list)  # what changed since the text was begun
    clashes: list = field(default_factory=list)  # what both sides changed, after a merge
    merged: bool = False
    preview: str | None = None


class Editing:
    """One visit of the editor; `record` is None for a new one."""

    def __init__(self, admin, request: HttpRequest, record: Record | None) -> None:
        self.admin, self.request, self.record = admin, request, record
        self.type = record.type if record else admin.type
        self.user = request.user
        self.head: Head | None = head(record) if record else None
        self.notices = Notices()
        self.onto = request.POST.get("onto") or (self.head.base.pk if self.head and self.head.base else "")

    def answer(self) -> HttpResponse:
        """Show the form, or take what was sent."""
        needed = roles.CURATE if self.record else roles.ADD
        if not self.user.has_perm(needed if self.request.method == "POST" or not self.record else roles.READ):
            raise PermissionDenied
        if self.request.method == "POST":
            return self._take()
        if self.head and self.head.is_outdated:
            self.notices.meanwhile = self._differences(self._base_document())
        return self._show(self._editor())

    def _editor(self, data: Any = None, document: dict | None = None) -> Editor:
        document = document or (self._base_document() if data is not None else self._head_document())
        return Editor(self.type, document, data, fixed_slug=self.record.slug if self.record else "")

    def _head_document(self) -> dict | None:
        return self.head.document if self.head else None

    @property
    def _is_stale(self) -> bool:
        """Somebody saved since the form was fetched."""
        return self.head is not None and self.request.POST.get("base") != self.head.token

    def _base_document(self) -> dict | None:
        """The document that the form in hand was made from; of an outdated revision, the one that it was begun from."""
        if self.head is None or self.record is None:
            return None
        if self.request.method == "POST":
            if not self._is_stale:
                return self.head.document
            number = self.request.POST.get("base", "").partition("-")[0]
            begun = Revision.objects.filter(record=self.record, pk=int(number)).first() if number.isdecimal() else None
        else:
            begun = self.head.base
        return {**begun.document, "slug": self.record.slug} if begun else self.head.document

    def _take(self) -> HttpResponse:
        editor = self._editor(self.request.POST)
        valid = editor.is_valid()
        if "_preview" in self.request.POST:
            self.notices.preview = markdown.to_html(self.request.POST.get("body", ""))
            return self._show(editor)
        if self.head is not None and "_merge" in self.request.POST and valid:
            return self._merge(editor)
        if self._is_stale:
            self.notices.meanwhile = self._differences(self._base_document())
            return self._show(editor, 409)
        if not valid:
            return self._show(editor, 400)
        try:
            with transaction.atomic():
                done = self._save(editor)
        except DocumentError as error:
            editor.show(error.problems)
            return self._show(editor, 400)
        except publishing.Conflict as conflict:
            self.head = conflict.head
            self.notices.meanwhile = self._differences(self._base_document())
            return self._show(editor, 409)
        except publishing.PublishingError as error:
            editor.fields.add_error(None, str(error))
            return self._show(editor, 400)
        return self._leave(*done)

    def _save(self, editor: Editor) -> tuple[Record, str]:
        """Save, and go on as far as the button says; all of it or nothing."""
        post, document = self.request.POST, editor.document()
        comment = post.get("comment", "").strip()
        if self.record is None:
            record = publishing.create_draft(document, self.user, comment).record
        else:
            onto = self._onto()
            publishing.save_draft(document, self.user, base=post.get("base", ""), onto=onto, comment=comment)
            record = self.record
        if "_submit" not in post and "_publish" not in post:
            return record, _("“%s” was saved. Readers do not see it before it is submitted and approved.")
        revision = publishing.submit(record, self.user, comment)
        if "_publish" not in post:
            return record, _("“%s” was submitted for review.")
        publishing.approve(revision, self.user)
        return record, _("“%s” was published.")

    def _onto(self) -> Revision | None:
        number = self.request.POST.get("onto", "")
        approved = Revision.objects.filter(record=self.record, decision=Decision.APPROVED)
        return approved.filter(pk=int(number)).first() if number.isdecimal() else None

    def _merge(self, editor: Editor) -> HttpResponse:
        """Show the text in hand together with what was changed elsewhere; nothing is saved yet."""
        assert self.head is not None and self.record is not None
        if self._is_stale:
            base, theirs = self._base_document(), self.head.document
            self.onto = self.head.base.pk if self.head.base else ""
        else:
            base, theirs = (self.head.base.document if self.head.base else {}), current(self.record)
            self.onto = publishing.baseline(self.record).pk
        merged, clashes = compare.merge(compact(base) if base else {}, editor.written(), compact(theirs))
        self.notices.merged = True
        self.notices.clashes = wording.lines(clashes)
        return self._show(self._editor(document=own(merged)))

    def _differences(self, base: dict | None) -> list[wording.Line]:
        if self.head is None or self.record is None:
            return []
        now = self.head.document if self.request.method == "POST" else current(self.record)
        return wording.lines(compare.differences(base or {}, now))

    def _leave(self, record: Record, message: str) -> HttpResponse:
        messages.success(self.request, message % record)
        for fault in citations.faults(head(record).document)[:SHOWN]:
            messages.warning(self.request, _("A citation does not stand in its source: %s") % fault)
        name = "changelist" if {"_save", "_submit", "_publish"} & set(self.request.POST) else "change"
        opts = self.admin.opts
        address = f"admin:{opts.app_label}_{opts.model_name}_{name}"
        return HttpResponseRedirect(reverse(address, args=(record.pk,) if name == "change" else ()))

    def _show(self, editor: Editor, status: int = 200) -> HttpResponse:
        record, now = self.record, self.head
        if record:
            title = _("Change “%s”") % isolated(record)
        else:
            title = _("Add %s") % self.admin.opts.verbose_name
        # After a conflict the form still names the state it was made from: only a merge takes it further.
        base = self.request.POST.get("base") if self.notices.meanwhile and status == 409 else None
        context = {
            **self.admin.admin_site.each_context(self.request),
            "opts": self.admin.opts, "title": title, "editor": editor,
            "record": record, "head": now, "token": base or (now.token if now else ""), "notices": self.notices,
            "onto": self.onto,
            "comment": self.request.POST.get("comment", ""), "errors": editor.errors,
            "may_save": self.user.has_perm(roles.CURATE) and self._is_open,
            "may_publish": settings.REVIEW == "one" and self.user.has_perm(roles.CURATE),
            "may_administer": self.user.has_perm(roles.ADMINISTER), "may_review": self.user.has_perm(roles.REVIEW),
            "reports": reports.waiting().filter(record=record)[:SHOWN] if record else [],
            "may_merge": self.type in MERGEABLE,
            "merged": Merge.objects.filter(loser=record).select_related("winner").first() if record else None,
            "sent_back": now and now.open and now.open.decision == Decision.SENT_BACK and now.open,
        }  # fmt: skip
        return TemplateResponse(self.request, "admin/editor.html", context, status=status)

    @property
    def _is_open(self) -> bool:
        return not (self.record and self.head and self.record.state == State.WITHDRAWN and self.head.open is None)
