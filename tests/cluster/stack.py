"""The whole stack on loopback: three OpenSearch nodes, PostgreSQL with a replica, Redis, three web nodes, and nginx.

No containers and no root: what is started here stops here. `docs/deploy` has the same settings for real machines.
"""

import os
import re
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests import redis
from tests.cluster import opensearch
from tests.cluster.opensearch import Node
from tests.cluster.ports import free_ports
from tests.cluster.postgres import Member, primary_and_replica
from tests.drills.instance import CHECKOUT, Instance
from tests.postgres import find_binaries

NGINX = CHECKOUT / "docs" / "deploy" / "nginx.conf"
MAIN = """daemon off; master_process off; pid {home}/pid; error_log {home}/error.log warn;
events {{ worker_connections 1024; }}
http {{
    access_log off; client_body_temp_path {home}/body; proxy_temp_path {home}/proxy;
    fastcgi_temp_path {home}/f; uwsgi_temp_path {home}/u; scgi_temp_path {home}/s;
{site}
}}
"""


def missing() -> list[str]:
    """What keeps the stack from being started here."""
    found = []
    if not find_binaries():
        found.append("PostgreSQL: apt-get install postgresql")
    if not nginx():
        found.append("nginx: apt-get install nginx-light")
    if not shutil.which("redis-server"):
        found.append("Redis: apt-get install redis-server")
    problem = opensearch.missing()
    return [*found, f"OpenSearch: {problem}"] if problem else found


def nginx() -> str | None:
    return shutil.which("nginx", path=os.environ.get("PATH", "") + os.pathsep + "/usr/sbin")


@dataclass
class Web:
    """A web node: the site, and who carries its index forward."""

    site: Instance
    follower: "subprocess.Popen[bytes] | None" = None
    stack: ExitStack = field(default_factory=ExitStack)

    def start(self) -> None:
        """Start it, for the second time on the port that it had."""
        self.stack.enter_context(self.site.serving(workers=1, threads=4, port=self.site.port, start_new_session=True))
        with self.site.log.open("ab") as log:
            self.follower = subprocess.Popen(
                [sys.executable, "manage.py", "search_sync", "--follow"], cwd=CHECKOUT, env=self.site.environment,
                stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip

    def kill(self) -> None:
        """As when the power goes: no process of it ends what it was doing."""
        assert self.site.server is not None
        for process in (self.site.server, self.follower):
            if process is not None and process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()

    def stop(self) -> None:
        if self.follower is not None and self.follower.poll() is None:
            self.follower.terminate()
            self.follower.wait()
        self.stack.close()


@dataclass
class Stack:
    """`front` is the site as nginx shows it."""

    front: Instance
    webs: list[Web]
    nodes: list[Node]
    primary: Member
    replica: Member
    redis: redis.Redis


@contextmanager
def running(
    port: int = 0, fixtures: bool = True, review: str = "two", say: Callable[[str], None] = print
) -> Iterator[Stack]:
    """All of it, filled and ready; it goes with its data when the block ends. With `fixtures` it has the published
    knowledge, else a drill's. `review` is the setting REVIEW."""
    binaries = find_binaries()
    assert binaries is not None
    home = Path(tempfile.mkdtemp(prefix="cluster-", dir="/tmp"))
    port = port or free_ports(1)[0]
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, home, ignore_errors=True)
        say("Starting PostgreSQL, a primary and a replica, and Redis …")
        primary, replica = stack.enter_context(primary_and_replica(binaries))
        (home / "redis").mkdir()
        shared = stack.enter_context(redis.running(home / "redis"))
        say("Starting three OpenSearch nodes …")
        nodes = stack.enter_context(opensearch.nodes(3))
        settings = {
            "DATABASE_REPLICA_URLS": replica.address, "SEARCH_URL": opensearch.address(nodes, "knowledge"),
            "CACHE_URL": shared.address, "SECRET_KEY": secrets.token_urlsafe(64), "TRUSTED_PROXIES": "1",
            "SITE_URL": f"http://127.0.0.1:{port}", "API_RATE": "1000000/minute", "PAGE_RATE": "off", "REVIEW": review,
            "PYTHONWARNINGS": "ignore::SyntaxWarning", "ALLOWED_HOSTS": "127.0.0.1",
            "UPLOADS_DIR": str(home / "uploads"),
        }  # fmt: skip
        database = f"postgres://postgres@127.0.0.1:{primary.port},127.0.0.1:{replica.port}/postgres"
        webs = [Web(Instance(home / f"web{n}", database, dict(settings))) for n in (1, 2, 3)]
        say("Filling the database and the index …")
        if fixtures:
            webs[0].site.fill()
        else:
            webs[0].site.prepare()
        for web in webs[1:]:
            web.site.folder.mkdir()
            shutil.copytree(webs[0].site.folder / "static", web.site.folder / "static")
        say("Starting three web nodes and nginx …")
        for web in webs:
            stack.callback(web.stop)
            web.start()
        front = Instance(webs[0].site.folder, database, dict(settings), port)
        stack.enter_context(_nginx(home / "nginx", port, [web.site.port for web in webs]))
        front.wait_until("/healthz")
        yield Stack(front, webs, nodes, primary, replica, shared)


@contextmanager
def _nginx(home: Path, port: int, ports: list[int]) -> Iterator[None]:
    home.mkdir()
    (home / "nginx.conf").write_text(MAIN.format(home=home, site=_site(port, ports)))
    program = nginx()
    assert program is not None
    process = subprocess.Popen(
        [program, "-p", home, "-c", home / "nginx.conf", "-e", home / "error.log"], stdin=subprocess.DEVNULL,
        start_new_session=True,
    )  # fmt: skip
    try:
        time.sleep(0.2)
        if process.poll() is not None:
            raise SystemExit(f"nginx did not start:\n{(home / 'error.log').read_text()}")
        yield
    finally:
        process.terminate()
        process.wait(10)


def _site(port: int, ports: list[int]) -> str:
    """The site's configuration as it is deployed, with the ports of here and without TLS."""
    text = NGINX.read_text()
    for number, own in enumerate(ports, 1):
        text = text.replace(f"127.0.0.1:800{number}", f"127.0.0.1:{own}")
    text = text.replace("listen 443 ssl;", f"listen 127.0.0.1:{port};")
    return re.sub(r"^ *ssl_certificate.*\n", "", text, flags=re.MULTILINE)
