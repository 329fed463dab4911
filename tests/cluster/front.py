"""A server before the cluster, which answers some calls itself: with what is hard to bring a real node to."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import urllib3

Answer = tuple[int, dict | bytes]
Policy = Callable[[str, str, bytes], Answer | None]


class Front(ThreadingHTTPServer):
    """Hands calls on to the cluster, but those that `policy` has another answer for."""

    daemon_threads = True

    def __init__(self, cluster: str) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.cluster = urllib3.HTTPConnectionPool(cluster, retries=False)
        self.policy: Policy = lambda method, path, body: None
        self.asked: list[str] = []


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Front

    def handle_one_request(self) -> None:
        self.raw_requestline = self.rfile.readline(65537)
        if not self.raw_requestline or not self.parse_request():
            self.close_connection = True
            return
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        self.server.asked.append(f"{self.command} {self.path.partition('?')[0]}")
        status, answer = self.server.policy(self.command, self.path, body) or self.hand_on(body)
        written = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("content-length", str(len(written)))
        self.end_headers()
        self.wfile.write(written)

    def hand_on(self, body: bytes) -> tuple[int, bytes]:
        headers = {"content-type": self.headers["content-type"]} if body else {}
        found = self.server.cluster.request(self.command, self.path, body=body or None, headers=headers)
        return found.status, found.data

    def log_request(self, *_: object) -> None:
        pass


@contextmanager
def before(cluster: str) -> Iterator[Front]:
    """A front on loopback, until the block ends; `cluster` is a host and a port."""
    with Front(cluster) as server:
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
