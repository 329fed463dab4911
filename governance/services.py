"""Where the services are that the site works with: addresses of the database and its replicas, the cache, the search
index and the mail server, as the environment gives them, typed and checked.

Whatever is wrong with one ends the process with a line that does not show the value: it may hold a password.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import environ

from governance.refusal import refuse


@dataclass(frozen=True)
class SearchAddress:
    """Where the search index lives: `path` for Whoosh; for OpenSearch `host` (user and password before it, several
    hosts between commas), `prefix` of the names there, `secure` for TLS, and into how many `shards` an index is cut."""

    engine: str
    path: Path | None = None
    host: str = ""
    prefix: str = ""
    secure: bool = False
    shards: int = 1


@dataclass(frozen=True)
class MailAddress:
    """The server that letters are handed to, and who they are from; without a host they go to standard output."""

    host: str = ""
    port: int = 0
    user: str = ""
    password: str = ""
    tls: bool = False  # STARTTLS
    ssl: bool = False
    sender: str = "webmaster@localhost"


def read_replicas(
    given: Mapping[str, str], checkout: Path, data_dir: Path, primary: dict[str, Any]
) -> list[dict[str, Any]]:
    name = "DATABASE_REPLICA_URLS"
    texts = given.get(name, "").split()
    if texts and "sqlite" in primary["ENGINE"]:
        refuse(name, "SQLite has no replicas", "give DATABASE_URL=postgres://…, or leave it out")
    found = [read_database({name: text}, checkout, data_dir, name) for text in texts]
    if any("sqlite" in replica["ENGINE"] for replica in found):
        refuse(name, "a replica is a PostgreSQL", f"give {name}=postgres://user:password@host:5432/name")
    return found


_HOST = r"(?:[A-Za-z0-9_.-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?"
_WHO = r"(?:[^@/?#\s]*@)?"
_REDIS = re.compile(
    rf"rediss?://{_WHO}{_HOST}(?:/[0-9]{{0,5}})?|unix://{_WHO}/[^?#\s]+(?:\?db=[0-9]{{1,5}})?", re.ASCII
)


def read_cache(given: Mapping[str, str]) -> str:
    """Stricter than the client, which takes much for an address and fails with each request."""
    name = "CACHE_URL"
    text = given.get(name, "")
    if text in ("", "database://"):
        return text.removesuffix("://")
    # The value is not shown: it may hold a password.
    remedy = f"give {name}=redis://host:6379/0 or {name}=database://, or leave it out"
    try:
        address = urlsplit(text)
        (address.hostname or "").encode("idna")  # as it is looked up
        if _REDIS.fullmatch(text) and address.port != 0:
            return text
    except ValueError:
        pass
    refuse(name, "it is neither redis://host:port/number nor database://", remedy)


_SEVERAL = re.compile(r"(?P<before>[a-z]+://(?:[^/]*@)?)(?P<hosts>[^/@?]+,[^/@?]+)(?P<after>(?:[/?].*)?)")


def read_database(
    given: Mapping[str, str], checkout: Path, data_dir: Path, name: str = "DATABASE_URL"
) -> dict[str, Any]:
    """Several hosts between commas are tried in turn: the one that takes writes is the primary, after a promotion too.

    https://www.postgresql.org/docs/15/libpq-connect.html#LIBPQ-MULTIPLE-HOSTS"""
    several = _SEVERAL.fullmatch(given.get(name, ""))
    if several:
        hosts = [host.partition(":") for host in several["hosts"].split(",")]
        ports = [port or "5432" for _host, _colon, port in hosts]
        if not all(host and port.isdecimal() for (host, _colon, _port), port in zip(hosts, ports, strict=True)):
            refuse(
                name, "one of its hosts cannot be read", f"give {name}=postgres://user:password@one:5432,two:5432/name"
            )
        first = {**given, name: f"{several['before']}{hosts[0][0]}{several['after']}"}
        config = read_database(first, checkout, data_dir, name)
        config |= {"HOST": ",".join(unquote(host) for host, _colon, _port in hosts), "PORT": ",".join(ports)}
        if name == "DATABASE_URL":
            config.setdefault("OPTIONS", {}).setdefault("target_session_attrs", "read-write")
        return config
    text = given.get(name)
    if text is None:
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": str(data_dir / "db.sqlite3")}
    remedy = f"give {name}=sqlite:///path/to/file or {name}=postgres://user:password@host:5432/name"
    # The value is not shown: it may hold a password.
    scheme, found, rest = text.partition("://")
    if not found or scheme not in ("sqlite", "postgres", "postgresql"):
        refuse(name, "it starts with neither sqlite:/// nor postgres://", remedy)
    if scheme == "sqlite" and rest != ":memory:" and (not rest.startswith("/") or not rest.strip("/")):
        refuse(name, "it names no file", remedy)
    try:
        config = environ.Env.db_url_config(text)
    except ValueError:
        refuse(name, "it cannot be read", remedy)
    if scheme == "sqlite":
        if config["NAME"] != ":memory:":
            config["NAME"] = os.path.abspath(checkout / config["NAME"])
            folder = Path(config["NAME"]).parent
            if folder != data_dir and not folder.is_dir():
                refuse(name, f"the folder {str(folder)!r} is not there", "make it or give another path")
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": config["NAME"]}
    if not config.get("NAME"):
        refuse(name, "it names no database", remedy)
    config["HOST"] = unquote(config["HOST"])  # the folder of a Unix socket
    port = config.get("PORT")
    if port and not 1 <= int(port) <= 65535:
        refuse(name, f"{port} is not a port", remedy)
    return config


_OPENSEARCH = re.compile(
    rf"(?P<user>[^@/\s]+@)?(?P<hosts>{_HOST}(?:,{_HOST})*)/(?P<prefix>[a-z0-9][a-z0-9_-]*)/?"
    r"(?:\?shards=(?P<shards>[1-9][0-9]?))?",
    re.ASCII,
)


def read_search(given: Mapping[str, str], checkout: Path, data_dir: Path) -> SearchAddress:
    name = "SEARCH_URL"
    text = given.get(name)
    if text is None:
        return SearchAddress("whoosh", path=data_dir / "index")
    remedy = f"give {name}=whoosh:///path/to/folder or {name}=opensearch://host:9200/prefix"
    scheme, found, rest = text.partition("://")
    if found and scheme == "whoosh":
        if not rest.startswith("/") or not rest.strip("/"):
            refuse(name, "it names no folder", remedy)
        # As in DATABASE_URL: three slashes and a path, four where the path is absolute.
        return SearchAddress("whoosh", path=Path(os.path.abspath(checkout / rest[1:])))
    if found and scheme in ("opensearch", "opensearch+tls"):
        parts = _OPENSEARCH.fullmatch(rest)
        if parts and all(0 < int(port) <= 65535 for port in re.findall(r":([0-9]+)(?=[,/])", f"{parts['hosts']}/")):
            return SearchAddress(
                "opensearch", host=(parts["user"] or "") + parts["hosts"], prefix=parts["prefix"],
                secure=scheme == "opensearch+tls", shards=int(parts["shards"] or 1),
            )  # fmt: skip
        # The value is not shown: it may hold a password.
        refuse(name, "it lacks a host or a prefix of small letters, digits, - and _", remedy)
    refuse(name, "it starts with neither whoosh:/// nor opensearch://", remedy)


MAIL_PORTS = {"smtp": 25, "smtp+tls": 587, "smtp+ssl": 465}


def read_mail(given: Mapping[str, str]) -> MailAddress:
    name = "EMAIL_URL"
    if name not in given:
        return MailAddress()
    # The value is not shown: it may hold a password.
    remedy = f"give {name}=smtp+tls://user:password@host:587/?from=editors@example.org"
    try:
        address = urlsplit(given[name])
        port = address.port or MAIL_PORTS.get(address.scheme, 0)
        options = dict(parse_qsl(address.query, strict_parsing=True)) if address.query else {}
    except ValueError:
        refuse(name, "it cannot be read", remedy)
    if address.scheme not in MAIL_PORTS or not address.hostname or address.path.strip("/") or set(options) - {"from"}:
        refuse(name, f"it is not one of {', '.join(MAIL_PORTS)} with a host, and at most from=…", remedy)
    user = unquote(address.username or "")
    sender = options.get("from") or (user if "@" in user else f"no-reply@{address.hostname}")
    if not re.fullmatch(r"[^@\s<>]+@[^@\s<>]+", sender):
        refuse(name, f"{sender!r} is not an address to send from", remedy)
    return MailAddress(
        host=address.hostname,
        port=port,
        user=user,
        password=unquote(address.password or ""),
        tls=address.scheme == "smtp+tls",
        ssl=address.scheme == "smtp+ssl",
        sender=sender,
    )
