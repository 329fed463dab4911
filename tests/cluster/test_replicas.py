"""Readers may be sent to a replica, and never miss what they wrote: a real primary, a real replica, a real site."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cluster.postgres import primary_and_replica
from tests.postgres import find_binaries

CHECKOUT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict:
    binaries = find_binaries()
    if binaries is None:
        pytest.skip("PostgreSQL is missing: apt-get install postgresql")
    with primary_and_replica(binaries, safe=False) as (primary, replica):
        assert primary.process is not None
        settings = {
            "PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "governance.settings",
            "DATA_DIR": str(tmp_path_factory.mktemp("site")), "DATABASE_URL": primary.address,
            "DATABASE_REPLICA_URLS": replica.address, "PRIMARY_PID": str(primary.process.pid),
            "ALLOWED_HOSTS": "testserver", "PYTHONWARNINGS": "ignore",
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


def test_readers_are_served_while_the_primary_is_away_and_writers_are_told(told: dict) -> None:
    assert told["page while the primary is away"] == 200
    assert told["readyz while the primary is away"] is True
    assert told["write while the primary is away"] == 503
