"""What the function reads from its environment, at each run and never at import."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

_NEEDED = ("STAGE", "TABLE_PREFIX", "PUBLIC_BASE_URL", "TWILIO_ACCOUNT_SID")


class BadSettings(Exception):
    """The environment lacks something or contradicts itself; the message names the variable."""


@dataclass(frozen=True, slots=True)
class Settings:
    stage: str
    table_prefix: str
    public_url: str
    account_sid: str
    region: str
    aws_endpoint_url: str | None
    twilio_api_base: str | None
    stripe_api_base: str | None
    clock_offset: timedelta  # business time less real time; a laptop plays other days


def settings_of(environ: Mapping[str, str]) -> Settings:
    """Raises BadSettings."""
    missing = [name for name in _NEEDED if not environ.get(name)]
    if missing:
        raise BadSettings(f"{', '.join(missing)} not set")
    try:
        offset = timedelta(seconds=float(environ.get("CLOCK_OFFSET_S") or 0))
    except ValueError as exc:
        raise BadSettings("CLOCK_OFFSET_S is no number") from exc
    if offset and environ["STAGE"] == "prod":
        raise BadSettings("CLOCK_OFFSET_S must be 0 in prod")
    return Settings(
        stage=environ["STAGE"],
        table_prefix=environ["TABLE_PREFIX"],
        public_url=environ["PUBLIC_BASE_URL"].rstrip("/"),
        account_sid=environ["TWILIO_ACCOUNT_SID"],
        region=environ.get("AWS_REGION") or environ.get("AWS_DEFAULT_REGION") or "us-east-1",
        aws_endpoint_url=environ.get("AWS_ENDPOINT_URL") or None,
        twilio_api_base=environ.get("TWILIO_API_BASE") or None,
        stripe_api_base=environ.get("STRIPE_API_BASE") or None,
        clock_offset=offset,
    )
