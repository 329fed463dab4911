"""What may happen to files, and to the disk that they are on."""

import os
import random
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.drills.instance import Answer, Instance

QUERY = "/api/v1/search/?q=agreement&type=instrument"


def deleted(path: Path) -> None:
    path.unlink()


def emptied(path: Path) -> None:
    os.truncate(path, 0)


def cut(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def flipped(path: Path) -> None:
    """One bit is another, somewhere."""
    content = bytearray(path.read_bytes())
    content[random.randrange(len(content))] ^= 1 << random.randrange(8)
    with path.open("r+b") as file:
        file.write(content)


def exchanged(path: Path) -> None:
    """As long as before, and something else."""
    content = os.urandom(path.stat().st_size)
    with path.open("r+b") as file:
        file.write(content)


FAULTS: tuple[Callable[[Path], None], ...] = (deleted, emptied, cut, flipped, exchanged)


def index_files(instance: Instance) -> list[Path]:
    """The files of the live index, and the one that names it."""
    root = instance.folder / "index"
    live = root / (root / "CURRENT").read_text().strip()
    return [root / "CURRENT", *sorted(path for path in live.iterdir() if path.stat().st_size)]


def damage_index(instance: Instance, number: int) -> str:
    """Do one of the faults to one of the files, going through all of them by number; returns what was done."""
    if number % 20 == 19:
        shutil.rmtree(instance.folder / "index", ignore_errors=True)  # the server may be writing a new one into it
        return "index folder deleted"
    for _attempt in range(100):  # a file may go while the index is being swapped
        try:
            files = index_files(instance)
            path, fault = files[number % len(files)], FAULTS[number // len(files) % len(FAULTS)]
            fault(path)
            break
        except FileNotFoundError:
            time.sleep(0.05)
    else:
        raise AssertionError("there is no index to damage")
    kind = path.name if path.name == "CURRENT" else path.suffix.lstrip(".") or path.name
    return f"{kind} {fault.__name__}"


def is_right(answer: Answer, expected: int) -> bool:
    """Results as they were, or a clear 503 that says when to come back."""
    if answer.status == 503:
        return "Retry-After" in answer.headers and "error" in answer.json()
    return answer.status == 200 and answer.json()["count"] == expected


@contextmanager
def small_disk(folder: Path, megabytes: int = 64) -> Iterator[None]:
    """A disk of its own at `folder`, where the system lets us mount one."""
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "drill", folder], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


def may_mount() -> bool:
    return os.geteuid() == 0 and subprocess.run(["unshare", "--mount", "true"], capture_output=True).returncode == 0


@contextmanager
def full(folder: Path) -> Iterator[None]:
    """Nothing more fits on the disk of `folder`."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file:
        for size in (1 << 20, 1 << 12, 1):
            try:
                while True:
                    file.write(b"x" * size)
            except OSError:
                pass
    try:
        yield
    finally:
        filler.unlink()


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Nothing can be written to the disk of `folder`; waits for a moment when no file is open for writing."""
    for _attempt in range(100):
        if subprocess.run(["mount", "-o", "remount,ro", folder], capture_output=True).returncode == 0:
            break
    else:
        raise AssertionError(f"{folder} could not be made read-only")
    try:
        yield
    finally:
        subprocess.run(["mount", "-o", "remount,rw", folder], check=True)
