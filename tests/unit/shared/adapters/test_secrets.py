"""Secrets come from the environment or from Secrets Manager, signed as AWS wants it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials as BotoCredentials

from shared.adapters.secrets import (
    Credentials,
    Secrets,
    SecretUnavailable,
    fetch,
    role_uri,
    signed_headers,
    values_in,
)

ARN = "arn:aws:secretsmanager:us-east-2:000000000000:secret:callwright/twilio-AbCdEf"
NOW = datetime(2025, 8, 28, 23, 12, tzinfo=UTC)
KEYS = Credentials("us-east-2", "AKIDEXAMPLE", "an example key", "a session")


@dataclass
class Vault:
    """A stand-in for Secrets Manager on loopback; refuses what is not signed with its key."""

    url: str = ""
    secret: str | None = "value"
    broken: bool = False
    asked: list[dict[str, str]] = field(default_factory=list)


def _matches(headers: dict[str, str], body: bytes) -> bool:
    """Whether botocore would have signed the same request alike."""
    at = datetime.strptime(headers["x-amz-date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    return (
        signed_headers(KEYS, headers["host"], body, at)["authorization"] == headers["authorization"]
    )


@pytest.fixture
def vault() -> Iterator[Vault]:
    state = Vault()

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            state.asked.append({**headers, "body": body.decode()})
            if state.broken:
                return self._send(500, b"<html>")
            if not _matches(headers, body) or self.path != "/":
                return self._send(400, json.dumps({"__type": "InvalidSignatureException"}).encode())
            if state.secret is None:
                return self._send(
                    400, json.dumps({"__type": "a#ResourceNotFoundException"}).encode()
                )
            return self._send(200, json.dumps({"SecretString": state.secret}).encode())

        def do_GET(self) -> None:
            """The credentials' endpoint of Fargate and SnapStart."""
            if self.headers.get("Authorization") != "a container's token":
                return self._send(403, b"{}")
            given = {"AccessKeyId": KEYS.key_id, "SecretAccessKey": KEYS.secret_key}
            return self._send(200, json.dumps({**given, "Token": KEYS.token}).encode())

        def _send(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """Quiet."""

    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        state.url = f"http://127.0.0.1:{server.server_port}"
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield state
        server.shutdown()
        thread.join()


def an_environ(vault: Vault) -> dict[str, str]:
    return {
        "TWILIO_AUTH_TOKEN_SECRET_ARN": ARN,
        "AWS_ENDPOINT_URL": vault.url,
        "AWS_ACCESS_KEY_ID": KEYS.key_id,
        "AWS_SECRET_ACCESS_KEY": KEYS.secret_key,
        "AWS_SESSION_TOKEN": "a session",
        "AWS_REGION": "us-east-1",
    }


@dataclass
class Clock:
    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now


def test_the_environment_comes_first() -> None:
    secrets = Secrets({"TWILIO_AUTH_TOKEN": "plain", "TWILIO_AUTH_TOKEN_SECRET_ARN": ARN}, Clock())
    assert secrets.get("TWILIO_AUTH_TOKEN") == ("plain",)


def test_one_that_is_nowhere_is_named() -> None:
    with pytest.raises(SecretUnavailable, match="TWILIO_AUTH_TOKEN_SECRET_ARN"):
        Secrets({}, Clock()).get("TWILIO_AUTH_TOKEN")


def test_a_business_s_secret_is_a_variable_on_a_laptop_and_an_entry_of_the_stage_elsewhere(
    vault: Vault,
) -> None:
    at_home = {"BUSINESS_SECRET_BOARD_KEY": "own", "BUSINESS_SECRETS": "callwright/dev/business/"}
    assert Secrets(at_home, Clock()).of_business("board-key") == ("own",)
    vault.secret = json.dumps({"current": "new", "previous": "old"})
    named = {"BUSINESS_SECRETS": "callwright/dev/business/", "AWS_REGION": "us-east-2"}
    deployed = an_environ(vault) | named
    assert Secrets(deployed, Clock()).of_business("board-key") == ("new", "old")
    assert json.loads(vault.asked[-1]["body"]) == {"SecretId": "callwright/dev/business/board-key"}
    with pytest.raises(SecretUnavailable, match="BUSINESS_SECRET_BOARD_KEY"):
        Secrets({}, Clock()).of_business("board-key")


def test_a_secret_is_fetched_with_a_signed_request(vault: Vault) -> None:
    assert Secrets(an_environ(vault), Clock()).get("TWILIO_AUTH_TOKEN") == ("value",)
    (asked,) = vault.asked
    assert json.loads(asked["body"]) == {"SecretId": ARN}
    assert asked["x-amz-target"] == "secretsmanager.GetSecretValue"
    assert "us-east-2/secretsmanager/aws4_request" in asked["authorization"]  # the ARN's region
    assert asked["x-amz-security-token"] == "a session"


@pytest.mark.parametrize("token", [None, "a session"])
def test_the_signature_is_botocores(token: str | None) -> None:
    body = b'{"SecretId": "x"}'
    at = datetime.now(UTC)
    keys = Credentials("us-east-1", "AKIDEXAMPLE", "an example key", token)
    ours = signed_headers(keys, "secretsmanager.us-east-1.amazonaws.com", body, at)
    request = AWSRequest(
        "POST",
        "https://secretsmanager.us-east-1.amazonaws.com/",
        headers={k: v for k, v in ours.items() if k in ("content-type", "x-amz-target")},
        data=body,
    )
    auth = SigV4Auth(
        BotoCredentials(keys.key_id, keys.secret_key, token), "secretsmanager", "us-east-1"
    )
    auth.add_auth(request)
    theirs = dict(request.headers.items())
    if theirs["X-Amz-Date"] == ours["x-amz-date"]:  # not across the turn of a second
        assert theirs["Authorization"] == ours["authorization"]


def a_container(vault: Vault) -> dict[str, str]:
    """The environment of a Lambda restored by SnapStart: no keys, but where to ask for them."""
    environ = an_environ(vault)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        del environ[name]
    return environ | {
        "AWS_CONTAINER_CREDENTIALS_FULL_URI": f"{vault.url}/role?v=1",
        "AWS_CONTAINER_AUTHORIZATION_TOKEN": "a container's token",
    }


def test_a_container_asks_for_its_role_where_the_environment_says(vault: Vault) -> None:
    assert Secrets(a_container(vault), Clock()).get("TWILIO_AUTH_TOKEN") == ("value",)


def test_a_container_that_is_refused_its_role_says_so(vault: Vault) -> None:
    environ = a_container(vault) | {"AWS_CONTAINER_AUTHORIZATION_TOKEN": "another"}
    with pytest.raises(SecretUnavailable, match="credentials answered 403"):
        fetch(ARN, environ, NOW)


def test_a_task_on_fargate_asks_at_its_own_address() -> None:
    environ = {"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/v2/credentials/task"}
    assert role_uri(environ) == "http://169.254.170.2/v2/credentials/task"


def test_a_secret_is_kept_for_five_minutes_of_the_clock(vault: Vault) -> None:
    clock = Clock()
    secrets = Secrets(an_environ(vault), clock)
    secrets.get("TWILIO_AUTH_TOKEN")
    vault.secret = json.dumps({"current": "new", "previous": "value"})
    clock.now += timedelta(seconds=299)
    assert secrets.get("TWILIO_AUTH_TOKEN") == ("value",)
    clock.now += timedelta(seconds=2)
    assert secrets.get("TWILIO_AUTH_TOKEN") == ("new", "value")
    assert len(vault.asked) == 2


def test_a_snapshot_restored_days_later_reads_anew(vault: Vault) -> None:
    clock = Clock()
    secrets = Secrets(an_environ(vault), clock)
    secrets.get("TWILIO_AUTH_TOKEN")
    clock.now -= timedelta(days=2)
    secrets.get("TWILIO_AUTH_TOKEN")
    assert len(vault.asked) == 2


def test_an_old_value_answers_while_the_service_does_not(vault: Vault) -> None:
    clock = Clock()
    secrets = Secrets(an_environ(vault), clock)
    secrets.get("TWILIO_AUTH_TOKEN")
    clock.now += timedelta(hours=1)
    vault.broken = True
    assert secrets.get("TWILIO_AUTH_TOKEN") == ("value",)


@pytest.mark.parametrize("trouble", ["unknown", "broken", "wrong key", "no keys", "nobody"])
def test_what_cannot_be_had_says_why_and_no_value(vault: Vault, trouble: str) -> None:
    environ = an_environ(vault)
    if trouble == "unknown":
        vault.secret = None
    elif trouble == "broken":
        vault.broken = True
    elif trouble == "wrong key":
        environ["AWS_SECRET_ACCESS_KEY"] = "another"
    elif trouble == "no keys":
        del environ["AWS_ACCESS_KEY_ID"]
    else:
        environ["AWS_ENDPOINT_URL"] = "http://127.0.0.1:9"
    with pytest.raises(SecretUnavailable) as told:
        fetch(ARN, environ, NOW)
    assert KEYS.secret_key not in str(told.value)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("plain", ("plain",)),
        (" plain\n", ("plain",)),
        ("12345", ("12345",)),
        ('{"current": "a"}', ("a",)),
        ('{"current": "a", "previous": ""}', ("a",)),
        ('{"current": "a", "previous": "b"}', ("a", "b")),
    ],
)
def test_a_secret_is_a_text_or_two_of_them(text: str, values: tuple[str, ...]) -> None:
    assert values_in("X", text) == values


@pytest.mark.parametrize("text", ["", " ", "{}", '{"current": 5}', '{"current": ""}'])
def test_an_empty_secret_is_none(text: str) -> None:
    with pytest.raises(SecretUnavailable, match="of X"):
        values_in("X", text)
