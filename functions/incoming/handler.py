"""The composition root: every webhook of Twilio. /incoming loads nothing it does not need."""

import logging
import os
import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from functions.incoming.context import Request
from functions.incoming.routes import app
from functions.incoming.settings import settings_of
from shared.adapters import business_store
from shared.adapters.business_store import BusinessStore
from shared.adapters.secrets import Secrets
from shared.adapters.settings import AdapterSettings
from shared.adapters.switches import Switches
from shared.logs import by_kind
from shared.metrics import EmfMetrics

if TYPE_CHECKING:
    from shared.actions.ports import Ports
    from shared.adapters.twilio_recordings import TwilioRecordings


logger = logging.getLogger(__name__)


def lambda_handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Answer one request of the HTTP API (payload 2.0)."""
    with by_kind(logger):
        real_now = datetime.now(UTC)
        settings = settings_of(os.environ)
        metrics = EmfMetrics(
            settings.adapters.stage, lambda: real_now, by_business=settings.adapters.by_business
        )
        _store(settings.adapters.business_store).keep_current(real_now, metrics)
        nonce = secrets.token_urlsafe(12)
        switches = _switches(settings.adapters.table_prefix)
        request = Request(
            settings,
            _secrets().get,
            real_now,
            nonce,
            metrics,
            open_ports,
            lambda: switches.at(real_now),
            open_recordings,
        )
        return answer(event, context, request)


def answer(event: dict[str, Any], context: Any, request: Request) -> dict[str, Any]:
    app.append_context(request=request)  # type: ignore[no-untyped-call]
    return app.resolve(event, context)


def open_ports(request: Request) -> "Ports":
    """The tables and the texts; made on the first webhook that needs them, then kept."""
    return _opened(request.settings.adapters, request.secret)


def open_recordings(request: Request) -> "TwilioRecordings":
    """Where voicemails are kept; made for whoever listens to one."""
    from shared.adapters.twilio_recordings import TwilioRecordings

    settings = request.settings.adapters
    return TwilioRecordings(
        settings.twilio_account_sid,
        lambda: request.secret("TWILIO_AUTH_TOKEN")[0],
        api_base=settings.twilio_api_base,
    )


@cache
def _opened(settings: AdapterSettings, secret: Callable[[str], tuple[str, ...]]) -> "Ports":
    from shared.adapters import wiring

    return wiring.open_ports(settings, secret, hurried=True)


@cache
def _store(bucket: str) -> BusinessStore:
    return business_store.opened(bucket, os.environ)


@cache
def _switches(prefix: str) -> Switches:
    return Switches(os.environ, prefix)


@cache
def _secrets() -> Secrets:
    return Secrets(os.environ, lambda: datetime.now(UTC))
