"""Where a deployed stage is, and how to look at the rows of one call there."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import boto3
from boto3.dynamodb.types import TypeDeserializer
from botocore.exceptions import BotoCoreError, ClientError

from services.simulator.smoke.checks import CallRows
from services.simulator.smoke.number import NoTarget, number_of
from services.simulator.smoke.ringing import Target
from services.simulator.stack.aws import dynamodb
from services.simulator.stack.environment import ROOT
from shared import schema
from shared.local_stack import LocalStack

CDK_JSON = ROOT / "cdk.json"


def region_of(stage: str, cdk_json: Path = CDK_JSON) -> str | None:
    """The stage's region, None for the machine's own. Raises NoTarget."""
    stages = json.loads(cdk_json.read_text("utf-8"))["context"]["stages"]
    if stage not in stages:
        raise NoTarget(f"there is no stage {stage!r} in cdk.json; there is {', '.join(stages)}")
    region = stages[stage].get("region")
    return None if region is None else str(region)


def at_url(base_url: str, business: str | None, environ: Mapping[str, str] = os.environ) -> Target:
    """A deployment by its address; account and token come from the environment."""
    account_sid, auth_token = environ.get("TWILIO_ACCOUNT_SID"), environ.get("TWILIO_AUTH_TOKEN")
    if not account_sid or not auth_token:
        raise NoTarget("--base-url needs TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN")
    return Target(base_url.rstrip("/"), number_of(business), account_sid, auth_token)


def at_local(stack: LocalStack, business: str | None, number: str | None = None) -> Target:
    """The local stack that is up; `number` is dialled, if given. Raises NoTarget."""
    own = stack.environment
    return Target(
        public_url=own["PUBLIC_BASE_URL"],
        number=number or number_of(business),
        account_sid=own["TWILIO_ACCOUNT_SID"],
        auth_token=own["TWILIO_AUTH_TOKEN"],
        read=DeployedRows(dynamodb(stack.tables), own["TABLE_PREFIX"]).of,
    )


def at_stage(
    stage: str, business: str | None, session: Any = None, number: str | None = None
) -> Target:
    """A deployed stage, found by its stack's outputs; `number` is dialled instead of the
    business's. Raises NoTarget."""
    session = session or _session(stage)
    try:
        return Target(
            public_url=output(session, f"callwright-{stage}-api", "PublicBaseUrl"),
            number=number or number_of(business, deployed=True),
            account_sid=_account_sid(session, stage),
            auth_token=_auth_token(session, stage),
            read=DeployedRows(session.client("dynamodb"), f"callwright-{stage}-").of,
        )
    except (ClientError, BotoCoreError) as exc:
        code = exc.response["Error"]["Code"] if isinstance(exc, ClientError) else ""
        raise NoTarget(f"stage {stage}: AWS said {code or type(exc).__name__}") from exc


def _session(stage: str) -> Any:
    session = boto3.Session(region_name=region_of(stage))
    if session.region_name is None:
        raise NoTarget(f"no AWS region: set `region` of stage {stage} in cdk.json")
    return session


def output(session: Any, stack: str, name: str) -> str:
    """One output of a stack. Raises NoTarget."""
    (found,) = session.client("cloudformation").describe_stacks(StackName=stack)["Stacks"]
    for each in found.get("Outputs", []):
        if each["OutputKey"] == name:
            return str(each["OutputValue"])
    raise NoTarget(f"stack {stack} has no output {name}: deploy it first")


def _account_sid(session: Any, stage: str) -> str:
    function = session.client("lambda").get_function_configuration(
        FunctionName=f"callwright-{stage}-incoming"
    )
    sid = function.get("Environment", {}).get("Variables", {}).get("TWILIO_ACCOUNT_SID")
    if not sid:
        raise NoTarget(f"the function of /incoming in {stage} knows no TWILIO_ACCOUNT_SID")
    return str(sid)


def _auth_token(session: Any, stage: str) -> str:
    name = f"callwright/{stage}/twilio-auth-token"
    text = session.client("secretsmanager").get_secret_value(SecretId=name)["SecretString"]
    try:
        token = json.loads(text)["current"]
    except (ValueError, KeyError, TypeError):
        token = None
    if not token:
        raise NoTarget(f"the secret {name} holds no current value: run `make secrets`")
    return str(token)


class DeployedRows:
    """The rows of one call in a deployed stage, by key and index alone."""

    def __init__(self, client: Any, prefix: str) -> None:
        self._client, self._prefix = client, prefix
        self._reader = TypeDeserializer()

    def of(self, call_sid: str) -> CallRows:
        """Raises NoTarget: whether the call left its rows cannot be seen."""
        try:
            return self._of(call_sid)
        except (ClientError, BotoCoreError) as exc:
            code = exc.response["Error"]["Code"] if isinstance(exc, ClientError) else ""
            raise NoTarget(f"the call's rows: AWS said {code or type(exc).__name__}") from exc

    def _of(self, call_sid: str) -> CallRows:
        pk = f"CALL#{call_sid}"
        links = self._query(schema.JOBS, pk)
        jobs = [self._get(schema.JOBS, link[schema.SK], schema.META) for link in links]
        kept = [job for job in jobs if job is not None]
        markers = [f"FOLLOWUP#deposit:{job['job_id']}" for job in kept]
        return CallRows(
            call=self._get(schema.CALLS, pk, schema.META),
            turns=self._query(schema.AGENT_TURNS, pk),
            jobs=kept,
            held=[hour for job in kept for hour in self._held(job)],
            follow_ups=[m for m in markers if self._get(schema.JOBS, m, "FOLLOWUP")],
        )

    def _held(self, job: Mapping[str, Any]) -> list[str]:
        locks = self._query(schema.JOBS, f"SLOT#{job['business_id']}#{job['crew']}")
        return [lock[schema.SK] for lock in locks if lock.get("job_id") == job["job_id"]]

    def _get(self, table: str, pk: str, sk: str) -> dict[str, Any] | None:
        found = self._client.get_item(
            TableName=schema.table_name(self._prefix, table),
            Key={schema.PK: {"S": pk}, schema.SK: {"S": sk}},
            ConsistentRead=True,
        )
        return self._plain(found["Item"]) if "Item" in found else None

    def _query(self, table: str, pk: str) -> list[dict[str, Any]]:
        pages = self._client.get_paginator("query").paginate(
            TableName=schema.table_name(self._prefix, table),
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": {"S": pk}},
            ConsistentRead=True,
        )
        return [self._plain(item) for page in pages for item in page["Items"]]

    def _plain(self, item: Mapping[str, Any]) -> dict[str, Any]:
        return {name: self._reader.deserialize(value) for name, value in item.items()}
