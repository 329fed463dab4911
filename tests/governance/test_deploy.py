"""What `docs/deploy` sets are settings that the site reads, and versions that were tested."""

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from governance import server
from governance.environment import Environment
from tests.redis import OPTIONS

CHECKOUT = Path(__file__).resolve().parent.parent.parent
DEPLOY = CHECKOUT / "docs" / "deploy"
GIVEN = {"SITE_URL": "https://knowledge.example.org", "SECRET_KEY": "abcdefghij" * 6, "DATABASE_PASSWORD": "secret"}
README = (CHECKOUT / "README.md").read_text()


def documented() -> set[str]:
    return set(re.findall(r"^\| `([A-Z_]+)` \|", README, re.MULTILINE))


def own(folder: Path) -> dict[str, str]:
    """Folders that may be made here."""
    return {"DATA_DIR": str(folder / "var"), "UPLOADS_DIR": str(folder / "uploads")}


def test_the_file_for_systemd_sets_what_the_site_reads(tmp_path: Path) -> None:
    lines = (line.partition("=") for line in (DEPLOY / "knowledge.env").read_text().splitlines() if line[:1] != "#")
    values = {name: value for name, _equals, value in lines}
    assert values.keys() <= documented()
    shared = Path(values["UPLOADS_DIR"])
    for unit in DEPLOY.glob("*.service"):
        assert re.search(rf"^ReadWritePaths=.*{shared}$", unit.read_text(), re.MULTILINE)
    assert Environment.read(tmp_path, values | own(tmp_path)).lacks_key
    found = Environment.read(tmp_path, values | own(tmp_path) | {"SECRET_KEY": GIVEN["SECRET_KEY"]})
    assert found.search.engine == "opensearch" and found.secure and len(found.replicas) == 1


def test_systemd_understands_the_units(tmp_path: Path) -> None:
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("systemd is missing: apt-get install systemd")
    for path in DEPLOY.glob("*.service"):
        text = path.read_text().replace("/srv/knowledge/.venv/bin/python", sys.executable)
        (tmp_path / path.name).write_text(text)
    units = [tmp_path / path.name.replace("@", "@8001") for path in tmp_path.iterdir()]
    assert len(units) == 2
    done = subprocess.run(
        [program, "verify", "--man=no", *units], capture_output=True, text=True,
        env={"SYSTEMD_UNIT_PATH": f"{tmp_path}:", "PATH": "/usr/bin:/bin"},
    )  # fmt: skip
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_the_compose_file_sets_what_the_site_reads(tmp_path: Path) -> None:
    stack = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    values = {
        name: re.sub(r"\$\{(\w+)[^}]*\}", lambda match: GIVEN[match[1]], value)
        for name, value in stack["x-site"]["environment"].items()
    }
    assert values.keys() <= documented()
    webs = [service for name, service in stack["services"].items() if name.startswith("web")]
    assert all(f"uploads:{values['UPLOADS_DIR']}" in web["volumes"] for web in webs)
    assert values["UPLOADS_DIR"] in (DEPLOY / "Containerfile").read_text()  # who owns it in the image owns the volume
    found = Environment.read(tmp_path, values | own(tmp_path))
    assert found.database["HOST"] == "primary,replica" and found.cache.startswith("redis://")
    for service in stack["services"].values():
        for path in re.findall(r"\./([\w.-]+)", str(service.get("volumes", ""))):
            assert (DEPLOY / path).is_file()


def test_the_versions_are_the_tested_ones() -> None:
    compose, pom = (DEPLOY / "compose.yaml").read_text(), (CHECKOUT / "tests" / "cluster" / "pom.xml").read_text()
    (tested,) = re.findall(r"<opensearch>([\d.]+)</opensearch>", pom)
    assert f"opensearch:{tested}\n" in compose
    assert "python:3.11" in (DEPLOY / "Containerfile").read_text()


def test_the_redis_of_the_compose_file_is_set_up_as_the_tested_one() -> None:
    stack = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    program, *words = shlex.split(stack["services"]["cache"]["command"])
    assert program == "redis-server"
    assert dict(zip(words[::2], words[1::2], strict=True)) == {f"--{name}": value for name, value in OPTIONS.items()}


def test_both_proxies_do_the_same() -> None:
    """But for where the nodes and the certificate are."""
    one, other = ((DEPLOY / name).read_text() for name in ("nginx.conf", "nginx.compose.conf"))
    moved = re.compile(r"^(#|\s+server (127|web)|\s+ssl_certificate)")
    kept = [[line for line in text.splitlines()[1:] if not moved.match(line)] for text in (one, other)]
    assert kept[0] == kept[1]


def test_the_proxy_lets_go_of_a_connection_before_a_node_closes_it() -> None:
    (seconds,) = re.findall(r"^    keepalive_timeout (\d+)s;", (DEPLOY / "nginx.conf").read_text(), re.MULTILINE)
    assert int(seconds) < server.keepalive
