"""What every request of this function is answered with."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from functions.stripe_webhook.settings import StripeWebhookSettings
from shared.actions.ports import Ports


@dataclass(frozen=True, slots=True)
class RequestContext:
    """The surroundings of one request."""

    settings: StripeWebhookSettings
    ports: Ports
    secret: Callable[[str], tuple[str, ...]]  # by name, the current value first; raises PortError
    real_now: datetime
    # Of one that a business's file names; raises PortError.
    secret_of_business: Callable[[str], tuple[str, ...]]

    @property
    def now(self) -> datetime:
        """Business time."""
        return self.real_now + self.settings.clock_offset

    @property
    def public_url(self) -> str:
        """Where pay links and Stripe's way back lead; without a slash at its end."""
        return self.settings.adapters.public_url
