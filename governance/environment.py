"""The settings that come from the environment: read once, typed and checked.

A wrong value ends the process with one line that names the setting and the remedy. An empty value counts as not set.
The names and their meaning are listed in `Environment`; `governance/settings.py` is the only reader.
"""

import os
import re
import secrets
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

import environ

KEY_FILE = "secret_key"
KEY_LENGTH = 50  # the least that `check --deploy` accepts


def refuse(name: str, problem: str, remedy: str) -> NoReturn:
    """End the process: a message on stderr and exit code 1, without a traceback."""
    raise SystemExit(f"{name}: {problem}; {remedy}.")


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


@dataclass(frozen=True)
class Environment:
    debug: bool
    metrics: bool
    port: int
    bind: str  # the address that the server listens on
    site_url: str  # without a slash at the end
    allowed_hosts: list[str]
    trusted_proxies: int
    review: str  # "one" or "two"
    page_cache: int  # MiB in each serving process; 0 keeps none
    api_rate: str | None  # as throttles want it, "6000/minute"; None is no limit
    page_rate: str | None
    data_dir: Path
    database: dict[str, Any]  # as Django's DATABASES wants it
    replicas: list[dict[str, Any]]
    pool: int  # connections of a process, 0 for one of each thread
    cache: str  # an address of Redis, "database", or empty for the memory of each process
    search: SearchAddress
    mail: MailAddress
    secret_key: str

    @property
    def secure(self) -> bool:
        return self.site_url.startswith("https://")

    @property
    def host(self) -> str:
        """The host of the site's public address, without port."""
        return urlsplit(self.site_url).hostname or ""

    @classmethod
    def read(cls, checkout: Path, values: Mapping[str, str] = os.environ) -> "Environment":
        given = {name: value.strip() for name, value in values.items() if value.strip()}
        port = read_number(given, "PORT", 8000, 1, 65535)
        bind = read_bind(given)
        site = read_site(given, port)
        trusted_proxies = read_number(given, "TRUSTED_PROXIES", 0, 0, 20)
        review = read_choice(given, "REVIEW", "two", ("two", "one"))
        api_rate = read_rate(given, "API_RATE", "6000/minute")
        page_cache = read_number(given, "PAGE_CACHE", 32, 0, 4096)
        page_rate = read_rate(given, "PAGE_RATE", "6000/minute")
        debug = read_switch(given, "DEBUG")
        metrics = read_switch(given, "METRICS")
        hosts = read_hosts(given, site)
        data_dir = read_folder(given, "DATA_DIR", checkout, "var")
        database = read_database(given, checkout, data_dir)
        replicas = read_replicas(given, checkout, data_dir, database)
        pool = read_number(given, "DATABASE_POOL", 8, 0, 1000)
        cache = read_cache(given)
        search = read_search(given, checkout, data_dir)
        mail = read_mail(given)
        # What writes comes last, so that a wrong value leaves nothing behind.
        make_folder("DATA_DIR", data_dir)
        return cls(
            debug=debug,
            metrics=metrics,
            port=port,
            bind=bind,
            site_url=site.geturl(),
            allowed_hosts=hosts,
            trusted_proxies=trusted_proxies,
            review=review,
            page_cache=page_cache,
            api_rate=api_rate,
            page_rate=page_rate,
            data_dir=data_dir,
            database=database,
            replicas=replicas,
            pool=pool,
            cache=cache,
            search=search,
            mail=mail,
            secret_key=read_key(given, data_dir, site.scheme == "https"),
        )


def read_number(given: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    text = given.get(name, str(default))
    if not re.fullmatch(r"[0-9]{1,9}", text, re.ASCII) or not least <= int(text) <= most:
        refuse(
            name, f"{text!r} is not a whole number from {least} to {most}", f"give one, for example {name}={default}"
        )
    return int(text)


def read_choice(given: Mapping[str, str], name: str, default: str, choices: tuple[str, ...]) -> str:
    text = given.get(name, default)
    if text not in choices:
        refuse(name, f"{text!r} is not one of {', '.join(choices)}", f"give one of them, for example {name}={default}")
    return text


def read_rate(given: Mapping[str, str], name: str, default: str) -> str | None:
    text = given.get(name, default)
    if text.lower() == "off":
        return None
    if not re.fullmatch(r"[1-9][0-9]{0,8}/(second|minute|hour|day)", text, re.ASCII):
        refuse(
            name,
            f"{text!r} is not a number per second, minute, hour or day",
            f"write for example {name}={default}, or off",
        )
    return text


def read_switch(given: Mapping[str, str], name: str) -> bool:
    text = given.get(name, "off").lower()
    if text not in ("on", "off", "true", "false", "yes", "no", "1", "0"):
        refuse(name, f"{given[name]!r} is neither on nor off", f"write {name}=on or {name}=off")
    return text in ("on", "true", "yes", "1")


def read_bind(given: Mapping[str, str]) -> str:
    name, default = "BIND", "127.0.0.1"
    try:
        return str(ip_address(given.get(name, default)))
    except ValueError:
        refuse(name, f"{given[name]!r} is not the address of an interface", f"give for example {name}={default}")


def read_site(given: Mapping[str, str], port: int) -> SplitResult:
    name, default = "SITE_URL", f"http://127.0.0.1:{port}"
    text = given.get(name, default).rstrip("/")
    try:
        site = urlsplit(text)
        valid = site.scheme in ("http", "https") and bool(site.hostname) and site.port != 0
    except ValueError:
        valid = False
    if not valid or "@" in site.netloc or site.path or site.query or site.fragment or re.search(r"[\s\\]", text):
        refuse(
            name,
            f"{text!r} is not the address of a site",
            f"give http:// or https:// and a host, and no path, for example {name}={default}",
        )
    return site


def read_hosts(given: Mapping[str, str], site: SplitResult) -> list[str]:
    name, default = "ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]"
    hosts = [host.strip() for host in given.get(name, default).split(",") if host.strip()]
    for host in hosts:
        if not re.fullmatch(r"\*|\.?[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*\.?|\[[0-9A-Fa-f:.]+\]", host):
            refuse(
                name,
                f"{host!r} is not a host name",
                f"give names without scheme and port, between commas, for example {name}={default}",
            )
    own = f"[{site.hostname}]" if ":" in (site.hostname or "") else site.hostname or ""
    return hosts if own in hosts else [*hosts, own]


def read_folder(given: Mapping[str, str], name: str, checkout: Path, default: str) -> Path:
    """A relative folder is taken from the checkout, wherever the command is started."""
    text = given.get(name, default)
    if "\0" in text:
        refuse(name, "it holds a zero byte", "give the path of a folder")
    path = Path(text)
    if text.startswith("~"):
        try:
            path = path.expanduser()
        except RuntimeError:
            refuse(name, f"{text!r} names a home that is not there", "give the path of a folder")
    return Path(os.path.abspath(checkout / path))


def make_folder(name: str, path: Path) -> None:
    try:
        # Drafts and password hashes are kept here: for nobody else.
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        refuse(name, f"the folder {str(path)!r} cannot be made ({error.strerror})", "give a folder you may write to")
    if not os.access(path, os.R_OK | os.W_OK | os.X_OK):
        refuse(name, f"the folder {str(path)!r} cannot be written to", "give a folder you may write to")


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


def read_cache(given: Mapping[str, str]) -> str:
    name = "CACHE_URL"
    text = given.get(name, "")
    if text in ("", "database://"):
        return text.removesuffix("://")
    # The value is not shown: it may hold a password.
    remedy = f"give {name}=redis://host:6379/0 or {name}=database://, or leave it out"
    try:
        address = urlsplit(text)
        if address.scheme in ("redis", "rediss", "unix") and (address.hostname or address.path) and address.port != 0:
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


_HOST = r"(?:[A-Za-z0-9_.-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?"
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


def read_key(given: Mapping[str, str], data_dir: Path, secure: bool) -> str:
    name = "SECRET_KEY"
    if name in given:
        key = given[name]
        if secure and (len(key) < KEY_LENGTH or len(set(key)) < 5 or key.startswith("django-insecure-")):
            refuse(
                name,
                f"it is too weak for a public site (at least {KEY_LENGTH} random characters)",
                "give a longer one, or none to have one generated",
            )
        return key
    path = data_dir / KEY_FILE
    try:
        key = path.read_text() if path.exists() else make_key(path)
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            path.chmod(0o600)
    except (OSError, UnicodeDecodeError):
        refuse(name, f"the file {str(path)!r} cannot be read or made", "make it yours, or remove it to have a new one")
    if len(key) < KEY_LENGTH:
        refuse(name, f"the file {str(path)!r} is damaged", "restore it, or remove it to have a new one")
    return key


def make_key(path: Path) -> str:
    """Write a new key beside its place and link it there: of several processes one wins, and none reads half a key."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(64))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
    finally:
        draft.unlink()
    return path.read_text()
