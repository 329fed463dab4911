"""The addresses of whole collections: the CSV package, the concept schemes, the harvesting interface."""

import hashlib
import os
import tempfile
from pathlib import Path

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from governance import data
from governance.exports import oai_xml, package, skos
from governance.knowledge import dump_many
from governance.models import Change, Record
from governance.models.vocabulary import Type

FOLDER = "exports"


@require_safe
def knowledge_package(request: HttpRequest) -> FileResponse:
    """`/data/knowledge.zip`: made anew when the change log has moved, else the file that is there."""
    return FileResponse(
        package_file().open("rb"), as_attachment=True, filename="knowledge.zip", content_type="application/zip"
    )


def package_file() -> Path:
    """The path of the package of the log's present position; older ones are removed."""
    head = Change.objects.head()
    last = Change.objects.order_by("-xid", "-id").first()
    moment = last.at if last else timezone.now()
    # The moment stands beside the position: a database that was set back counts its positions anew.
    key = hashlib.sha256(
        f"{Change.objects.all().token()}|{moment.isoformat()}|{settings.SITE_URL}".encode()
    ).hexdigest()[:24]
    folder = settings.DATA_DIR / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / f"knowledge-{key}.zip"
    if not path.exists():
        handle, unfinished = tempfile.mkstemp(dir=folder, suffix=".part")
        os.close(handle)
        records = Record.objects.visible_to(None).order_by("type", "slug")
        package.write(dump_many(records), Path(unfinished), str(head), moment)
        os.replace(unfinished, path)
        for old in folder.glob("knowledge-*.zip"):
            if old != path:
                old.unlink(missing_ok=True)
    return path


@require_safe
def concepts(request: HttpRequest) -> StreamingHttpResponse:
    """`/data/concepts.ttl`: levels, principles and topics as SKOS."""
    records = Record.objects.visible_to(None).of_types(Type.LEVEL, Type.PRINCIPLE, Type.TOPIC).order_by("type", "slug")
    return StreamingHttpResponse(skos.write(dump_many(records)), content_type="text/turtle; charset=utf-8")


@csrf_exempt
def harvest(request: HttpRequest) -> HttpResponse:
    """`/oai`: OAI-PMH 2.0, by GET or, as the protocol has it, by POST with the arguments in the body."""
    if request.method not in ("GET", "HEAD", "POST"):
        response = data.error("method-not-allowed", _("The harvesting interface is asked by GET or POST."), 405)
        response["Allow"] = "GET, HEAD, POST"
        return response
    arguments = dict((request.POST if request.method == "POST" else request.GET).lists())
    return HttpResponse(oai_xml.respond(arguments, timezone.now()), content_type="text/xml; charset=utf-8")
