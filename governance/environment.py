"""The settings that come from the environment: read once, typed and checked.

A wrong value ends the process with one line that names the setting and the remedy. An empty value counts as not set.
The names and their meaning are listed in `Environment`; `governance/settings.py` is the only reader. The addresses of
what the site works with (database, cache, search, mail) are read by `governance.services`.
"""

import os
import re
import secrets
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

from governance.refusal import refuse
from governance.services import (
    MailAddress,
    SearchAddress,
    read_cache,
    read_database,
    read_mail,
    read_replicas,
    read_search,
)

__all__ = ("Environment", "MailAddress", "SearchAddress", "read_search", "refuse")

KEY_FILE = "secret_key"
KEY_LENGTH = 50  # the least that `check --deploy` accepts


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
    uploads: Path  # the folder of uploaded files, the same for all web nodes
    database: dict[str, Any]  # as Django's DATABASES wants it
    replicas: list[dict[str, Any]]
    pool: int  # connections of a process, 0 for one of each thread
    cache: str  # where nodes share: the address of a Redis, "database", or empty for nowhere but in the database
    search: SearchAddress
    mail: MailAddress
    secret_key: str
    lacks_key: str  # the setting that asks for one that all nodes have, where none is given

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
        uploads = read_folder(given, "UPLOADS_DIR", checkout, str(data_dir / "uploads"))
        database = read_database(given, checkout, data_dir)
        replicas = read_replicas(given, checkout, data_dir, database)
        pool = read_number(given, "DATABASE_POOL", 8, 0, 1000)
        cache = read_cache(given)
        search = read_search(given, checkout, data_dir)
        mail = read_mail(given)
        # What writes comes last, so that a wrong value leaves nothing behind.
        make_folder("DATA_DIR", data_dir)
        if "UPLOADS_DIR" in given:
            make_folder("UPLOADS_DIR", uploads)
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
            uploads=uploads,
            database=database,
            replicas=replicas,
            pool=pool,
            cache=cache,
            search=search,
            mail=mail,
            secret_key=read_key(given, data_dir, site.scheme == "https"),
            lacks_key=lacking_key(given),
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


def lacking_key(given: Mapping[str, str]) -> str:
    """The setting that tells of several nodes, where no key is given that all of them have; empty where all is well.

    Each node makes its own then: whoever signed in at one is signed out by the next."""
    if "SECRET_KEY" in given:
        return ""
    return next((name for name in ("DATABASE_REPLICA_URLS", "CACHE_URL") if name in given), "")


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
