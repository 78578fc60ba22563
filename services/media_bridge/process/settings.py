"""The bridge's settings: one frozen value, read from environment variables alone."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from shared import environment
from shared.adapters import settings as adapters
from shared.adapters.settings import AdapterSettings
from shared.domain.money import Cents, cents
from shared.environment import LOCAL, LOCAL_PREFIX, Environ, Names


@dataclass(frozen=True, slots=True)
class Variable:
    """One environment variable. No default and not optional: it must be given."""

    name: str
    meaning: str
    default: str = ""
    optional: bool = False
    secret: bool = False  # NAME_SECRET_ARN may name it instead

    def __str__(self) -> str:
        note = f" [{self.default}]" if self.default else "" if self.optional else " (required)"
        return f"  {' or '.join(self.names):<{_WIDTH}}  {self.meaning}{note}"

    @property
    def names(self) -> tuple[str, ...]:
        """The variables that give it, each of them enough."""
        return environment.secret_named(self.name) if self.secret else (self.name,)


_WIDTH: Final = len("STREAM_TOKEN_SECRET or STREAM_TOKEN_SECRET_SECRET_ARN")

VARIABLES: Final = (
    Variable("STAGE", "local, dev, staging or prod", LOCAL),
    Variable("MEDIA_URL", "the public wss:// address of /media, as the TwiML names it"),
    Variable("OTHER_MEDIA_URL", "one more of the same, while a domain is moved", optional=True),
    Variable("PUBLIC_BASE_URL", "the public https:// address of webhooks", optional=True),
    Variable("PUBLIC_BASE_URL_PARAMETER", "or the SSM parameter that will hold it", optional=True),
    Variable("TABLE_PREFIX", "what table names begin with", LOCAL_PREFIX),
    Variable("OPENAI_API_KEY", "the model's key", secret=True),
    Variable("OPENAI_BASE_URL", "where the model is", "https://api.openai.com/v1"),
    Variable("OPENAI_MODEL", "which model speaks", "gpt-realtime-2.1"),
    Variable("OPENAI_VOICE", "whose voice", "marin"),
    Variable("TWILIO_ACCOUNT_SID", "the Twilio account texts are sent from"),
    Variable("TWILIO_AUTH_TOKEN", "signs upgrades, sends texts", secret=True),
    Variable("TWILIO_API_BASE", "replaces https://api.twilio.com", optional=True),
    Variable("STRIPE_API_KEY", "makes deposit links", secret=True),
    Variable("STRIPE_API_BASE", "replaces https://api.stripe.com", optional=True),
    Variable("STREAM_TOKEN_SECRET", "signs the token of each call", secret=True),
    Variable("AWS_ENDPOINT_URL", "replaces AWS, on a laptop", optional=True),
    Variable("AWS_REGION", "where the tables are; or AWS_DEFAULT_REGION", optional=True),
    Variable("BIND", "the address to listen on", "0.0.0.0"),  # noqa: S104 - a container's
    Variable("PORT", "the port to listen on; 0 takes a free one and prints it", "8080"),
    Variable("MAX_CALLS", "calls at once; one more is sent to a human", "50"),
    Variable("CALLS_AN_HOUR", "calls of one number that the model takes; then people", "6"),
    Variable(
        "MODEL_USD_A_DAY", "what the model may cost in a day, UTC; then people", optional=True
    ),
    Variable("CLOCK_OFFSET_S", "business time minus real time, in whole seconds; not in prod", "0"),
    Variable("KEEP_DAYS", "days that calls and turns are kept; for ever without", optional=True),
    Variable("CUSTOMER_DAYS", "days that jobs are kept after the visit", optional=True),
    Variable("BUSINESS_METRICS", "off: metrics of the stage alone", "on"),
    Variable("BUSINESSES_DIR", "the business files, where not the repository's", optional=True),
    Variable("BUSINESS_STORE", "the bucket that they are published to", optional=True),
    Variable(
        "TARGET_GROUP_ARN", "the balancer's: deregistered and empty, it leaves", optional=True
    ),
    Variable("JOURNAL_DIR", "write a journal of each call here; it holds words", optional=True),
)


@dataclass(frozen=True, slots=True)
class BridgeSettings:
    """What the bridge needs to know. Secrets are not in here: they are read when needed."""

    adapters: AdapterSettings
    media_url: str
    other_media_url: str | None  # signatures made for it are right, too
    openai_url: str
    model: str
    voice: str
    bind: str
    port: int
    max_calls: int
    calls_an_hour: int  # of one number
    budget: Cents | None  # of the stage, for the model, in a day
    clock_offset: timedelta
    journal_dir: str | None
    target_group_arn: str | None

    @property
    def realtime_url(self) -> str:
        """The Realtime socket: the REST address with ws for http."""
        return f"ws{self.openai_url.removeprefix('http')}/realtime?model={self.model}"


def read(environ: Environ) -> BridgeSettings:
    """The settings of this process.

    Raises:
        BadSettings: a variable is missing or cannot be right.
    """
    given = _with_defaults(environ)
    environment.require(given, _required())
    return BridgeSettings(
        adapters=adapters.settings_of(given),
        media_url=environment.needed_url(given, "MEDIA_URL", ("ws", "wss")),
        other_media_url=environment.url(given, "OTHER_MEDIA_URL", ("ws", "wss")),
        openai_url=environment.needed_url(given, "OPENAI_BASE_URL"),
        model=given["OPENAI_MODEL"],
        voice=given["OPENAI_VOICE"],
        bind=given["BIND"],
        port=environment.whole(given, "PORT", least=0, most=65_535),
        max_calls=environment.whole(given, "MAX_CALLS", least=1, most=10_000),
        calls_an_hour=environment.whole(given, "CALLS_AN_HOUR", least=1, most=1_000_000),
        budget=_budget(given),
        clock_offset=environment.clock_offset(given),
        journal_dir=given.get("JOURNAL_DIR"),
        target_group_arn=given.get("TARGET_GROUP_ARN"),
    )


def _budget(given: Environ) -> Cents | None:
    if "MODEL_USD_A_DAY" not in given:
        return None
    return cents(environment.whole(given, "MODEL_USD_A_DAY", least=1, most=1_000_000))


def usage() -> str:
    """Every variable with its meaning and default."""
    head = "usage: python -m services.media_bridge [--help | --debug]\n\nEnvironment variables:\n"
    return head + "\n".join(str(variable) for variable in VARIABLES)


def _with_defaults(environ: Environ) -> dict[str, str]:
    """What is set, without the blanks around it, over the defaults of the table."""
    defaults = {variable.name: variable.default for variable in VARIABLES if variable.default}
    given = {name: value.strip() for name, value in environ.items() if value.strip()}
    return defaults | given


def _required() -> list[Names]:
    required: list[Names] = [
        variable.names for variable in VARIABLES if not variable.optional and not variable.default
    ]
    # The api stack is deployed after this one: its address may still lie in the parameter store.
    return [*required, ("PUBLIC_BASE_URL", "PUBLIC_BASE_URL_PARAMETER")]
