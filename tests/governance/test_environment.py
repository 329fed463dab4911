"""The settings from the environment: what they become, and what a wrong one says."""

import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from governance.environment import Environment

CHECKOUT = Path(__file__).resolve().parent.parent.parent
KEY = "k3y-" + "abcdefghijklmnopqrstuvwxyz" * 2


def read(tmp_path: Path, **values: str) -> Environment:
    return Environment.read(tmp_path, {"DATA_DIR": str(tmp_path / "data"), **values})


def manage(tmp_path: Path, *command: str, **values: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, CHECKOUT / "manage.py", *command],
        env={"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path / "data"), **values},
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )


def test_defaults(tmp_path: Path) -> None:
    environment = Environment.read(tmp_path, {})
    assert environment.data_dir == tmp_path / "var"
    assert stat.S_IMODE(environment.data_dir.stat().st_mode) == 0o700
    assert environment.database["NAME"] == str(tmp_path / "var" / "db.sqlite3")
    assert environment.search.engine == "whoosh"
    assert environment.search.path == tmp_path / "var" / "index"
    assert environment.port == 8000
    assert environment.site_url == "http://127.0.0.1:8000"
    assert environment.allowed_hosts == ["localhost", "127.0.0.1", "[::1]"]
    assert (environment.review, environment.trusted_proxies, environment.debug) == ("two", 0, False)
    assert not environment.secure


def test_an_empty_value_is_not_set(tmp_path: Path) -> None:
    assert read(tmp_path, PORT="", REVIEW=" ", DATABASE_URL="").port == 8000


def test_the_address_follows_the_port(tmp_path: Path) -> None:
    assert read(tmp_path, PORT="8123").site_url == "http://127.0.0.1:8123"


def test_the_public_address(tmp_path: Path) -> None:
    environment = read(tmp_path, SITE_URL="https://migration.example/", ALLOWED_HOSTS="localhost, 10.0.0.1")
    assert environment.site_url == "https://migration.example"
    assert environment.secure
    assert environment.allowed_hosts == ["localhost", "10.0.0.1", "migration.example"]


@pytest.mark.parametrize(("text", "value"), [("on", True), ("1", True), ("True", True), ("off", False), ("0", False)])
def test_a_switch(tmp_path: Path, text: str, value: bool) -> None:
    assert read(tmp_path, DEBUG=text).debug is value


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("sqlite:////a/../tmp/x.sqlite3", {"ENGINE": "django.db.backends.sqlite3", "NAME": "/tmp/x.sqlite3"}),
        ("sqlite://:memory:", {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}),
        (
            "postgres://u:p%40ss@db.example:5433/name?sslmode=require",
            {
                "ENGINE": "django.db.backends.postgresql",
                "NAME": "name",
                "USER": "u",
                "PASSWORD": "p@ss",
                "HOST": "db.example",
                "PORT": 5433,
                "OPTIONS": {"sslmode": "require"},
            },
        ),
        (
            "postgresql://u@%2Frun%2Fpg/name",
            {"ENGINE": "django.db.backends.postgresql", "NAME": "name", "USER": "u", "HOST": "/run/pg"},
        ),
    ],
)
def test_the_database(tmp_path: Path, url: str, expected: dict[str, Any]) -> None:
    database = read(tmp_path, DATABASE_URL=url).database
    assert {name: value for name, value in database.items() if value != ""} == expected


def test_relative_paths_start_at_the_checkout(tmp_path: Path) -> None:
    environment = read(tmp_path, DATA_DIR="data", DATABASE_URL="sqlite:///data/x", SEARCH_URL="whoosh:///data/y")
    assert environment.data_dir == tmp_path / "data"
    assert environment.database["NAME"] == str(tmp_path / "data" / "x")
    assert environment.search.path == tmp_path / "data" / "y"
    assert environment.uploads == tmp_path / "data" / "uploads"


def test_uploads_may_be_where_other_nodes_find_them_too(tmp_path: Path) -> None:
    assert read(tmp_path, DATA_DIR="data", UPLOADS_DIR="shared/files").uploads == tmp_path / "shared" / "files"
    assert (tmp_path / "shared" / "files").is_dir()


def test_opensearch(tmp_path: Path) -> None:
    search = read(tmp_path, SEARCH_URL="opensearch://search.example:9200/migration").search
    assert (search.engine, search.host, search.prefix) == ("opensearch", "search.example:9200", "migration")
    several = read(tmp_path, SEARCH_URL="opensearch+tls://me:secret@one:9200,two:9201/p?shards=3").search
    assert (several.host, several.prefix, several.secure, several.shards) == (
        "me:secret@one:9200,two:9201",
        "p",
        True,
        3,
    )


def test_several_hosts_of_a_database_are_tried_for_the_one_that_takes_writes(tmp_path: Path) -> None:
    found = read(tmp_path, DATABASE_URL="postgres://me:secret@one:5433,two/knowledge").database
    assert (found["HOST"], found["PORT"], found["NAME"], found["USER"]) == ("one,two", "5433,5432", "knowledge", "me")
    assert found["OPTIONS"]["target_session_attrs"] == "read-write"


def test_replicas(tmp_path: Path) -> None:
    replicas = "postgres://b/k postgres://c:5433/k"
    found = read(tmp_path, DATABASE_URL="postgres://a/k", DATABASE_REPLICA_URLS=replicas, SECRET_KEY=KEY)
    assert [(replica["HOST"], replica["PORT"]) for replica in found.replicas] == [("b", ""), ("c", 5433)]


@pytest.mark.parametrize(
    "text",
    [
        "database",
        "redis://h",
        "redis://[::1]:6379/15",
        "redis://me:s%2Fecret,twice@h:6379/",
        "rediss://:secret@h.example:6380/0",
        "unix:///run/redis.sock",
        "unix://:secret@/run/redis.sock?db=3",
    ],
)
def test_what_nodes_share(tmp_path: Path, text: str) -> None:
    given = "database://" if text == "database" else text
    assert read(tmp_path, CACHE_URL=given, SECRET_KEY=KEY).cache == text
    assert read(tmp_path, CACHE_URL="").cache == ""


@pytest.mark.parametrize(
    ("name", "value"), [("CACHE_URL", "database://"), ("DATABASE_REPLICA_URLS", "postgres://b/k postgres://c/k")]
)
def test_of_several_nodes_one_that_makes_a_key_of_its_own_is_told_of(tmp_path: Path, name: str, value: str) -> None:
    given = {"DATABASE_URL": "postgres://a/k", name: value}
    assert [read(tmp_path, SECRET_KEY=key, **given).lacks_key for key in (" ", KEY)] == [name, ""]
    assert read(tmp_path).lacks_key == ""


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "http"),
        ("PORT", "0"),
        ("PORT", "70000"),
        ("PORT", "8000.5"),
        ("PORT", "٨٠٠٠"),
        ("SITE_URL", "migration.example"),
        ("SITE_URL", "ftp://migration.example"),
        ("SITE_URL", "https://"),
        ("SITE_URL", "https://migration.example/path"),
        ("SITE_URL", "https://migration.example:port"),
        ("SITE_URL", "https://[::1"),
        ("SITE_URL", "https://user@migration.example"),
        ("ALLOWED_HOSTS", "https://migration.example"),
        ("ALLOWED_HOSTS", "migration.example:8000"),
        ("TRUSTED_PROXIES", "-1"),
        ("TRUSTED_PROXIES", "yes"),
        ("REVIEW", "three"),
        ("API_RATE", "fast"),
        ("DEBUG", "perhaps"),
        ("DATA_DIR", "/dev/null/data"),
        ("DATABASE_URL", "db.sqlite3"),
        ("DATABASE_URL", "mysql://host/name"),
        ("DATABASE_URL", "sqlite://"),
        ("DATABASE_URL", "sqlite:////nowhere/at/all"),
        ("DATABASE_URL", "postgres://host"),
        ("DATABASE_URL", "postgres://host:port/name"),
        ("SEARCH_URL", "index"),
        ("SEARCH_URL", "solr://host/x"),
        ("SEARCH_URL", "whoosh://"),
        ("SEARCH_URL", "opensearch://host:9200"),
        ("SEARCH_URL", "opensearch://host:99999/prefix"),
        ("SEARCH_URL", "opensearch://host/prefix?shards=0"),
        ("DATABASE_REPLICA_URLS", "postgres://host/name"),
        ("DATABASE_POOL", "-1"),
        ("BIND", "everywhere"),
        ("CACHE_URL", "memcached://host"),
        ("CACHE_URL", "redis"),
        ("CACHE_URL", "redis:host:6379"),
        ("CACHE_URL", "redis:/host"),
        ("CACHE_URL", "REDIS://host"),
        ("CACHE_URL", "redis:///0"),
        ("CACHE_URL", "redis://:6379/secret@host:6379/0"),
        ("CACHE_URL", "redis://host:0"),
        ("CACHE_URL", "redis://host:70000"),
        ("CACHE_URL", "redis://host/first"),
        ("CACHE_URL", "redis://one,two/0"),
        ("CACHE_URL", "redis://one..two/0"),
        ("CACHE_URL", f"redis://{'h' * 64}/0"),
        ("CACHE_URL", "redis://host/0?decode=yes"),
        ("CACHE_URL", "unix://run/redis.sock"),
        ("CACHE_URL", "unix://"),
        ("DATABASE_URL", "postgres://one:x,two/name"),
        ("SEARCH_URL", "opensearch://host:port/prefix"),
        ("SEARCH_URL", "opensearch://host:9200/Prefix/More"),
        ("EMAIL_URL", "mail.example.org"),
        ("EMAIL_URL", "imap://mail.example.org"),
        ("EMAIL_URL", "smtp://"),
        ("EMAIL_URL", "smtp://host:port"),
        ("EMAIL_URL", "smtp://host/?from=nobody"),
        ("EMAIL_URL", "smtp://host/?to=a@b"),
    ],
)
def test_a_wrong_value_is_one_line_that_names_the_setting(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(SystemExit) as refusal:
        read(tmp_path, **{name: value})
    message = refusal.value.code
    assert isinstance(message, str)  # which Python prints, and exits with 1
    assert message.startswith(f"{name}: ")
    assert "\n" not in message
    assert not (tmp_path / "data").exists(), "a wrong value leaves nothing behind"


@pytest.mark.parametrize(
    ("name", "value"),
    [("DATABASE_URL", "postgres://u:geheim@host:port/name"), ("EMAIL_URL", "imap://u:geheim@host")],
)
def test_a_password_is_not_shown(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(SystemExit) as refusal:
        read(tmp_path, **{name: value})
    assert "geheim" not in str(refusal.value)


def test_letters(tmp_path: Path) -> None:
    assert read(tmp_path).mail.host == ""
    mail = read(tmp_path, EMAIL_URL="smtp+tls://ada%40example.org:p%2Fw@mail.example.org").mail
    assert (mail.host, mail.port, mail.user, mail.password) == ("mail.example.org", 587, "ada@example.org", "p/w")
    assert (mail.tls, mail.ssl, mail.sender) == (True, False, "ada@example.org")
    mail = read(tmp_path, EMAIL_URL="smtp+ssl://mail.example.org:4650/?from=editors@example.org").mail
    assert (mail.port, mail.ssl, mail.sender) == (4650, True, "editors@example.org")


def test_a_command_with_a_wrong_value(tmp_path: Path) -> None:
    result = manage(tmp_path, "check", PORT="none")
    assert result.returncode == 1
    assert result.stdout == ""
    assert result.stderr.splitlines() == [
        "PORT: 'none' is not a whole number from 1 to 65535; give one, for example PORT=8000."
    ]


def test_a_given_key(tmp_path: Path) -> None:
    assert read(tmp_path, SECRET_KEY="$short").secret_key == "$short"
    assert read(tmp_path, SECRET_KEY=KEY, SITE_URL="https://migration.example").secret_key == KEY
    with pytest.raises(SystemExit, match="SECRET_KEY: it is too weak"):
        read(tmp_path, SECRET_KEY="short", SITE_URL="https://migration.example")
    assert list((tmp_path / "data").iterdir()) == []


def test_a_key_is_made_once_and_for_nobody_else(tmp_path: Path) -> None:
    first = read(tmp_path).secret_key
    assert len(first) >= 50
    assert read(tmp_path).secret_key == first
    file = tmp_path / "data" / "secret_key"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    file.chmod(0o644)
    assert read(tmp_path).secret_key == first
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_damaged_key_is_not_used(tmp_path: Path) -> None:
    read(tmp_path)
    (tmp_path / "data" / "secret_key").write_text("")
    with pytest.raises(SystemExit, match=r"SECRET_KEY: the file .* is damaged"):
        read(tmp_path)


def test_processes_that_start_together_have_one_key(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from governance.environment import Environment\n"
        "print('ready', flush=True); sys.stdin.readline()\n"
        "print(Environment.read(Path(sys.argv[1]), {}).secret_key)"
    )
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", program, tmp_path],
            cwd=CHECKOUT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(6)
    ]
    for process in processes:
        assert process.stdout and process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin
        process.stdin.write("\n")
        process.stdin.flush()
    keys = [process.communicate()[0].strip() for process in processes]
    assert len(set(keys)) == 1 and len(keys[0]) >= 50
    assert [path.name for path in (tmp_path / "var").iterdir()] == ["secret_key"]


@pytest.mark.parametrize("proxies", ["0", "1"])
def test_a_public_site_is_deployed_without_a_warning(tmp_path: Path, proxies: str) -> None:
    result = manage(
        tmp_path,
        *("check", "--deploy", "--fail-level", "WARNING"),
        SITE_URL="https://migration.example",
        TRUSTED_PROXIES=proxies,
    )
    assert (result.returncode, result.stderr) == (0, "")
    assert "no issues" in result.stdout


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "203.0.113.9", "192.0.2.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "198.51.100.7, 203.0.113.9", "203.0.113.9"),
        (2, "198.51.100.7, 203.0.113.9", "198.51.100.7"),
        (2, "203.0.113.9", "203.0.113.9"),
        (1, "nonsense", "192.0.2.1"),
        (1, "", "192.0.2.1"),
    ],
)
def test_the_address_of_the_client(rf: Any, settings: Any, proxies: int, forwarded: str, address: str) -> None:
    from governance.proxies import client_address

    settings.TRUSTED_PROXIES = proxies
    request = rf.get("/", REMOTE_ADDR="192.0.2.1", HTTP_X_FORWARDED_FOR=forwarded)
    assert client_address(request) == address
