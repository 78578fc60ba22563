"""What is put on the bus is the event as it is; what EventBridge does not take is told."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from shared.actions.events import of_rows
from shared.adapters.event_bus import EventBridgeBus
from shared.domain.errors import PortError
from shared.domain.models.event import event_json
from tests.examples import NOW, a_job

BUS = "callwright-dev-events"
(EVENT,) = of_rows.booked(a_job(), NOW)
TAKEN = {"FailedEntryCount": 0, "Entries": [{"EventId": "1"}]}
REFUSED = {"FailedEntryCount": 1, "Entries": [{"ErrorCode": "ThrottlingException"}]}


@pytest.fixture(autouse=True)
def keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "local")


@contextmanager
def eventbridge(status: int, answer: dict[str, Any]) -> Iterator[tuple[str, list[Any]]]:
    """PutEvents on loopback: its address, and the entries it was given."""
    given: list[Any] = []

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            assert self.headers["x-amz-target"] == "AWSEvents.PutEvents"
            given.extend(
                json.loads(self.rfile.read(int(self.headers["content-length"])))["Entries"]
            )
            body = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("content-type", "application/x-amz-json-1.1")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", given
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def bus(url: str) -> EventBridgeBus:
    return EventBridgeBus(BUS, region="us-east-1", endpoint_url=url)


def test_an_event_is_put_as_it_is() -> None:
    body = event_json(EVENT)
    with eventbridge(200, TAKEN) as (url, given):
        bus(url).put(EVENT, body)

    (entry,) = given
    assert entry == {
        "EventBusName": BUS,
        "Source": "callwright",
        "DetailType": "booking.created",
        "Detail": body,
        "Time": entry["Time"],
    }


@pytest.mark.parametrize(
    ("status", "answer", "why"),
    [
        (200, REFUSED, "ThrottlingException"),
        (400, {"__type": "AccessDeniedException"}, "AccessDeniedException"),
    ],
)
def test_what_is_not_taken_is_told_without_the_event(
    status: int, answer: dict[str, Any], why: str
) -> None:
    with (
        eventbridge(status, answer) as (url, _),
        pytest.raises(PortError, match=f"EventBridge: {why}") as told,
    ):
        bus(url).put(EVENT, event_json(EVENT))
    assert "Sarah" not in str(told.value)


def test_nobody_there_is_told() -> None:
    with pytest.raises(PortError, match="EndpointConnectionError"):
        bus("http://127.0.0.1:9").put(EVENT, event_json(EVENT))
