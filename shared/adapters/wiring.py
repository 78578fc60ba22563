"""The composition: from the environment's settings to the ports of a running process."""

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TextIO

from shared.actions.ports import Ports
from shared.adapters.dynamo_calls import DynamoCalls
from shared.adapters.dynamo_clips import DynamoClips
from shared.adapters.dynamo_customers import DynamoCustomers
from shared.adapters.dynamo_follow_ups import DynamoFollowUps
from shared.adapters.dynamo_inbox import DynamoInbox
from shared.adapters.dynamo_jobs import DynamoJobs
from shared.adapters.dynamo_payments import DynamoPayments
from shared.adapters.dynamo_turns import DynamoTurns
from shared.adapters.public_url import PublicUrl
from shared.adapters.stripe_checkout import StripeCheckout
from shared.adapters.twilio_texts import TwilioTexts
from shared.metrics import EmfMetrics

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

LOCAL_PREFIX = "callwright-local-"
CONNECT_S, READ_S = 2, 3  # a caller is waiting: DynamoDB answers in milliseconds or not at all


class MissingSetting(Exception):
    """An environment variable that must be set is not; the message names it."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What the adapters need to know. Secrets are values already, wherever they came from."""

    stage: str
    table_prefix: str
    public_url: Callable[[], str]  # may block; the bridge starts before the API has an address
    region: str
    twilio_account_sid: str
    twilio_auth_token: str = field(repr=False)
    stripe_api_key: str = field(repr=False)
    aws_endpoint_url: str | None = None
    twilio_api_base: str | None = None
    stripe_api_base: str | None = None
    keep_days: int | None = None

    @classmethod
    def of(cls, environ: Mapping[str, str]) -> "Settings":
        """From environment variables.

        Raises:
            MissingSetting: one that must be set is not.
        """
        if not environ.get("PUBLIC_BASE_URL_PARAMETER"):
            _needed(environ, "PUBLIC_BASE_URL")
        return cls(
            stage=environ.get("STAGE") or "local",
            table_prefix=environ.get("TABLE_PREFIX") or LOCAL_PREFIX,
            public_url=PublicUrl(environ),
            region=environ.get("AWS_REGION") or environ.get("AWS_DEFAULT_REGION") or "us-east-1",
            twilio_account_sid=_needed(environ, "TWILIO_ACCOUNT_SID"),
            twilio_auth_token=_needed(environ, "TWILIO_AUTH_TOKEN"),
            stripe_api_key=_needed(environ, "STRIPE_API_KEY"),
            aws_endpoint_url=environ.get("AWS_ENDPOINT_URL") or None,
            twilio_api_base=environ.get("TWILIO_API_BASE") or None,
            stripe_api_base=environ.get("STRIPE_API_BASE") or None,
            keep_days=_days(environ.get("KEEP_DAYS")),
        )


def dynamo_client(
    *, region: str, endpoint_url: str | None = None, connections: int = 50
) -> "DynamoDBClient":
    """A client that gives up in seconds, and may be shared by threads."""
    import boto3
    from botocore.config import Config

    config = Config(
        connect_timeout=CONNECT_S,
        read_timeout=READ_S,
        retries={"mode": "standard", "total_max_attempts": 2},
        max_pool_connections=connections,
    )
    client: DynamoDBClient = boto3.client(
        "dynamodb", region_name=region, endpoint_url=endpoint_url, config=config
    )
    return client


def open_ports(settings: Settings, *, out: TextIO | None = None) -> Ports:
    """Every port over the real services; opens no connection yet. Metrics go to `out` or stdout."""
    client = dynamo_client(region=settings.region, endpoint_url=settings.aws_endpoint_url)
    prefix, keep_days = settings.table_prefix, settings.keep_days
    return Ports(
        calls=DynamoCalls(client, prefix, keep_days=keep_days),
        turns=DynamoTurns(client, prefix, keep_days=keep_days),
        customers=DynamoCustomers(client, prefix),
        jobs=DynamoJobs(client, prefix),
        payments=DynamoPayments(client, prefix),
        checkout=StripeCheckout(settings.stripe_api_key, api_base=settings.stripe_api_base),
        texts=TwilioTexts(
            settings.twilio_account_sid,
            settings.twilio_auth_token,
            api_base=settings.twilio_api_base,
            status_callback=lambda: f"{settings.public_url()}/sms-status",
        ),
        follow_ups=DynamoFollowUps(client, prefix),
        inbox=DynamoInbox(client, prefix),
        clips=DynamoClips(client, prefix),
        metrics=EmfMetrics(settings.stage, lambda: datetime.now(UTC), out or sys.stdout),
    )


def _needed(environ: Mapping[str, str], name: str) -> str:
    value = environ.get(name)
    if not value:
        raise MissingSetting(f"{name} is not set")
    return value


def _days(value: str | None) -> int | None:
    if not value:
        return None
    if not value.isdecimal() or len(value) > 5 or int(value) < 1:
        raise MissingSetting("KEEP_DAYS is not a number of days")
    return int(value)
