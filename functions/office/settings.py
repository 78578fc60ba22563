"""What the function reads from its environment, at each request and never at import."""

from dataclasses import dataclass
from datetime import timedelta

from shared import environment
from shared.adapters import settings as adapters
from shared.adapters.settings import AdapterSettings
from shared.environment import Environ

NEEDED = ("STAGE", "TABLE_PREFIX", "PUBLIC_BASE_URL", "TWILIO_ACCOUNT_SID")


@dataclass(frozen=True, slots=True)
class OfficeSettings:
    """What the office's page is made with. Secrets are not in here."""

    adapters: AdapterSettings
    clock_offset: timedelta  # business time less real time; a laptop plays other days


def settings_of(environ: Environ) -> OfficeSettings:
    """The settings of this process.

    Raises:
        BadSettings: a variable is missing or cannot be right.
    """
    environment.require(environ, NEEDED)
    if environment.stage(environ) != environment.LOCAL:
        environment.require(environ, ["BUSINESS_SECRETS"])  # read by `Secrets.of_business`
    return OfficeSettings(adapters.settings_of(environ), environment.clock_offset(environ))
