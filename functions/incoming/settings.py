"""What the function reads from its environment, at each request and never at import."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

_NEEDED = ("STAGE", "TABLE_PREFIX", "PUBLIC_BASE_URL", "MEDIA_URL", "TWILIO_ACCOUNT_SID")


class BadSettings(Exception):
    """The environment lacks something or contradicts itself; the message names the variable."""


@dataclass(frozen=True, slots=True)
class Settings:
    stage: str
    table_prefix: str
    public_url: str  # what Twilio requests, and signs; without a slash at its end
    media_url: str
    account_sid: str
    twilio_api_base: str | None
    clock_offset: timedelta  # business time less real time; a laptop plays other days
    synthetic_callers: frozenset[str]  # smoke calls come from these; they count nowhere
    keep_days: int | None = None  # calls are kept so long; for ever without


def settings_of(environ: Mapping[str, str]) -> Settings:
    """Raises BadSettings."""
    missing = [name for name in _NEEDED if not environ.get(name)]
    if missing:
        raise BadSettings(f"{', '.join(missing)} not set")
    try:
        offset = timedelta(seconds=float(environ.get("CLOCK_OFFSET_S") or 0))
    except (ValueError, OverflowError) as exc:
        raise BadSettings("CLOCK_OFFSET_S is no number of seconds") from exc
    if offset and environ["STAGE"] == "prod":
        raise BadSettings("CLOCK_OFFSET_S must be 0 in prod")
    if "?" in environ["MEDIA_URL"]:
        # Twilio refuses it (31920), and then no call is ever answered.
        raise BadSettings("MEDIA_URL must have no query string")
    return Settings(
        stage=environ["STAGE"],
        table_prefix=environ["TABLE_PREFIX"],
        public_url=environ["PUBLIC_BASE_URL"].rstrip("/"),
        media_url=environ["MEDIA_URL"],
        account_sid=environ["TWILIO_ACCOUNT_SID"],
        twilio_api_base=environ.get("TWILIO_API_BASE") or None,
        clock_offset=offset,
        keep_days=_days(environ.get("KEEP_DAYS", "")),
        synthetic_callers=frozenset(environ.get("SYNTHETIC_CALLERS", "").replace(",", " ").split()),
    )


def _days(value: str) -> int | None:
    if value and (not value.isdecimal() or len(value) > 5 or int(value) < 1):
        raise BadSettings("KEEP_DAYS is no number of days")
    return int(value) if value else None
