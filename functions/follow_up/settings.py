"""What the function reads from its environment, at each run and never at import."""

from dataclasses import dataclass
from datetime import timedelta

from shared import environment
from shared.adapters import settings as adapters
from shared.adapters.settings import AdapterSettings
from shared.environment import Environ

NEEDED = ("STAGE", "TABLE_PREFIX", "PUBLIC_BASE_URL", "TWILIO_ACCOUNT_SID")


@dataclass(frozen=True, slots=True)
class FollowUpSettings:
    """What the scheduled runs work with. Secrets are not in here."""

    adapters: AdapterSettings
    clock_offset: timedelta  # business time less real time; a laptop plays other days
    models: tuple[str, ...] = ()  # what calls rest on, looked at every night
    openai_api_base: str | None = None


def settings_of(environ: Environ) -> FollowUpSettings:
    """The settings of this process.

    Raises:
        BadSettings: a variable is missing or cannot be right.
    """
    environment.require(environ, NEEDED)
    return FollowUpSettings(
        adapters.settings_of(environ),
        environment.clock_offset(environ),
        tuple(environment.value(environ, "OPENAI_MODELS").split()),
        environment.url(environ, "OPENAI_API_BASE"),
    )
