"""The bridge's settings: one frozen value, read from environment variables alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Literal, cast, get_args
from urllib.parse import urlsplit

Stage = Literal["local", "dev", "staging", "prod"]
ARN = "_SECRET_ARN"


class BadSettings(Exception):
    """A variable is missing or cannot be right; the message names it, never a secret's value."""


@dataclass(frozen=True, slots=True)
class Variable:
    """One environment variable. No default and not optional: it must be given."""

    name: str
    meaning: str
    default: str = ""
    optional: bool = False
    secret: bool = False  # NAME_SECRET_ARN may stand in its place

    def __str__(self) -> str:
        note = f" [{self.default}]" if self.default else "" if self.optional else " (required)"
        name = f"{self.name} or {self.name}{ARN}" if self.secret else self.name
        return f"  {name:<{_WIDTH}}  {self.meaning}{note}"


_WIDTH: Final = len("STREAM_TOKEN_SECRET or STREAM_TOKEN_SECRET_SECRET_ARN")

VARIABLES: Final = (
    Variable("STAGE", "local, dev, staging or prod", "local"),
    Variable("MEDIA_URL", "the public wss:// address of /media, as the TwiML names it"),
    Variable("PUBLIC_BASE_URL", "the public https:// address of webhooks", optional=True),
    Variable("PUBLIC_BASE_URL_PARAMETER", "or the SSM parameter that will hold it", optional=True),
    Variable("TABLE_PREFIX", "what table names begin with", "callwright-local-"),
    Variable("OPENAI_API_KEY", "the model's key", secret=True),
    Variable("OPENAI_BASE_URL", "where the model is", "https://api.openai.com/v1"),
    Variable("OPENAI_MODEL", "which model speaks", "gpt-realtime-2.1"),
    Variable("OPENAI_VOICE", "whose voice", "marin"),
    Variable("OPENAI_SPEECH_MODEL", "which model renders the fixed sentences", "gpt-4o-mini-tts"),
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
    Variable("CLOCK_OFFSET_S", "business time minus real time, in seconds; not in prod", "0"),
    Variable("KEEP_DAYS", "days that calls and turns are kept; for ever without", optional=True),
    Variable("JOURNAL_DIR", "write a journal of each call here; it holds words", optional=True),
)
WEB_ADDRESSES: Final = ("PUBLIC_BASE_URL", "AWS_ENDPOINT_URL", "TWILIO_API_BASE", "STRIPE_API_BASE")


@dataclass(frozen=True, slots=True)
class Settings:
    """What the bridge needs to know. Secrets are not in here: they are read when needed."""

    stage: Stage
    media_url: str
    openai_url: str
    model: str
    voice: str
    speech_model: str
    bind: str
    port: int
    max_calls: int
    clock_offset: timedelta
    journal_dir: str | None

    @property
    def realtime_url(self) -> str:
        """The Realtime socket: the REST address with ws for http."""
        return f"ws{self.openai_url.removeprefix('http')}/realtime?model={self.model}"


def read(environ: Mapping[str, str]) -> Settings:
    """The settings of this process.

    Raises:
        BadSettings: a variable is missing or wrong.
    """
    values = {v.name: environ.get(v.name, "").strip() or v.default for v in VARIABLES}
    _require(environ, values)
    stage = cast(Stage, values["STAGE"])
    if stage not in get_args(Stage):
        raise BadSettings(f"STAGE must be one of {', '.join(get_args(Stage))}")
    offset = _whole(values, "CLOCK_OFFSET_S", -(10**9), 10**9)
    if offset and stage == "prod":
        raise BadSettings("CLOCK_OFFSET_S must not be set when STAGE is prod")
    return Settings(
        stage=stage,
        media_url=_url(values, "MEDIA_URL", ("ws", "wss")),
        openai_url=_url(values, "OPENAI_BASE_URL", ("http", "https")),
        model=values["OPENAI_MODEL"],
        voice=values["OPENAI_VOICE"],
        speech_model=values["OPENAI_SPEECH_MODEL"],
        bind=values["BIND"],
        port=_whole(values, "PORT", 0, 65_535),
        max_calls=_whole(values, "MAX_CALLS", 1, 10_000),
        clock_offset=timedelta(seconds=offset),
        journal_dir=values["JOURNAL_DIR"] or None,
    )


def usage() -> str:
    """Every variable with its meaning and default."""
    head = "usage: python -m services.media_bridge [--help | --debug]\n\nEnvironment variables:\n"
    return head + "\n".join(str(variable) for variable in VARIABLES)


def _require(environ: Mapping[str, str], values: Mapping[str, str]) -> None:
    missing = [
        f"{v.name} or {v.name}{ARN}" if v.secret else v.name
        for v in VARIABLES
        if not (values[v.name] or v.optional or (v.secret and environ.get(v.name + ARN)))
    ]
    if not (values["PUBLIC_BASE_URL"] or values["PUBLIC_BASE_URL_PARAMETER"]):
        missing.append("PUBLIC_BASE_URL or PUBLIC_BASE_URL_PARAMETER")
    if missing:
        raise BadSettings(f"missing: {', '.join(missing)}")
    for name in WEB_ADDRESSES:
        if values[name]:
            _url(values, name, ("http", "https"))


def _url(values: Mapping[str, str], name: str, schemes: tuple[str, ...]) -> str:
    try:
        parts = urlsplit(values[name])
        whole = parts.scheme in schemes and parts.hostname and parts.port != 0
    except ValueError:  # of a port or an IPv6 address
        whole = False
    if not whole or parts.query or parts.fragment:
        raise BadSettings(f"{name} must be a {' or '.join(schemes)} address without a query")
    return values[name].rstrip("/")


def _whole(values: Mapping[str, str], name: str, least: int, most: int) -> int:
    try:
        number = int(values[name])
    except ValueError as exc:
        raise BadSettings(f"{name} must be a whole number") from exc
    if not least <= number <= most:
        raise BadSettings(f"{name} must be between {least} and {most}")
    return number
