"""What the function reads from its environment, at each request and never at import."""

from dataclasses import dataclass
from datetime import timedelta

from shared import environment
from shared.adapters import settings as adapters
from shared.adapters.settings import AdapterSettings
from shared.environment import Environ

NEEDED = ("STAGE", "TABLE_PREFIX", "PUBLIC_BASE_URL", "MEDIA_URL", "TWILIO_ACCOUNT_SID")


@dataclass(frozen=True, slots=True)
class IncomingSettings:
    """What Twilio's webhooks are answered with. Secrets are not in here."""

    adapters: AdapterSettings
    media_url: str  # the bridge's socket, as Twilio is to open it
    clock_offset: timedelta  # business time less real time; a laptop plays other days
    synthetic_callers: frozenset[str]  # smoke calls come from these; they count nowhere
    other_url: str | None = None  # also ours: the API's own, or the owner's domain before its use

    @property
    def public_url(self) -> str:
        """What Twilio requests, and signs; without a slash at its end."""
        return self.adapters.public_url

    @property
    def signed_urls(self) -> tuple[str, ...]:
        """The addresses that Twilio may have requested, the public one first."""
        if self.other_url is None or self.other_url == self.public_url:
            return (self.public_url,)
        return (self.public_url, self.other_url)

    @property
    def account_sid(self) -> str:
        """The one Twilio account whose webhooks are answered."""
        return self.adapters.twilio_account_sid


def settings_of(environ: Environ) -> IncomingSettings:
    """The settings of this process.

    Raises:
        BadSettings: a variable is missing or cannot be right.
    """
    environment.require(environ, NEEDED)
    callers = environment.value(environ, "SYNTHETIC_CALLERS")
    return IncomingSettings(
        adapters=adapters.settings_of(environ),
        media_url=environment.needed_url(environ, "MEDIA_URL", ("ws", "wss")),
        clock_offset=environment.clock_offset(environ),
        synthetic_callers=frozenset(callers.replace(",", " ").split()),
        other_url=environment.url(environ, "OTHER_BASE_URL"),
    )
