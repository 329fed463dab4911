"""Asks a site with a replica, in a process of its own, and prints what came of it as JSON: `test_replicas` reads it.

Settings come from the environment, as on a web node. Each step holds the replica back, or lets it go on, by hand.
"""

import json
import os
import time
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connections  # noqa: E402
from django.test import Client, RequestFactory  # noqa: E402
from django.test.utils import override_settings, setup_test_environment  # noqa: E402

from governance import replicas  # noqa: E402
from governance.models import Record  # noqa: E402
from governance.replicas import COOKIE, SAMPLE, ReplicaMiddleware, read_from  # noqa: E402
from tests.factories import make_topic  # noqa: E402


def on(alias: str, statement: str) -> Any:
    with connections[alias].cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0] if cursor.description else None


def caught_up() -> None:
    """Wait until the replica has all that the primary has."""
    wanted = on("default", "SELECT pg_current_wal_lsn()")
    while not on("replica1", f"SELECT pg_last_wal_replay_lsn() >= '{wanted}'"):
        pass


def pause() -> None:
    """Have the replica take in nothing more."""
    on("replica1", "SELECT pg_wal_replay_pause()")
    while on("replica1", "SELECT pg_get_wal_replay_pause_state()") != "paused":
        pass


def where(**cookies: str) -> str:
    """Where a reader would be sent, by a middleware that has asked nobody yet."""
    request = RequestFactory().get("/topics/")
    request.COOKIES.update(cookies)
    return ReplicaMiddleware(lambda request: None).choose(request)  # type: ignore[arg-type,return-value]


def main() -> dict[str, Any]:
    setup_test_environment()
    call_command("migrate", verbosity=0)
    client, told = Client(raise_request_exception=False), {}
    topic = make_topic("first")
    caught_up()
    told["anonymous reader, replica level"] = where()
    told["signed in"] = where(sessionid="x")
    with read_from("replica1"):
        told["the replica has it"] = Record.objects.filter(slug="first").exists()
    told["page from the replica"] = client.get("/topics/first/").status_code

    pause()
    make_topic("second")
    time.sleep(SAMPLE)  # for so long a reader may get what was there before
    told["anonymous reader, replica behind"] = where()
    told["page that the replica lacks"] = client.get("/topics/second/").status_code
    report = client.post("/topics/first/", {})
    told["cookie after a write that failed"] = COOKIE in report.cookies
    told["reader who wrote later than the replica knows"] = where(written=str(2**60))
    on("replica1", "SELECT pg_wal_replay_resume()")
    caught_up()
    told["anonymous reader, replica level again"] = where()

    pause()
    topic.title = "Renamed"
    topic.save()
    time.sleep(SAMPLE)
    told["page that the replica has as it was"] = client.get("/topics/second/").status_code
    replicas.SAMPLE = 60.0  # so that the primary, which was asked just now, is taken to be there
    os.kill(int(os.environ["PRIMARY_PID"]), 3)
    while True:
        try:
            on("default", "SELECT 1")
        except Exception:
            break
    told["page that was to be read from the primary"] = client.get("/topics/first/").status_code
    replicas.SAMPLE = SAMPLE
    told["page while the primary is away"] = client.get("/topics/second/").status_code
    told["readyz while the primary is away"] = client.get("/readyz").json().get("read_only")
    told["write while the primary is away"] = client.post(
        "/admin/login/", {"username": "a", "password": "b"}
    ).status_code
    return told


if __name__ == "__main__":
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with override_settings(STORAGES={**settings.STORAGES, "staticfiles": plain}):
        print(json.dumps(main()))
