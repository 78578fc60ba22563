"""This task as its balancer sees it."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import boto3
import pytest
from botocore.stub import Stubber

from shared.adapters.balancer_target import BalancerTarget, own_address
from shared.domain.errors import PortError

GROUP = "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/bridge/0123456789abcdef"


def target(state: str | None) -> BalancerTarget:
    client = boto3.client(
        "elbv2", region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="x"
    )
    stub = Stubber(client)
    asked = {"TargetGroupArn": GROUP, "Targets": [{"Id": "10.20.0.7"}]}
    if state is None:
        stub.add_client_error("describe_target_health", "Throttling", expected_params=asked)
    else:
        health = {"Target": {"Id": "10.20.0.7"}, "TargetHealth": {"State": state}}
        answer = {"TargetHealthDescriptions": [health]}
        stub.add_response("describe_target_health", answer, asked)
    stub.activate()
    return BalancerTarget(client, GROUP, "10.20.0.7")


@pytest.mark.parametrize(
    ("state", "draining"), [("draining", True), ("healthy", False), ("initial", False)]
)
def test_a_target_drains_when_its_balancer_says_so(state: str, draining: bool) -> None:
    assert target(state).draining() is draining


def test_a_balancer_that_refuses_is_a_port_error() -> None:
    with pytest.raises(PortError, match="balancer"):
        target(None).draining()


@pytest.fixture
def metadata() -> Iterator[str]:
    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps({"Networks": [{"IPv4Addresses": ["10.20.0.7"]}]}).encode())

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/v4"
    server.shutdown()
    thread.join()
    server.server_close()


def test_ecs_tells_the_task_its_own_address(metadata: str) -> None:
    assert own_address(metadata) == "10.20.0.7"


@pytest.mark.parametrize("nowhere", ["", "http://127.0.0.1:1/v4"])
def test_without_ecs_there_is_no_address(nowhere: str) -> None:
    with pytest.raises(PortError, match="ECS metadata"):
        own_address(nowhere)
