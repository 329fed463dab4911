"""A backup is whole or refused, and half a one is never left behind."""

import json
import os
import resource
import signal
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.contrib.sessions.backends.db import SessionStore
from django.core.management import CommandError, call_command

from governance import backup
from governance.backup.archive import MANIFEST, ROWS, verify

UPLOAD = Path("imports", "список 1.csv")


@pytest.fixture
def uploads(settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "uploads"
    (settings.MEDIA_ROOT / UPLOAD).parent.mkdir(parents=True)
    (settings.MEDIA_ROOT / UPLOAD).write_bytes(os.urandom(20_000))
    return settings.MEDIA_ROOT


@pytest.fixture
def archive(transactional_db: None, uploads: Path, tmp_path: Path) -> Path:
    get_user_model().objects.create_user("ada", password="a long pass phrase")
    path = tmp_path / "backup.tar.gz"
    backup.save(path)
    return path


@pytest.fixture
def small_files() -> Iterator[None]:
    """Nothing longer than 4000 bytes can be written, as on a disk that is full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4000, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)
    signal.signal(signal.SIGXFSZ, handler)


def test_a_backup_is_for_its_owner_alone_and_leaves_no_drafts(archive: Path) -> None:
    assert archive.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in archive.parent.iterdir() if path.name.startswith(".")] == []


def test_what_a_killed_backup_left_is_gone_after_the_next(archive: Path) -> None:
    (archive.parent / f".{archive.name}.rows").write_text("half a row")
    call_command("backup", str(archive))
    assert [path.name for path in archive.parent.iterdir() if path.name.startswith(".")] == []
    assert verify(archive).rows["auth.user"] == 1


def test_the_manifest_says_what_is_in_it(archive: Path) -> None:
    manifest = verify(archive)
    assert manifest.rows["auth.user"] == 1
    assert set(manifest.files) == {ROWS, f"uploads/{UPLOAD}"}
    assert ["governance", "0001_initial"] in manifest.migrations


def test_who_finds_a_backup_is_not_signed_in_with_it(transactional_db: None, uploads: Path, tmp_path: Path) -> None:
    session = SessionStore()
    session.create()
    backup.save(tmp_path / "backup.tar.gz")
    with tarfile.open(tmp_path / "backup.tar.gz") as tar:
        content = b"".join(tar.extractfile(member).read() for member in tar)  # type: ignore[union-attr]
    assert session.session_key.encode() not in content


@pytest.mark.parametrize("share", [0, 0.01, 0.5, 0.99, 0.9999])
def test_a_backup_that_is_cut_short_is_refused(archive: Path, share: float) -> None:
    content = archive.read_bytes()
    archive.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(backup.BackupError, match="damaged"):
        verify(archive)


def test_a_backup_with_a_flipped_bit_is_refused(archive: Path) -> None:
    content = bytearray(archive.read_bytes())
    for place in range(12, len(content), len(content) // 40):
        content[place] ^= 1
        archive.write_bytes(content)
        with pytest.raises(backup.BackupError):
            verify(archive)
        content[place] ^= 1


@pytest.mark.parametrize("change", ["exchanged", "missing", "added", "outside", "link", "no manifest"])
def test_a_backup_that_somebody_packed_anew_is_refused(archive: Path, tmp_path: Path, change: str) -> None:
    with tarfile.open(archive) as tar:
        tar.extractall(tmp_path / "unpacked")
    extra = tmp_path / "extra"
    extra.write_text("x")
    with tarfile.open(archive, "w:gz") as tar:
        for name in (ROWS, f"uploads/{UPLOAD}", MANIFEST):
            path = tmp_path / "unpacked" / name
            if change == "exchanged" and name.startswith("uploads"):
                path = extra
            left_out = {"missing": f"uploads/{UPLOAD}", "no manifest": MANIFEST}.get(change)
            if name != left_out:
                tar.add(path, name)
        if change in ("added", "outside"):
            tar.add(extra, "uploads/extra" if change == "added" else "../../extra")
        if change == "link":
            link = tarfile.TarInfo("uploads/link")
            link.type, link.linkname = tarfile.SYMTYPE, str(extra)
            tar.addfile(link)
    with pytest.raises(backup.BackupError, match="damaged"):
        verify(archive)


def test_a_backup_of_a_later_form_is_refused_by_name(archive: Path, tmp_path: Path) -> None:
    with tarfile.open(archive) as tar:
        tar.extractall(tmp_path)
    (tmp_path / MANIFEST).write_text(json.dumps(json.loads((tmp_path / MANIFEST).read_text()) | {"format": 99}))
    with tarfile.open(archive, "w:gz") as tar:
        tar.add(tmp_path / MANIFEST, MANIFEST)
    with pytest.raises(backup.BackupError, match="form 99"):
        verify(archive)


def test_a_full_disk_leaves_the_backup_before(archive: Path, small_files: None) -> None:
    before = archive.read_bytes()
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("backup", str(archive))
    assert archive.read_bytes() == before
    assert [path.name for path in archive.parent.iterdir() if path.name.startswith(".")] == []


def test_an_instance_in_use_is_not_overwritten_unless_forced(archive: Path) -> None:
    with pytest.raises(CommandError, match="use --force"):
        call_command("restore", str(archive))
    assert get_user_model().objects.filter(username="ada").exists()


def test_a_damaged_backup_touches_nothing_even_when_forced(archive: Path, uploads: Path) -> None:
    archive.write_bytes(archive.read_bytes()[:-40])
    with pytest.raises(CommandError, match="damaged"):
        call_command("restore", str(archive), "--force")
    assert get_user_model().objects.filter(username="ada").exists()
    assert (uploads / UPLOAD).exists()


def test_a_file_that_is_not_there_is_named(transactional_db: None, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"nothing\.tar\.gz: there is no such file"):
        call_command("restore", str(tmp_path / "nothing.tar.gz"))
