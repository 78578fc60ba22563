"""One Lambda environment as a process: takes an event by HTTP on loopback, gives back the result.

    python -m services.simulator.stack.lambdas.lambda_host functions.incoming.handler.lambda_handler

What the handler prints (metrics, logs) goes to this process's stdout, where the parent reads it.
"""

import argparse
import importlib
import json
import logging
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from uuid import uuid4

Handler = Callable[[dict[str, Any], "Context"], object]
TIMEOUT_S = 10.0
FUNCTION_ERROR = "X-Amz-Function-Error"


@dataclass
class Context:
    """What Lambda passes as the second argument."""

    function_name: str
    function_version: str = "$LATEST"
    memory_limit_in_mb: int = 512
    aws_request_id: str = field(default_factory=lambda: str(uuid4()))
    log_stream_name: str = "local"
    deadline: float = field(default_factory=lambda: time.monotonic() + TIMEOUT_S)

    @property
    def invoked_function_arn(self) -> str:
        return f"arn:aws:lambda:us-east-1:000000000000:function:{self.function_name}"

    @property
    def log_group_name(self) -> str:
        return f"/aws/lambda/{self.function_name}"

    def get_remaining_time_in_millis(self) -> int:
        return max(0, int((self.deadline - time.monotonic()) * 1000))


class LambdaLines(logging.Formatter):
    """A line as Lambda's Python runtime writes it where LogFormat is JSON: every `extra` a key."""

    STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(record.created)),
            "level": record.levelname,
            "message": record.getMessage(),
            "logger": record.name,
        }
        line |= {name: value for name, value in vars(record).items() if name not in self.STANDARD}
        if record.exc_info and record.exc_info[0]:
            line["errorType"] = record.exc_info[0].__name__
            line["errorMessage"] = str(record.exc_info[1])
        return json.dumps(line, default=str)


def log_as_lambda_does() -> None:
    """JSON lines from INFO on, on stdout."""
    out = logging.StreamHandler(sys.stdout)
    out.setFormatter(LambdaLines())
    logging.basicConfig(level=logging.INFO, handlers=[out], force=True)


def resolve(path: str) -> Handler:
    """Return the function at `package.module.name`."""
    module, _, name = path.rpartition(".")
    handler: Handler = getattr(importlib.import_module(module), name)
    return handler


def invoke(
    handler: Handler, name: str, event: dict[str, Any], timeout_s: float = TIMEOUT_S
) -> tuple[bool, bytes]:
    """Return whether it worked, and the result or the error as Lambda words it."""
    try:
        context = Context(name, deadline=time.monotonic() + timeout_s)
        return True, json.dumps(handler(event, context)).encode()
    except Exception as exc:  # noqa: BLE001 - whatever a function raises is its answer
        traceback.print_exc()
        error = {"errorMessage": str(exc), "errorType": type(exc).__name__}
        return False, json.dumps(error).encode()


def serve(handler: Handler, name: str, port: int, timeout_s: float) -> None:
    """Answer until the process is ended; one event at a time, as one environment does."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._send(200, b"{}")

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", "0"))
            event = json.loads(self.rfile.read(length))
            worked, body = invoke(handler, name, event, timeout_s)
            self._send(200, body, None if worked else "Unhandled")

        def _send(self, status: int, body: bytes, error: str | None = None) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            if error:
                self.send_header(FUNCTION_ERROR, error)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Stdout and stderr belong to the function."""

    HTTPServer.request_queue_size = 128
    with HTTPServer(("127.0.0.1", port), Answer) as server:
        server.serve_forever()


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="lambda_host", description=__doc__)
    parser.add_argument("handler", help="package.module.function")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--timeout", type=float, default=TIMEOUT_S, help="seconds, as told to it")
    arguments = parser.parse_args(argv)
    name = arguments.handler.split(".")[-3] if arguments.handler.count(".") > 1 else "function"
    log_as_lambda_does()
    serve(resolve(arguments.handler), name, arguments.port, arguments.timeout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
