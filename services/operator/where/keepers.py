"""Who keeps something of a customer in one stage: its tables, its exports, Twilio."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from services.operator.where.exports import KeptExports
from services.operator.where.stage import CONFIG, local_client, region_of
from services.operator.where.trouble import CannotTell, of_aws
from services.operator.where.twilio import KeptByTwilio
from shared import environment, local_stack


@dataclass(frozen=True, slots=True)
class Keepers:
    """KeptExports are None where a stage has none; Twilio only in tests of the rest."""

    tables: Any  # DynamoDB's client
    prefix: str
    twilio: KeptByTwilio | None
    exports: KeptExports | None
    offset: timedelta = timedelta(0)  # business time less real time


def keepers_of(
    name: str, environ: Mapping[str, str], said: Callable[[str], None] = lambda _: None
) -> Keepers:
    """Those of the stage of that name.

    Raises:
        CannotTell: there is no such stage, or one of them cannot be asked.
    """
    if name == environment.LOCAL:
        return _local(environ, said)
    try:
        return _deployed(name, environ)
    except (ClientError, BotoCoreError) as exc:
        raise of_aws(exc, f"stage {name}") from exc


def _local(environ: Mapping[str, str], said: Callable[[str], None]) -> Keepers:
    stack = local_stack.find(environ, said)
    if stack is None:
        raise CannotTell("no local stack is up: start one with `make up`")
    own = stack.environment
    tables = local_client(stack)
    account = KeptByTwilio(
        own["TWILIO_ACCOUNT_SID"], own["TWILIO_AUTH_TOKEN"], own["TWILIO_API_BASE"]
    )
    return Keepers(tables, own["TABLE_PREFIX"], account, None, environment.clock_offset(own))


def _deployed(name: str, environ: Mapping[str, str]) -> Keepers:
    region = region_of(name) or environment.value(environ, "AWS_REGION") or None
    session = boto3.Session(region_name=region)
    bucket = _output(session, f"callwright-{name}-analytics", "ExportBucket")
    return Keepers(
        session.client("dynamodb", config=CONFIG),
        f"callwright-{name}-",
        KeptByTwilio(_account_sid(session, name), _auth_token(session, name)),
        KeptExports(session.client("s3", config=CONFIG), bucket),
    )


def _output(session: Any, stack: str, name: str) -> str:
    (found,) = session.client("cloudformation").describe_stacks(StackName=stack)["Stacks"]
    for each in found.get("Outputs", []):
        if each["OutputKey"] == name:
            return str(each["OutputValue"])
    raise CannotTell(f"stack {stack} has no output {name}: deploy it")


def _account_sid(session: Any, stage: str) -> str:
    function = session.client("lambda").get_function_configuration(
        FunctionName=f"callwright-{stage}-incoming"
    )
    return str(function["Environment"]["Variables"]["TWILIO_ACCOUNT_SID"])


def _auth_token(session: Any, stage: str) -> str:
    name = f"callwright/{stage}/twilio-auth-token"
    text = session.client("secretsmanager").get_secret_value(SecretId=name)["SecretString"]
    try:
        return str(json.loads(text)["current"])
    except (ValueError, KeyError, TypeError) as exc:
        raise CannotTell(f"the secret {name} holds no current value") from exc
