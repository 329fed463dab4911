"""Readers may be sent to a replica, and never miss what they wrote: a real primary, a real replica, a real site."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
import yaml

from tests.cluster.ports import free_ports
from tests.cluster.postgres import Member, primary_and_replica
from tests.postgres import find_binaries

CHECKOUT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(scope="module")
def binaries() -> Path:
    found = find_binaries()
    if found is None:
        pytest.skip("PostgreSQL is missing: apt-get install postgresql")
    return found


@pytest.fixture(scope="module")
def told(binaries: Path, tmp_path_factory: pytest.TempPathFactory) -> dict:
    with primary_and_replica(binaries, safe=False) as (primary, replica):
        assert primary.process is not None
        settings = {
            "PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "governance.settings",
            "DATA_DIR": str(tmp_path_factory.mktemp("site")), "DATABASE_URL": primary.address,
            "DATABASE_REPLICA_URLS": replica.address, "PRIMARY_PID": str(primary.process.pid),
            "ALLOWED_HOSTS": "testserver", "SECRET_KEY": "for this test", "PYTHONWARNINGS": "ignore",
        }  # fmt: skip
        done = subprocess.run(
            [sys.executable, "-m", "tests.cluster.reading"], cwd=CHECKOUT, env=settings, capture_output=True, text=True
        )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


pytestmark = [pytest.mark.slow, pytest.mark.postgres]


def test_a_reader_is_sent_to_a_replica_that_has_everything(told: dict) -> None:
    assert told["anonymous reader, replica level"] == "replica1"
    assert told["the replica has it"] and told["page from the replica"] == 200


def test_who_is_signed_in_reads_from_the_primary(told: dict) -> None:
    assert told["signed in"] == "default"


def test_a_replica_that_is_behind_is_not_asked(told: dict) -> None:
    assert told["anonymous reader, replica behind"] == "default"
    assert told["page that the replica lacks"] == 200
    assert told["anonymous reader, replica level again"] == "replica1"


def test_a_reader_never_misses_what_they_wrote(told: dict) -> None:
    assert told["reader who wrote later than the replica knows"] == "default"


def test_who_reads_from_the_primary_as_it_goes_away_is_answered_from_the_replica(told: dict) -> None:
    assert told["page that was to be read from the primary"] == 200


def test_readers_are_served_while_the_primary_is_away_and_writers_are_told(told: dict) -> None:
    assert told["page while the primary is away"] == 200
    assert told["readyz while the primary is away"] is True
    assert told["write while the primary is away"] == 503


@contextmanager
def member(binaries: Path) -> Iterator[Member]:
    home = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
    made = Member(binaries, home, free_ports(1)[0])
    try:
        yield made
    finally:
        made.stop(signal.SIGQUIT)
        shutil.rmtree(home)


def start_as_composed(replica: Member, primary: Member) -> Callable[[], bool]:
    """Start a replica by the command of the compose file, in a folder that is open to everybody, as in the image, and
    after a copy that broke off; returns what asks whether it is well."""
    service = yaml.safe_load((CHECKOUT / "docs" / "deploy" / "compose.yaml").read_text())["services"]["replica"]
    command = service["command"][2].replace("$$", "$")
    command = command.replace("-h primary -U knowledge", f"-h {primary.home} -p {primary.port} -U postgres")
    health = service["healthcheck"]["test"][1].replace("-U knowledge", "-U postgres")
    data = replica.home / "data" / Path(service["environment"]["PGDATA"]).name
    data.with_name(f"{data.name}.part").mkdir(parents=True)
    (data.with_name(f"{data.name}.part") / "half").touch()
    for path in (replica.home, *replica.home.rglob("*")):
        path.chmod(0o1777)
        if replica.account:
            os.chown(path, replica.account["user"], replica.account["group"])
    environment = replica.environment | {"PGDATA": str(data), "PGHOST": str(replica.home)}
    environment["PATH"] = f"{replica.binaries}:{environment['PATH']}"
    with (replica.home / "log").open("wb") as log:
        replica.process = subprocess.Popen(
            ["bash", "-c", command], cwd=replica.home, env=environment, stdout=log, stderr=log,
            start_new_session=True, **replica.account,
        )  # fmt: skip
    return lambda: not subprocess.run(["sh", "-c", health], env=environment, capture_output=True).returncode


def test_the_replica_of_the_compose_file_follows_the_primary_and_can_take_its_place(binaries: Path) -> None:
    with ExitStack() as stack:
        primary, replica = (stack.enter_context(member(binaries)) for _ in range(2))
        primary.make()
        primary.start()
        primary.ask(f"ALTER SYSTEM SET unix_socket_directories = '{replica.home}'")  # for the copy, as is the next
        primary.ask("ALTER SYSTEM SET synchronous_standby_names = '*'")
        is_well = start_as_composed(replica, primary)
        until = time.monotonic() + 60
        while not is_well():
            assert replica.process is not None
            assert replica.process.poll() is None and time.monotonic() < until, (replica.home / "log").read_text()
            time.sleep(0.1)
        assert primary.ask("SELECT state FROM pg_stat_replication") == "streaming"
        replica.promote()
        assert replica.ask("SHOW synchronous_standby_names") == "" and is_well()
