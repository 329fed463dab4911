"""What is kept in a Redis: only data, beside what others keep there, counted over outages, and forgotten in time."""

import json
import pickle
import runpy
from collections.abc import Iterator

import pytest
from axes.handlers.proxy import AxesProxyHandler
from django.contrib.sessions.models import Session
from django.core.cache import caches
from django.core.cache.backends.redis import RedisCache
from django.core.management import CommandError, call_command
from django.test import Client, override_settings
from django.utils import timezone
from redis import Redis

import governance.settings
from governance import readiness, shared
from governance.breaker import Breaker
from governance.shared import SharedCache
from tests import redis
from tests.governance.curating import PASSWORD, make_user

pytestmark = [pytest.mark.django_db, redis.wanted]
CHANGED = ("CACHES", "IN_REDIS", "SESSION_ENGINE", "SESSION_CACHE_ALIAS", "AXES_HANDLER", "AXES_CACHE")


@pytest.fixture(scope="module")
def process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[redis.Redis]:
    with redis.running(tmp_path_factory.mktemp("redis")) as made:
        yield made


@pytest.fixture
def server(process: redis.Redis, monkeypatch: pytest.MonkeyPatch) -> Iterator[redis.Redis]:
    """An empty Redis, and the site as CACHE_URL would have it."""
    monkeypatch.setenv("CACHE_URL", process.address)
    monkeypatch.setattr(shared, "breaker", Breaker())
    found = runpy.run_path(governance.settings.__file__)
    with override_settings(AXES_ENABLED=True, **{name: found[name] for name in CHANGED}):
        AxesProxyHandler.get_implementation(force=True)
        yield process
        shared.breaker = Breaker()
        process.stop()
        process.start()
    AxesProxyHandler.get_implementation(force=True)


@pytest.fixture
def kept(server: redis.Redis) -> Iterator[Redis]:
    with Redis.from_url(server.address) as connection:
        yield connection


@pytest.fixture
def amal():
    return make_user("amal", "curator")


def guess(times: int) -> list[int]:
    form = {"username": "amal", "password": "a guess"}
    return [Client().post("/admin/login/", form).status_code for _time in range(times)]


def sign_in(client: Client) -> int:
    return client.post("/admin/login/", {"username": "amal", "password": PASSWORD, "next": "/admin/"}).status_code


def test_a_session_is_in_the_database_and_a_copy_of_it_for_two_minutes_in_the_redis(client, amal, kept):
    assert sign_in(client) == 302 and client.get("/admin/").status_code == 200
    (session,) = Session.objects.all()
    (copy,) = kept.keys("sessions:*")
    assert copy.decode().endswith(session.session_key)
    assert 0 < kept.ttl(copy) <= shared.MOST
    assert (session.expire_date - timezone.now()).total_seconds() > 11 * 3600
    Session.objects.all().delete()
    assert client.get("/admin/").status_code == 200, "it is the copy that is read"
    assert kept.delete(copy) and client.get("/admin/").status_code == 302


def test_only_data_is_kept_and_nothing_that_python_would_run(client, amal, kept):
    sign_in(client)
    guess(2)
    caches["throttle"].set("asked", [1.5, 2.5])
    found = {key.decode().partition(":")[0]: json.loads(kept.get(key)) for key in kept.keys("*")}
    assert found.keys() == {"sessions", "lockout", "throttle"}
    assert (found["lockout"], found["throttle"]) == (2, [1.5, 2.5])


def test_what_is_kept_there_and_is_no_json_counts_as_nothing(client, amal, kept):
    sign_in(client)
    guess(1)
    for key in kept.keys("*"):
        kept.set(key, pickle.dumps([1.5]))
    assert client.get("/admin/").status_code == 200
    assert guess(5)[-1] == 429


def test_what_others_keep_in_the_same_redis_stays(kept):
    kept.set("theirs", "x")
    caches["throttle"].set("ours", 1)
    caches["sessions"].set("ours", 1)
    caches["throttle"].clear()
    assert sorted(kept.keys("*")) == [b"sessions:2:ours", b"theirs"]


def test_guesses_while_the_redis_is_away_are_added_to_those_that_it_has(amal, server, monkeypatch):
    assert guess(2) == [200, 200]
    server.silence()
    assert guess(2) == [200, 200]
    server.resume()
    monkeypatch.setattr(shared, "breaker", Breaker())
    assert guess(2) == [200, 429], "five in all, and no sixth"
    assert sign_in(Client()) == 429


def test_whoever_signs_in_has_all_tries_again(amal, server, monkeypatch):
    server.silence()
    guess(2)
    server.resume()
    monkeypatch.setattr(shared, "breaker", Breaker())
    guess(2)
    assert sign_in(Client()) == 302
    assert guess(5) == [200, 200, 200, 200, 429]


@pytest.mark.parametrize("command", [["axes_reset"], ["axes_reset_username", "amal"], ["axes_reset_ip", "127.0.0.1"]])
def test_an_administrator_lets_somebody_in_who_is_locked_out(amal, server, command, capsys):
    assert guess(5)[-1] == 429 and sign_in(Client()) == 429
    call_command(*command)
    assert sign_in(Client()) == 302


def test_a_count_that_is_forgotten_as_it_should_be_raised_begins_anew(amal, kept, monkeypatch):
    """Redis ends a count between two questions."""
    add, forgotten = RedisCache.add, []

    def forget_once(self, key, *args, **kwargs):
        added = add(self, key, *args, **kwargs)
        if not added and not forgotten:
            forgotten.append(kept.delete(self.make_key(key)))
        return added

    guess(1)
    monkeypatch.setattr(RedisCache, "add", forget_once)
    assert guess(5) == [200] * 4 + [429]
    assert forgotten == [1]


@pytest.mark.parametrize(
    ("setting", "value"), [("requirepass", "secret"), ("maxmemory", "1"), ("min-replicas-to-write", "1")]
)
def test_a_redis_that_refuses_is_as_good_as_away(amal, kept, setting, value, caplog):
    kept.config_set("maxmemory-policy", "noeviction")
    kept.config_set(setting, value)
    assert guess(5)[-1] == 429
    assert "The Redis of CACHE_URL cannot be used" in caplog.text


def test_neither_release_reads_what_the_other_keeps_while_nodes_are_upgraded(server):
    before, now = RedisCache(server.address, {"KEY_PREFIX": "throttle"}), caches["throttle"]
    before.set("asked", [1.5])
    assert now.get("asked") is None
    now.set("asked", [2.5])
    assert (before.get("asked"), now.get("asked")) == ([1.5], [2.5])


def test_what_a_server_says_of_the_password_is_not_told(tmp_path, caplog, monkeypatch):
    """One that does not know how it is asked to let somebody in repeats the question."""
    monkeypatch.setattr(shared, "breaker", Breaker())
    with redis.running(tmp_path, "--rename-command", "HELLO", "") as older:
        address = older.address.replace("//", "//:secret-word@")
        cache = SharedCache([address], {"OPTIONS": {"socket_timeout": 1}})
        assert not cache.answers()
    assert "unknown command" in caplog.text and "secret-word" not in caplog.text


def test_without_the_redis_curators_go_on_the_figures_tell_and_a_command_says_what_it_cannot(
    client, amal, server, monkeypatch, settings
):
    monkeypatch.setitem(readiness._checks, "redis", shared.redis_check)
    settings.METRICS = True
    assert sign_in(client) == 302
    ready = 'migration_governance_ready{part="redis"} %d'
    assert ready % 1 in client.get("/metrics").content.decode()
    server.kill()
    assert client.get("/admin/care/").status_code == 200
    assert ready % 0 in client.get("/metrics").content.decode()
    with pytest.raises(CommandError, match="The Redis of CACHE_URL is away"):
        call_command("axes_reset")
