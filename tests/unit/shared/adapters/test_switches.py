"""The switches as a ringing phone reads them: signed, kept for seconds, and never in the way."""

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from shared.adapters.switches import MAX_AGE_S, NOTHING, Switches

NOW = datetime(2025, 8, 28, 23, 12, tzinfo=UTC)
ITEM = {"mode#coolcare_hvac": {"S": "people"}, "blocked": {"SS": ["+15551230666"]}}


class Table:
    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.status, self.answer = 200, json.dumps({"Item": ITEM})
        table = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                size = int(self.headers["content-length"])
                table.asked.append(json.loads(self.rfile.read(size)))
                assert self.headers["authorization"].startswith("AWS4-HMAC-SHA256")
                self.send_response(table.status)
                self.end_headers()
                self.wfile.write(table.answer.encode())

            def log_message(self, *_: Any) -> None: ...

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def switches(self) -> Switches:
        environ = {
            "AWS_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": "k",
            "AWS_SECRET_ACCESS_KEY": "s",
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{self.server.server_address[1]}",
        }
        return Switches(environ, "callwright-dev-")


@pytest.fixture
def table() -> Iterator[Table]:
    found = Table()
    yield found
    found.server.shutdown()
    found.server.server_close()


def test_modes_and_blocked_numbers_are_read(table: Table) -> None:
    found = table.switches().at(NOW)
    assert found.modes == {"coolcare_hvac": "people"}
    assert found.blocked == {"+15551230666"}
    assert table.asked[0]["TableName"] == "callwright-dev-calls"


def test_they_are_asked_for_again_after_seconds(table: Table) -> None:
    switches = table.switches()
    for later in (0, MAX_AGE_S - 1, MAX_AGE_S):
        switches.at(NOW + timedelta(seconds=later))
    assert len(table.asked) == 2


@pytest.mark.parametrize("answer", ["{}", '{"Item": null}'])
def test_without_a_row_nothing_is_switched(table: Table, answer: str) -> None:
    table.answer = answer
    assert table.switches().at(NOW) == NOTHING


@pytest.mark.parametrize(
    ("status", "answer"), [(500, "{}"), (200, "no JSON"), (200, '{"Item": 7}')]
)
def test_a_table_that_is_down_leaves_what_was_read_last(
    table: Table, status: int, answer: str
) -> None:
    assert (broken := table.switches())
    good = table.switches()
    good.at(NOW)
    table.status, table.answer = status, answer
    assert broken.at(NOW) == NOTHING
    assert good.at(NOW + timedelta(minutes=1)).modes == {"coolcare_hvac": "people"}
