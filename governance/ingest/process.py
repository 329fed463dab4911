"""From a path to blocks, read in a process of its own with bounds on time and memory."""

import json
import os
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from governance.ingest import limits
from governance.ingest.blocks import Block, Form, Unreadable
from governance.ingest.readers import FORMATS

KEPT = ("PATH", "LD_LIBRARY_PATH", "TMPDIR", "TZ")  # of the environment: no secret key, no database address


class IngestError(ValueError):
    """A file cannot be brought in; the message says in one line why and what helps."""


def parse(
    path: Path, name: str = "", progress: Callable[[float], None] | None = None, seconds: int = limits.SECONDS
) -> list[Block]:
    """Read the file at `path` into its blocks; `name` is what it is called where `path` does not say (an upload).

    `progress` is told the seconds passed, once a second; after `seconds` reading is broken off. Raises IngestError.
    """
    suffix = Path(name or path).suffix.lower()
    if suffix not in FORMATS:
        raise IngestError(_("%(name)s: only txt, md, html, pdf and docx files can be read.") % {"name": name or path})
    handle = _open(path)
    try:
        with tempfile.TemporaryFile() as output:
            code = _run(suffix, handle, output, progress, seconds)
            output.seek(0)
            return _blocks(output.read(), code, seconds)
    except Unreadable as error:
        raise IngestError(f"{name or path}: {_message(error)}") from error
    finally:
        os.close(handle)


def _open(path: Path) -> int:
    """A handle on a regular file of a fitting size; what is measured is what is read."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)  # a pipe without writer would block
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise IngestError(_("%(path)s cannot be opened: %(reason)s") % {"path": path, "reason": reason}) from error
    status = os.fstat(handle)
    problem = ""
    if not stat.S_ISREG(status.st_mode):
        problem = _("%(path)s is not a file.")
    elif not status.st_size:
        problem = _("%(path)s is empty.")
    elif status.st_size > limits.FILE_BYTES:
        problem = _("%(path)s has more than 50 MB; bring it in by parts, each a source of its own.")
    if problem:
        os.close(handle)
        raise IngestError(problem % {"path": path})
    return handle


def _run(suffix: str, handle: int, output, progress: Callable[[float], None] | None, seconds: int) -> int:
    """Run the reading process to its end, or end it; gives its return code, raises Unreadable when time is over."""
    environment = {name: os.environ[name] for name in KEPT if name in os.environ} | {"PYTHONUTF8": "1"}
    began = time.monotonic()
    with subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "governance.ingest.child", suffix, str(seconds)],
        stdin=handle, stdout=output, stderr=subprocess.DEVNULL, cwd=settings.BASE_DIR, env=environment,
    ) as child:  # fmt: skip
        try:
            while True:
                try:
                    return child.wait(timeout=1)
                except subprocess.TimeoutExpired as late:
                    passed = time.monotonic() - began
                    if passed > seconds:
                        raise Unreadable("time", limit=seconds) from late
                    if progress:
                        progress(passed)
        finally:
            child.kill()


def _blocks(output: bytes, code: int, seconds: int) -> list[Block]:
    """What the process found. Its words are checked: a hostile file may have taken it over."""
    if code in (-signal.SIGXCPU, -signal.SIGALRM, -signal.SIGKILL):
        raise Unreadable("time", limit=seconds)
    try:
        found = json.loads(output)
        if "error" in found:
            raise Unreadable(str(found["error"]), **found["values"])
        return [Block(str(text), Form(form)) for text, form in found["blocks"]]
    except (ValueError, TypeError, KeyError) as error:
        raise Unreadable("damaged", reason=f"{_('the parser stopped')}, {code}") from error


def _message(error: Unreadable) -> str:
    kinds = {"text": _("plain text"), "binary": _("unknown binary data"), "zip": _("a zip archive")}
    values = error.values | {"found": kinds.get(str(error.values.get("found")), error.values.get("found"))}
    messages = {
        "mismatch": _("the name ends in %(suffix)s, but the content is %(found)s; give the file its proper ending."),
        "encoding": _("line %(line)s is not UTF-8; save the text as UTF-8 and try again."),
        "declared": _("the page is not in the encoding it names (%(encoding)s); save it as UTF-8 and try again."),
        "entities": _("it declares entities of its own, which is not taken; save it anew without them."),
        "encrypted": _("it is locked with a password; save it without one."),
        "pages": _("it has more than %(limit)s pages."),
        "paragraphs": _("it has more than %(limit)s paragraphs."),
        "paragraph": _("paragraph %(number)s has more than %(limit)s characters; blank lines end a paragraph."),
        "characters": _("it has more than %(limit)s characters."),
        "unpacked": _("it unpacks to more than 300 MB."),
        "no-text": _("it holds no text; a scanned document needs its text recognised first."),
        "memory": _("reading it takes more than 1 GiB of memory."),
        "time": _("reading it takes more than %(limit)s seconds."),
        "damaged": _("it is damaged and cannot be read (%(reason)s)."),
    }
    return messages.get(error.code, messages["damaged"]) % ({"reason": error.code} | values)
