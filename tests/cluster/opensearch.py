"""Run a command with an OpenSearch for its tests: python -m tests.cluster.opensearch pytest …

The cluster is the one that TEST_SEARCH_URL names or, where that is not set, a temporary node put together from the
artifacts in `pom.xml`: on loopback, as an unprivileged user, and gone when the command ends. It needs Java 17 and
Maven, and a registry to fetch from the first time. `--find` only tells whether it can be had, and fetches.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.cluster.ports import free_ports
from tests.postgres import unprivileged

POM = Path(__file__).with_name("pom.xml")
# Module: its class, and what the names of its archives begin with. All else is the server's.
MODULES = {
    "transport-netty4": ("org.opensearch.transport.Netty4Plugin", ("transport-netty4", "netty-")),
    "analysis-common": ("org.opensearch.analysis.common.CommonAnalysisPlugin", ("analysis-common",)),
    "mapper-extras": ("org.opensearch.index.mapper.MapperExtrasPlugin", ("mapper-extras",)),
    "lang-painless": (
        "org.opensearch.painless.PainlessPlugin",
        ("lang-painless", "opensearch-scripting-painless", "antlr4", "asm"),
    ),
}
VERSION = POM.read_text().partition("<opensearch>")[2].partition("</opensearch>")[0]
KEPT = Path(tempfile.gettempdir()) / f"migration-governance-opensearch-{VERSION}"
PATIENCE = 90  # seconds for the registry
LOGGING = """rootLogger.level = warn
appender.console.type = Console
appender.console.name = console
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = [%d{HH:mm:ss}][%p][%c{1.}] %m%n
rootLogger.appenderRef.console.ref = console
"""


def missing() -> str:
    """What keeps OpenSearch from being started here; empty when nothing does. Fetches what is not there yet."""
    for program in ("java", "mvn"):
        if not shutil.which(program):
            return f"no {program}: apt-get install default-jdk-headless maven"
    try:
        fetched()
    except (subprocess.SubprocessError, OSError):
        return "its artifacts could not be fetched by Maven"
    return ""


def fetched() -> Path:
    """The folder with the server's `lib` and `modules`, made once per version and kept for the next run."""
    if KEPT.is_dir():
        if KEPT.stat().st_uid != os.geteuid():
            raise PermissionError(f"{KEPT} is somebody else's")
        return KEPT
    draft = Path(tempfile.mkdtemp(prefix="opensearch-"))
    try:
        subprocess.run(
            ["mvn", "-q", "-B", "-f", POM, "dependency:copy-dependencies", "-DincludeScope=runtime",
             f"-DoutputDirectory={draft / 'lib'}"],
            check=True, timeout=PATIENCE, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        for name, (plugin, own) in MODULES.items():
            _module(draft, name, plugin, own)
        for path in (draft, *draft.rglob("*")):
            path.chmod(0o755 if path.is_dir() else 0o644)
        draft.rename(KEPT)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        if not KEPT.is_dir():  # another process may have been quicker
            raise
    return KEPT


def _module(home: Path, name: str, plugin: str, own: tuple[str, ...]) -> None:
    """Give a module a folder of its own, as in a distribution: a plugin may see no archive twice."""
    folder = home / "modules" / name
    folder.mkdir(parents=True)
    for path in list((home / "lib").iterdir()):
        if path.name.startswith(own):
            path.rename(folder / path.name)
    told = {"name": name, "description": name, "version": VERSION, "opensearch.version": VERSION,
            "java.version": "11", "classname": plugin}  # fmt: skip
    (folder / "plugin-descriptor.properties").write_text("".join(f"{key}={value}\n" for key, value in told.items()))
    (folder / "plugin-security.policy").write_text("grant { permission java.security.AllPermission; };\n")


class Node:
    """One node with data of its own, which can be killed and started again."""

    def __init__(self, home: Path, number: int, port: int, transport: int, peers: Sequence[int], heap: int) -> None:
        self.home, self.name, self.port, self.heap = home / f"n{number}", f"n{number}", port, heap
        self.process: subprocess.Popen[bytes] | None = None
        self.account = unprivileged()
        names = [f"n{place}" for place in range(1, len(peers) + 1)]
        settings = {
            "cluster.name": "migration-governance", "node.name": self.name, "network.host": "127.0.0.1",
            "http.port": port, "transport.port": transport,
            # As on a machine with its own disk: what is full is seen long before it stands still.
            "cluster.routing.allocation.disk.threshold_enabled": "false",
            "discovery.seed_hosts": [f"127.0.0.1:{peer}" for peer in peers],
            "cluster.initial_cluster_manager_nodes": names,
        }  # fmt: skip
        if len(peers) == 1:
            del settings["discovery.seed_hosts"], settings["cluster.initial_cluster_manager_nodes"]
            settings["discovery.type"] = "single-node"
        self._make("".join(f"{key}: {value}\n" for key, value in settings.items()))

    def _make(self, settings: str) -> None:
        (self.home / "config").mkdir(parents=True)
        (self.home / "config" / "opensearch.yml").write_text(settings)
        (self.home / "config" / "log4j2.properties").write_text(LOGGING)
        (self.home / "modules").symlink_to(fetched() / "modules")
        for path in (self.home, self.home / "config"):
            path.chmod(0o755)
            if self.account:
                os.chown(path, self.account["user"], self.account["group"])

    def start(self) -> None:
        command = [
            "java", f"-Xms{self.heap}m", f"-Xmx{self.heap}m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
            "-Xshare:auto", "-Djava.security.manager=allow", f"-Dopensearch.path.home={self.home}",
            f"-Dopensearch.path.conf={self.home / 'config'}", "-Dopensearch.distribution.type=tar",
            "-Dopensearch.bundled_jdk=false", "-cp", f"{fetched() / 'lib'}/*", "org.opensearch.bootstrap.OpenSearch",
        ]  # fmt: skip
        if self.heap > 512:
            command.remove("-XX:TieredStopAtLevel=1")
        with (self.home / "log").open("ab") as output:
            self.process = subprocess.Popen(
                command, cwd=self.home, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8"}, start_new_session=True, **self.account,
            )  # fmt: skip

    def wait(self, seconds: float = 120) -> None:
        """Until it answers."""
        end = time.monotonic() + seconds
        while not answers(self.port):
            if self.process is None or self.process.poll() is not None or time.monotonic() > end:
                raise SystemExit(f"OpenSearch did not start:\n{(self.home / 'log').read_text()[-4000:]}")
            time.sleep(0.2)

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """By SIGKILL at once, as in a crash."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(how)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def answers(port: int) -> bool:
    """Does the node there take part in a cluster that can be used?"""
    address = f"http://127.0.0.1:{port}/_cluster/health?wait_for_status=yellow&timeout=5s"
    try:
        with urllib.request.urlopen(address, timeout=10):
            return True
    except OSError:
        return False


@contextmanager
def nodes(count: int, ports: Sequence[int] = (), heap: int = 512, wait: bool = True) -> Iterator[list[Node]]:
    """A temporary cluster that runs; it goes with its data when the block ends. `ports`: HTTP, then transport."""
    home = Path(tempfile.mkdtemp(prefix="opensearch-", dir="/tmp"))
    home.chmod(0o755)
    ports = ports or free_ports(2 * count)
    peers = ports[count : 2 * count]
    made = [Node(home, n + 1, ports[n], peers[n], peers, heap) for n in range(count)]
    try:
        for node in made:
            node.start()
        for node in made if wait else ():
            node.wait()
        yield made
    finally:
        for node in made:
            node.stop(signal.SIGKILL)
        shutil.rmtree(home, ignore_errors=True)


def address(made: Sequence[Node], prefix: str) -> str:
    """What SEARCH_URL says of a cluster."""
    return f"opensearch://{','.join(f'127.0.0.1:{node.port}' for node in made)}/{prefix}"


def main(command: list[str]) -> int:
    if os.environ.get("TEST_SEARCH_URL") and command != ["--find"]:
        return subprocess.run(command).returncode
    problem = missing()
    if command == ["--find"]:
        print(problem or KEPT)
        return 1 if problem else 0
    if problem:
        print(f"LEFT OUT: OpenSearch ({problem}).")
        return subprocess.run(command).returncode
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    # The tests begin while it starts; those that need it wait for it.
    with nodes(1, wait=False) as made:
        child = subprocess.Popen(command, env={**os.environ, "TEST_SEARCH_URL": address(made, "test")})
        try:
            return child.wait()
        except BaseException:
            child.terminate()
            child.wait()
            raise


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
