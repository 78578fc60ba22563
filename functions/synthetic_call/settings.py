"""What the function reads from its environment, at each run and never at import."""

from dataclasses import dataclass

from shared import environment
from shared.environment import Environ

NEEDED = ("STAGE", "PUBLIC_BASE_URL", "TWILIO_ACCOUNT_SID")


@dataclass(frozen=True, slots=True)
class SyntheticCallSettings:
    """Which deployment is rung. Secrets are not in here."""

    stage: str
    public_url: str
    account_sid: str


def settings_of(environ: Environ) -> SyntheticCallSettings:
    """The settings of this process.

    Raises:
        BadSettings: a variable is missing or cannot be right.
    """
    environment.require(environ, NEEDED)
    return SyntheticCallSettings(
        stage=environment.stage(environ),
        public_url=environment.url(environ, "PUBLIC_BASE_URL") or "",
        account_sid=environment.value(environ, "TWILIO_ACCOUNT_SID"),
    )
