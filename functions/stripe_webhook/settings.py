"""What the function reads from its environment, at each request and never at import."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta


class BadSettings(Exception):
    """The environment lacks something or contradicts itself; the message names the variable."""


@dataclass(frozen=True, slots=True)
class Settings:
    stage: str
    table_prefix: str
    public_url: str
    stripe_api_base: str | None
    clock_offset: timedelta  # business time less real time; a laptop plays other days

    @property
    def live(self) -> bool:
        """Whether this stage takes real money."""
        return self.stage == "prod"


def settings_of(environ: Mapping[str, str]) -> Settings:
    """Raises BadSettings."""
    missing = [n for n in ("STAGE", "TABLE_PREFIX", "PUBLIC_BASE_URL") if not environ.get(n)]
    if missing:
        raise BadSettings(f"{', '.join(missing)} not set")
    try:
        offset = timedelta(seconds=float(environ.get("CLOCK_OFFSET_S") or 0))
    except (ValueError, OverflowError) as exc:
        raise BadSettings("CLOCK_OFFSET_S is no number of seconds") from exc
    if offset and environ["STAGE"] == "prod":
        raise BadSettings("CLOCK_OFFSET_S must be 0 in prod")
    return Settings(
        stage=environ["STAGE"],
        table_prefix=environ["TABLE_PREFIX"],
        public_url=environ["PUBLIC_BASE_URL"].rstrip("/"),
        stripe_api_base=environ.get("STRIPE_API_BASE") or None,
        clock_offset=offset,
    )
