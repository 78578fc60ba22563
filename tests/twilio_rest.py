"""Twilio's Messages on loopback, as far as sending one needs it."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs


class Twilio(ThreadingHTTPServer):
    daemon_threads = True
    status = 201
    answer: dict[str, Any] = {"sid": "SM123"}  # noqa: RUF012 - each test sets its own
    hang = False
    asked: list[tuple[str, dict[str, str], dict[str, list[str]]]]


class Handler(BaseHTTPRequestHandler):
    server: Twilio

    def do_POST(self) -> None:
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.server.asked.append((self.path, dict(self.headers), form))
        if self.server.hang:
            released.wait(10)
        body = json.dumps(self.server.answer).encode()
        self.send_response(self.server.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


released = threading.Event()


@contextmanager
def serving() -> Iterator[Twilio]:
    """Twilio, until the block ends."""
    released.clear()
    with Twilio(("127.0.0.1", 0), Handler) as server:
        server.asked = []
        # Asked often whether to end: each test that serves would else wait half a second for it.
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server
        finally:
            released.set()
            server.shutdown()
            thread.join()
