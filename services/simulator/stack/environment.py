"""What the processes of the local stack find in their environment."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from services.simulator.mail import SENDER
from services.simulator.scenarios.businesses import SMOKE_CALLER
from services.simulator.stack import aws

ROOT = Path(__file__).parents[3]
OPENAI = "https://api.openai.com/v1"
CACHE = ROOT / ".cache" / "speech"
PREFIX = "callwright-local-"
# What a child needs of ours; keys and addresses it gets from us alone, never from the user's shell.
_INHERITED = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH", "SYSTEMROOT")
# Of a business file that names secrets: a webhook's signing key, a calendar's address.
_SECRETS = "BUSINESS_SECRET_"
# Other businesses than the repository's, where somebody has their own.
_BUSINESSES = "BUSINESSES_DIR"


def _key() -> str:
    return secrets.token_hex(16)


@dataclass(frozen=True, slots=True)
class RealModel:
    """Who answers in the stand-in's place: OpenAI, or what speaks its protocol at another address.

    `key` is of use to others, and goes to the bridge's process alone.
    """

    key: str = field(repr=False)
    url: str  # ends in /v1

    @classmethod
    def of(cls, environ: Mapping[str, str]) -> "RealModel | None":
        """As OPENAI_API_KEY and OPENAI_BASE_URL say; None without a key."""
        key = environ.get("OPENAI_API_KEY", "").strip()
        return cls(key, environ.get("OPENAI_BASE_URL", "").strip() or OPENAI) if key else None


@dataclass(frozen=True, slots=True)
class LocalKeys:
    """The keys of one run: made for it, known to both sides, of no use anywhere else."""

    account_sid: str = field(default_factory=lambda: f"AC{_key()}")
    twilio: str = field(default_factory=_key)  # the account's auth token
    stripe: str = field(default_factory=_key)  # the API key
    stripe_webhook: str = field(default_factory=_key)
    stream_token: str = field(default_factory=_key)
    real: RealModel | None = None  # the only one that is of use elsewhere


@dataclass(frozen=True, slots=True)
class LocalAddresses:
    """Where everything listens on loopback. URLs without a slash at their end."""

    aws: str
    stripe: str
    twilio: str  # its REST side
    public: str  # our webhooks
    media_port: int  # the bridge
    mail: str  # SES


def environment(
    addresses: LocalAddresses, keys: LocalKeys, *, at: datetime, journals: Path
) -> dict[str, str]:
    """Return the environment of functions and bridge.

    `at` is the business time that it is to be now. The address of the model comes later, once its
    server is up.
    """
    offset_s = round((at - datetime.now(UTC)).total_seconds())
    return {
        **{name: os.environ[name] for name in (*_INHERITED, _BUSINESSES) if name in os.environ},
        **{name: value for name, value in os.environ.items() if name.startswith(_SECRETS)},
        **aws.CREDENTIALS,
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",
        "STAGE": "local",
        "TABLE_PREFIX": PREFIX,
        "BUSINESS_STORE": aws.BUSINESS_STORE,
        "AWS_ENDPOINT_URL": addresses.aws,
        "AWS_REGION": aws.REGION,
        "AWS_DEFAULT_REGION": aws.REGION,
        "PUBLIC_BASE_URL": addresses.public,
        "MEDIA_URL": f"ws://127.0.0.1:{addresses.media_port}/media",
        "OPENAI_API_KEY": keys.real.key if keys.real else "local",
        "OPENAI_MODEL": "gpt-realtime-2.1",
        "OPENAI_VOICE": "marin",
        "TWILIO_ACCOUNT_SID": keys.account_sid,
        "TWILIO_AUTH_TOKEN": keys.twilio,
        "TWILIO_API_BASE": addresses.twilio,
        "STRIPE_API_KEY": keys.stripe,
        "STRIPE_WEBHOOK_SECRET": keys.stripe_webhook,
        "STRIPE_API_BASE": addresses.stripe,
        "AWS_ENDPOINT_URL_SESV2": addresses.mail,
        "MAIL_FROM": SENDER,
        "STREAM_TOKEN_SECRET": keys.stream_token,
        "JOURNAL_DIR": str(journals),
        "CLOCK_OFFSET_S": str(offset_s),
        "SYNTHETIC_CALLERS": SMOKE_CALLER,
        "CALLS_AN_HOUR": "1000",  # on a laptop it is always the same few numbers that call
    }
