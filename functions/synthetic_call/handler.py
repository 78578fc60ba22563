"""The composition root of the hourly call to ourselves: does this deployment answer the phone?

It is the call of `make smoke`, placed by the same phone: signed webhook, signed upgrade, sound both
ways. What nobody notices in a night without calls shows in it.
"""

import asyncio
import logging
import os
from datetime import UTC, datetime
from functools import cache
from typing import Any

from functions.synthetic_call.settings import SyntheticCallSettings, settings_of
from services.simulator.smoke import ringing
from services.simulator.smoke.number import number_of
from shared.adapters.secrets import Secrets
from shared.logs import by_kind
from shared.metrics import EmfMetrics

logger = logging.getLogger(__name__)


def lambda_handler(event: Any, context: Any) -> dict[str, bool]:
    """Place one call, and count it where it was answered as it should be.

    Raises:
        FunctionBroke: it could not be placed at all.
    """
    with by_kind(logger):
        settings = settings_of(os.environ)
        metrics = EmfMetrics(settings.stage, lambda: datetime.now(UTC))
        return ring(settings, _secrets().get("TWILIO_AUTH_TOKEN")[0], metrics)


def ring(
    settings: SyntheticCallSettings,
    auth_token: str,
    metrics: EmfMetrics,
    sentence: bytes | None = None,
) -> dict[str, bool]:
    """Whether the call went as it should; each step that did not is logged by its name."""
    target = ringing.Target(settings.public_url, number_of(None), settings.account_sid, auth_token)
    steps = asyncio.run(ringing.against(target, lambda _: None, sentence))
    wrong = [step.what for step in steps if not step.ok]
    if wrong:
        # The details of a step may quote an address with a token in it.
        logger.error("synthetic call not answered", extra={"steps": wrong})
    else:
        metrics.count("SyntheticCallsAnswered")
    return {"answered": not wrong}


@cache
def _secrets() -> Secrets:
    return Secrets(os.environ, lambda: datetime.now(UTC))
