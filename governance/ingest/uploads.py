"""The text of a source as a curator brings it in through the admin: received, read aside, looked at, accepted.

Nothing of a file is parsed by the process that serves pages (`governance.ingest.process`), and readers see nothing of
it before it is accepted: by a reviewer other than the one who brought it, unless the source is a draft or the site
works with one person.
"""

import json
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from governance import publishing
from governance.curation.heads import head
from governance.curation.roles import CURATE, REVIEW
from governance.ingest import limits
from governance.ingest.blocks import Block, Form
from governance.ingest.process import IngestError, parse
from governance.ingest.readers import FORMATS
from governance.ingest.store import Account, ingest
from governance.models import Source, TextUpload, UploadState
from governance.models.text_upload import SILENT
from governance.models.vocabulary import Rights, State

AT_ONCE = 200 * 1024  # bytes that a browser can wait for
AT_A_TIME = 3  # files that are read beside, each in up to a GiB of memory
WIDTH = (Rights.PRIVATE, Rights.SNIPPETS, Rights.OPEN)  # from what shows least to what shows most


class UploadError(Exception):
    """A step that cannot be taken; the message says why and what helps."""


def fault_of(name: str, size: int) -> str:
    """Why a file is refused before it is read, empty where it is not."""
    if Path(name).suffix.lower() not in FORMATS:
        return _("Choose a file that ends in: %s.") % ", ".join(FORMATS)
    if size > limits.FILE_BYTES:
        return _("The file has more than 50 MB; bring it in by parts, each a source of its own.")
    return "" if size else _("The file is empty.")


def receive(source: Source, file: Any, rights: str, user) -> TextUpload:
    """Keep an uploaded file and begin to read it. Raises UploadError for one that is not taken."""
    publishing.require(user, CURATE)
    fault = fault_of(file.name, file.size)
    if fault:
        raise UploadError(fault)
    if TextUpload.objects.filter(state=UploadState.READING, created__gte=timezone.now() - SILENT).count() >= AT_A_TIME:
        raise UploadError(_("Several files are being read now. Wait a minute, and send it again."))
    upload = TextUpload.objects.create(
        source=source, file_name=file.name[-200:], file=file, rights=rights, author=user
    )  # fmt: skip
    if file.size <= AT_ONCE:
        read(upload)
    else:
        start(upload)
    return upload


def start(upload: TextUpload) -> None:
    """Read a file in a process beside, which goes on when the one that serves pages ends."""
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "read_upload", str(upload.pk)]
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    threading.Thread(target=process.wait, daemon=True).start()  # or it would stay as a zombie


def read(upload: TextUpload) -> None:
    """Read a file into blocks, or note why it cannot be read."""
    try:
        blocks = parse(Path(upload.file.path), upload.file_name)
    except IngestError as error:
        upload.state, upload.fault = UploadState.FAILED, str(error)
        upload.file.delete(save=False)
    else:
        written = json.dumps([[block.text, block.form.value] for block in blocks], ensure_ascii=False)
        upload.blocks.save(f"{upload.pk}.json", ContentFile(written.encode()), save=False)
        upload.state = UploadState.READ
    upload.save()


def blocks_of(upload: TextUpload) -> list[Block]:
    """What was read of a file. Raises UploadError where that is gone."""
    try:
        with upload.blocks.open("rb") as file:
            return [Block(text, Form(form)) for text, form in json.load(file)]
    except OSError as error:
        told = {"path": upload.file_name, "reason": error.strerror}
        raise UploadError(_("%(path)s cannot be opened: %(reason)s") % told) from error


def look(upload: TextUpload) -> Account:
    """What accepting would do, by paragraph; writes nothing."""
    return ingest(upload.source, blocks_of(upload), dry_run=True)


def ask_for_rights(upload: TextUpload, user) -> bool:
    """Propose the chosen rights for the source where it has others; returns whether a reviewer has to decide.

    A draft has them at once; what waits for review goes on waiting, with them. Raises what publishing raises, Conflict
    for example.
    """
    source = upload.source
    now = head(source)
    if now.document.get("rights", Rights.SNIPPETS) == upload.rights:
        return bool(now.open and source.rights != upload.rights)
    document = {**now.document, "rights": upload.rights}
    waited = source.state == State.IN_REVIEW or bool(now.open and now.open.waits)
    comment = _("Rights of the text “%s”") % upload.file_name
    with transaction.atomic():
        publishing.save_draft(document, user, base=now.token, comment=comment)
        if source.state != State.PUBLISHED and not waited:
            return False
        publishing.submit(source, user, comment)
    return True


def hindrance(upload: TextUpload, user) -> str:
    """Why this user cannot accept it now, empty where they can."""
    source = Source.objects.get(pk=upload.source_id)
    if upload.state != UploadState.READ:
        return _("It does not wait to be accepted.")
    if WIDTH.index(Rights(source.rights)) > WIDTH.index(Rights(upload.rights)):
        return _("Readers would see more of it than was chosen, until the change of the rights is approved.")
    if source.state != State.PUBLISHED or settings.REVIEW == "one":
        return "" if user.has_perm(CURATE) else _("Your account has no right to this. Ask an administrator.")
    if not user.has_perm(REVIEW):
        return _("A reviewer accepts it.")
    return _("You brought it in yourself; another reviewer has to accept it.") if user.pk == upload.author_id else ""


def accept(upload: TextUpload, user, *, force: bool = False) -> Account:
    """Make it the text of its source. Raises UploadError, and Refused where citations would point at other words."""
    with transaction.atomic():
        upload = TextUpload.objects.select_for_update(of=("self",)).select_related("source").get(pk=upload.pk)
        reason = hindrance(upload, user)
        if reason:
            raise UploadError(reason)
        account = ingest(upload.source, blocks_of(upload), force=force)
        upload.state, upload.accepted_by = UploadState.ACCEPTED, user
        upload.save(update_fields=("state", "accepted_by"))
    upload.forget_files()
    upload.save(update_fields=("file", "blocks"))
    return account


def read_again(upload: TextUpload, user) -> None:
    """Read a file anew where whoever read it is gone; nothing happens where it is not so."""
    publishing.require(user, CURATE)
    if upload.is_stopped:
        read(upload)


def discard(upload: TextUpload, user) -> None:
    """Forget a file that was not accepted."""
    publishing.require(user, CURATE)
    if upload.state == UploadState.ACCEPTED:
        raise UploadError(_("It was accepted; bring in another text in its place."))
    upload.forget_files()
    upload.delete()
