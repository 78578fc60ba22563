"""What the function reads from its environment, at each request and never at import."""

from dataclasses import dataclass
from datetime import timedelta

from shared import environment
from shared.adapters import settings as adapters
from shared.adapters.settings import AdapterSettings
from shared.environment import Environ

NEEDED = ("STAGE", "TABLE_PREFIX", "PUBLIC_BASE_URL")


@dataclass(frozen=True, slots=True)
class StripeWebhookSettings:
    """What Stripe's webhooks and the pay links are answered with. Secrets are not in here."""

    adapters: AdapterSettings
    clock_offset: timedelta  # business time less real time; a laptop plays other days

    @property
    def live(self) -> bool:
        """Whether this stage takes real money."""
        return self.adapters.stage == environment.PROD


def settings_of(environ: Environ) -> StripeWebhookSettings:
    """The settings of this process.

    Raises:
        BadSettings: a variable is missing or cannot be right.
    """
    environment.require(environ, NEEDED)
    if environment.stage(environ) != environment.LOCAL:
        environment.require(environ, ["BUSINESS_SECRETS"])  # read by `Secrets.of_business`
    return StripeWebhookSettings(adapters.settings_of(environ), environment.clock_offset(environ))
