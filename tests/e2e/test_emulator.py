"""The real cdk command deploys into MiniStack; then signed requests go through what it deployed.

It proves the wiring: tables, keys, environment, secrets by name, handler paths, routes, alias. It
proves nothing of IAM, networks or scaling, which MiniStack does not have.
"""

import base64
import io
import json
import os
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import boto3
import pytest
from stripe import WebhookSignature

from infra.config import Stage
from infra.ops.live import FUNCTIONS, as_in_the_stacks, running
from infra.ops.secrets import fill
from infra.ops.stage import Aws, load
from infra.ops.vault import Vault
from services.simulator.phone.signature import HEADER, sign
from services.simulator.phone.twiml import parse
from services.simulator.smoke.target import at_stage
from shared.adapters.dynamo.follow_ups import DynamoFollowUps
from shared.adapters.dynamo.jobs import DynamoJobs
from shared.domain import stream_token
from tests.contracts.conftest import ministack_url
from tests.examples import ON_CALL, a_customer, a_follow_up, a_job
from tests.money import a_session, raw_event
from tests.twilio_rest import serving

pytestmark = pytest.mark.stack

__all__ = ["ministack_url"]

ROOT = Path(__file__).parents[2]
REGION, MEDIA = "us-east-1", "wss://d111111abcdef8.cloudfront.net/media"
LONGEST_S = 170
SECRETS = {
    "openai-api-key": "sk-proj-abcdefgh12345678",
    "twilio-auth-token": "0123456789abcdef0123456789abcdef",
    "stripe-api-key": "sk_test_abcdefgh12345678",
    "stripe-webhook-secret": "whsec_abcdefgh12345678",
    "stream-token": "a-stream-token-of-forty-characters-and-more",
}
CALL = "CA" + "7" * 32


@dataclass(frozen=True, slots=True)
class Cloud:
    """The stage dev, deployed."""

    endpoint: str
    session: Any
    stage: Stage
    public_url: str
    said: str  # by the cdk command
    failed: dict[str, str]  # what was said of tries before, by the stack whose end was a failure
    left: dict[str, list[str]]  # and what of its tables and functions was there after each

    def client(self, name: str) -> Any:
        return self.session.client(name, endpoint_url=self.endpoint)

    def post(self, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, str]:
        """Through the HTTP API, whose host MiniStack knows by the API's id."""
        api = self.public_url.removeprefix("https://").partition(".")[0]
        port = self.endpoint.rpartition(":")[2]
        host = {"Host": f"{api}.execute-api.127.0.0.1:{port}"}
        request = urllib.request.Request(self.endpoint + path, body, host | headers, method="POST")
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as exc:
            return exc.code, exc.read().decode()

    def webhook(self, path: str, **changes: str) -> tuple[int, str]:
        """As Twilio sends it: signed for the address that the stack itself put out."""
        fields = {
            "AccountSid": self.stage.twilio_account_sid,
            "CallSid": CALL,
            "CallStatus": "ringing",
            "From": "+15551230000",
            "FromCity": "",
            "To": "+19375550100",
        } | changes
        signature = sign(SECRETS["twilio-auth-token"], self.public_url + path, fields.items())
        form = {"Content-Type": "application/x-www-form-urlencoded", HEADER: signature}
        return self.post(path, urlencode(fields).encode(), form)


def cdk(endpoint: str, out: Path, *arguments: str, fails: bool = False, made: bool = False) -> str:
    """What the pinned command said. Its app runs in the interpreter of the tests; with `made` the
    templates are those that lie in `out`."""
    environment = {
        **os.environ,
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ENDPOINT_URL_S3": endpoint,
        "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION": "1",
        "CI": "true",
    }
    context = ["-c", "stage=dev", "-c", f"media_url={MEDIA}", "-c", "bundle=local"]
    app = [*context, "--app", f"{sys.executable} -m infra.app", "--output", str(out)]
    if made:
        app = ["--app", str(out)]
    done = subprocess.run(
        [str(ROOT / "node_modules/.bin/cdk"), *arguments, *app],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=LONGEST_S,
        check=False,
    )
    said = done.stdout + done.stderr
    assert (done.returncode != 0) is fails, said[-6000:]
    return said


def with_a_failure_at_its_end(out: Path, stack: str) -> None:
    """Add what cannot be made, and comes when all else of the stack has been."""
    template = out / f"{stack}.template.json"
    body = json.loads(template.read_text())
    nowhere = {"Fn::GetStackOutput": {"StackName": "nowhere", "OutputName": "Nothing"}}
    body["Resources"]["Failure"] = {
        "Type": "AWS::SSM::Parameter",
        "Properties": {"Type": "String", "Value": nowhere},
        "DependsOn": list(body["Resources"]),
    }
    template.write_text(json.dumps(body))
    # What is uploaded under the template's own hash would be taken for it ever after.
    (hashed,) = {
        id
        for id, file in json.loads((out / f"{stack}.assets.json").read_text())["files"].items()
        if file["source"]["path"] == template.name
    }
    for name in (f"{stack}.assets.json", "manifest.json"):
        path = out / name
        path.write_text(path.read_text().replace(hashed, hashed[::-1]))


def first_tries_fail(
    endpoint: str, out: Path, session: Any
) -> tuple[dict[str, str], dict[str, list[str]]]:
    """What was said, and what was left, after the tables' stack failed, then the webhooks'."""
    said, left = {}, {}
    for part in ("data", "api"):
        cdk(endpoint, out, "synth", "--quiet")
        stack = f"callwright-dev-{part}"
        with_a_failure_at_its_end(out, stack)
        deploy = ("deploy", stack, "--require-approval", "never")
        said[part] = cdk(endpoint, out, *deploy, fails=True, made=True)
        tables = session.client("dynamodb", endpoint_url=endpoint).list_tables()["TableNames"]
        functions = session.client("lambda", endpoint_url=endpoint).list_functions()["Functions"]
        left[part] = tables if part == "data" else [each["FunctionName"] for each in functions]
    return said, left


@pytest.fixture(scope="module")
def command_line() -> None:
    """The pinned command; where node is missing there is nothing to test."""
    if shutil.which("npm") is None:
        pytest.skip("node is not installed")
    if not (ROOT / "node_modules/.bin/cdk").exists():
        subprocess.run(["npm", "ci", "--no-audit", "--no-fund"], cwd=ROOT, check=True, timeout=120)


@pytest.fixture(scope="module")
def cloud(
    ministack_url: str, command_line: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Cloud]:
    out = tmp_path_factory.mktemp("cdk.out")
    session = boto3.Session("local", "local", region_name=REGION)
    stage = load("dev")
    secrets = Vault(session.client("secretsmanager", endpoint_url=ministack_url), stage)
    assert fill(secrets, stage, SECRETS, (), io.StringIO())
    cdk(ministack_url, out, "bootstrap", f"aws://000000000000/{REGION}")
    failed, left = first_tries_fail(ministack_url, out, session)
    stacks = [f"callwright-dev-{part}" for part in ("data", "api", *_more())]
    said = cdk(ministack_url, out, "deploy", *stacks, "--require-approval", "never")
    formation = session.client("cloudformation", endpoint_url=ministack_url)
    (stack,) = formation.describe_stacks(StackName="callwright-dev-api")["Stacks"]
    outputs = {each["OutputKey"]: each["OutputValue"] for each in stack["Outputs"]}
    yield Cloud(ministack_url, session, stage, outputs["PublicBaseUrl"], said, failed, left)


def _more() -> list[str]:
    return ["analytics"] if (ROOT / "infra/stacks/analytics.py").exists() else []


def test_the_command_deploys_every_stack_that_an_emulator_can_hold(cloud: Cloud) -> None:
    for part in ("data", "api", *_more()):
        assert f"callwright-dev-{part}" in cloud.said
    tables = set(cloud.client("dynamodb").list_tables()["TableNames"])
    names = ("calls", "agent_turns", "customers", "jobs", "payments")
    assert {f"callwright-dev-{name}" for name in names} <= tables


@pytest.mark.parametrize("part", ["data", "api"])
def test_a_first_deployment_that_fails_at_its_end_leaves_nothing_in_the_way_of_the_second(
    cloud: Cloud, part: str
) -> None:
    assert f"callwright-dev-{part}" in cloud.failed[part] and "ROLLBACK" in cloud.failed[part]
    assert [name for name in cloud.left[part] if name.startswith("callwright-dev-")] == []
    assert f"callwright-dev-{part}" in cloud.said


def test_a_signed_call_is_answered_with_twiml_through_the_api(cloud: Cloud) -> None:
    status, body = cloud.webhook("/incoming")

    assert status == 200, body
    (_, connect, *_) = parse(body, cloud.public_url).verbs
    (stream,) = connect.children
    assert stream.get("url") == MEDIA
    assert stream.get("statusCallback") == f"{cloud.public_url}/stream-status"
    (parameter,) = stream.children
    claims = stream_token.read(
        SECRETS["stream-token"], parameter.get("value"), call_sid=CALL, now=int(time.time())
    )
    assert (claims.business_id, claims.synthetic) == ("coolcare_hvac", False)


def test_an_unsigned_call_is_refused(cloud: Cloud) -> None:
    status, _ = cloud.post("/incoming", b"From=%2B15551230000", {HEADER: "bm90IHNpZ25lZA=="})
    assert status == 403


def test_what_follows_a_call_is_written_to_the_tables(cloud: Cloud) -> None:
    status, body = cloud.webhook("/call-status", CallStatus="completed")

    assert status == 204, body
    key = {"pk": {"S": f"CALL#{CALL}"}, "sk": {"S": "META"}}
    row = cloud.client("dynamodb").get_item(TableName="callwright-dev-calls", Key=key)["Item"]
    assert row["outcome"] == {"S": "abandoned"}


def test_a_smoke_call_s_row_is_marked(cloud: Cloud) -> None:
    sid = "CA" + "8" * 32
    ours = {"From": "+15005550006", "SmokeCall": "true"}
    cloud.webhook("/call-status", CallStatus="completed", CallSid=sid, **ours)

    key = {"pk": {"S": f"CALL#{sid}"}, "sk": {"S": "META"}}
    row = cloud.client("dynamodb").get_item(TableName="callwright-dev-calls", Key=key)["Item"]
    assert row["synthetic"] == {"BOOL": True}


def test_a_signed_payment_settles_its_job_once(cloud: Cloud) -> None:
    jobs = DynamoJobs(cloud.client("dynamodb"), cloud.stage.prefix)
    jobs.book(a_job(), a_customer())
    body = raw_event("checkout.session.completed", a_session())
    secret = SECRETS["stripe-webhook-secret"]
    signed = {
        "Content-Type": "application/json",
        "Stripe-Signature": WebhookSignature.generate_signature_header(body.decode(), secret),
    }

    answers = [cloud.post("/stripe/webhook", body, signed) for _ in range(2)]

    assert [(s, json.loads(b)) for s, b in answers] == [
        (200, {"settled": "paid"}),
        (200, {"settled": "repeated"}),
    ]
    paid = jobs.get("job1")
    assert paid is not None
    assert (paid.deposit_paid, paid.payment_id) == (True, "pi_1")
    payments = cloud.client("dynamodb").scan(TableName="callwright-dev-payments")["Items"]
    assert sorted(item["sk"]["S"] for item in payments) == ["EVENT", "META", "OUTBOX"]


def test_the_schedule_sends_a_text_that_failed(cloud: Cloud) -> None:
    follow_ups = DynamoFollowUps(cloud.client("dynamodb"), cloud.stage.prefix)
    long_ago = datetime.now(UTC) - timedelta(hours=1)
    follow_ups.leave(a_follow_up("text:x", to=ON_CALL, body="A gas leak.", due_at=long_ago))
    with serving() as twilio:
        invoked = _invoke(cloud, {"TWILIO_API_BASE": f"http://127.0.0.1:{twilio.server_port}"})
        ((path, headers, form),) = twilio.asked

    assert invoked == {"done": 1}
    assert (form["To"], form["Body"]) == ([ON_CALL], ["A gas leak."])
    assert form["StatusCallback"] == [f"{cloud.public_url}/sms-status"]
    assert cloud.stage.twilio_account_sid in path
    user = base64.b64decode(headers["Authorization"].removeprefix("Basic ")).decode()
    assert user == f"{cloud.stage.twilio_account_sid}:{SECRETS['twilio-auth-token']}"
    assert follow_ups.waiting("text:x") is False


def test_the_smoke_command_finds_the_stage(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", cloud.endpoint)
    target = at_stage("dev", "coolcare_hvac", cloud.session)

    assert target.public_url == cloud.public_url
    assert target.account_sid == cloud.stage.twilio_account_sid
    assert target.auth_token == SECRETS["twilio-auth-token"]
    assert target.read is not None
    assert target.read("CA404").call is None


def test_an_alias_that_was_put_elsewhere_is_found_and_put_to_what_the_stack_holds(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", cloud.endpoint)
    functions, name = cloud.client("lambda"), "callwright-dev-stripe-webhook"
    aws, said = Aws(cloud.stage, cloud.session), list[str]()
    held = running(aws)
    assert set(held.versions) == {f"callwright-dev-{each}" for each in FUNCTIONS}
    functions.update_function_configuration(FunctionName=name, Description="another")
    other = functions.publish_version(FunctionName=name)["Version"]
    functions.update_alias(FunctionName=name, Name="live", FunctionVersion=other)
    assert running(aws) != held

    assert as_in_the_stacks(aws, ("api", "analytics"), said.append, lambda _: None)

    assert running(aws) == held
    assert said == [f"{name}: version {held.versions[name]} again, as deployed; it was at {other}"]
    assert aws.stands("api") and not aws.stands("media")


def _invoke(cloud: Cloud, extra: dict[str, str]) -> Any:
    """The follow-up function as the schedule invokes it, with Twilio's address replaced."""
    functions = cloud.client("lambda")
    name = "callwright-dev-follow-up"
    found = functions.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
    functions.update_function_configuration(
        FunctionName=name, Environment={"Variables": found | extra}
    )
    answer = functions.invoke(FunctionName=name, Payload=b"{}")
    payload = json.loads(answer["Payload"].read())
    assert "FunctionError" not in answer, payload
    return payload
