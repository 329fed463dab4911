"""Reads a large file in a process of its own, with bounds on time and memory: `python -m governance.importing.bounded`.

A table of a few megabytes can be made to take minutes or all memory to read, and the process that serves pages must
outlive that. What is small can do neither and is read where it is asked for.
"""

import os
import pickle
import resource
import signal
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from governance.importing.sheets import MAX_BYTES, ReadError

SMALL, SMALL_UNPACKED = 500 * 1024, 3 * 1024**2
SECONDS = 60
MEMORY = 1024**3
OUTPUT = 512 * 1024**2
KNOWN = {
    ("governance.importing.readers", "Content"), ("governance.importing.sheets", "Sheet"),
    ("governance.importing.sheets", "Line"), ("governance.knowledge.files", "Entry"), ("pathlib", "PosixPath"),
    ("datetime", "date"), ("datetime", "datetime"), ("datetime", "time"), ("datetime", "timedelta"),
}  # fmt: skip


def is_large(path: Path) -> bool:
    """May reading it take long? Packed files are judged by what they say they unpack to: no more of them is read."""
    try:
        size = path.stat().st_size if path.is_file() else 0
        if size > MAX_BYTES or not zipfile.is_zipfile(path):
            return SMALL < size <= MAX_BYTES
        with zipfile.ZipFile(path) as archive:
            return sum(info.file_size for info in archive.infolist()) > SMALL_UNPACKED
    except (OSError, ValueError, zipfile.BadZipFile, NotImplementedError):
        return False  # the reader says what is wrong with it


def read(path: Path, sheet: str, seconds: int = SECONDS) -> Any:
    """As `readers.read`, with an end: raises ReadError also when it takes too long or too much memory."""
    language = translation.get_language() or settings.LANGUAGE_CODE
    with tempfile.TemporaryFile() as output:
        command = [
            sys.executable,
            "-W",
            "ignore",
            "-m",
            "governance.importing.bounded",
            str(path.resolve()),
            sheet,
            language,
        ]
        module = os.environ.get("DJANGO_SETTINGS_MODULE", "governance.settings")
        environment = {**os.environ, "DJANGO_SETTINGS_MODULE": module}
        try:
            subprocess.run(
                [*command, str(seconds)], stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.DEVNULL,
                cwd=settings.BASE_DIR, env=environment, timeout=seconds + 15, check=True,
            )  # fmt: skip
            output.seek(0)
            found = _Unpickler(output).load()
        except (subprocess.SubprocessError, pickle.UnpicklingError, EOFError) as error:
            message = _("Reading the file takes more than %d seconds or 1 GiB of memory. Split it into several.")
            raise ReadError(message % seconds) from error
    if isinstance(found, str):
        raise ReadError(found)
    return found


class _Unpickler(pickle.Unpickler):
    """Takes tables and documents only: the process that wrote them had a stranger's file in its hands."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in KNOWN:
            raise pickle.UnpicklingError(f"{module}.{name} is none of ours")
        return super().find_class(module, name)


def _answer(path: Path, sheet: str, output: IO[bytes]) -> None:
    from governance.importing import readers

    try:
        found: Any = readers.read_here(path, sheet)
    except ReadError as error:
        found = str(error)
    pickle.dump(found, output)


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (int(sys.argv[4]),) * 2)
    resource.setrlimit(resource.RLIMIT_FSIZE, (OUTPUT, OUTPUT))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.alarm(int(sys.argv[4]) + 20)  # should the parent have died, nobody else ends this
    import django

    django.setup()
    with translation.override(sys.argv[3]):
        _answer(Path(sys.argv[1]), sys.argv[2], sys.stdout.buffer)
