"""What the function reads from its environment, at each run and never at import."""

from dataclasses import dataclass

from shared import environment
from shared.adapters import settings as adapters
from shared.adapters.settings import AdapterSettings
from shared.environment import BadSettings, Environ

NEEDED = ("STAGE", "TABLE_PREFIX", "PUBLIC_BASE_URL")


@dataclass(frozen=True, slots=True)
class DeliverSettings:
    """What the deliveries work with. Secrets are not in here."""

    adapters: AdapterSettings
    bus: str  # the EventBridge bus; "" where there is none
    loopback: bool  # webhooks may lead to this machine: a laptop's receiver


def settings_of(environ: Environ) -> DeliverSettings:
    """The settings of this process.

    Raises:
        BadSettings: a variable is missing or cannot be right.
    """
    environment.require(environ, NEEDED)
    stage = environment.stage(environ)
    if stage != environment.LOCAL:
        environment.require(environ, ["EVENT_BUS", "BUSINESS_SECRETS"])
    loopback = environment.value(environ, "WEBHOOKS_TO_LOOPBACK", "off") != "off"
    if loopback and stage != environment.LOCAL:
        raise BadSettings(f"WEBHOOKS_TO_LOOPBACK must be off when STAGE is not {environment.LOCAL}")
    return DeliverSettings(
        adapters.settings_of(environ), environment.value(environ, "EVENT_BUS"), loopback
    )
