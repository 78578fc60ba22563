"""A request to this function over fakes for tables and Stripe."""

from datetime import UTC, datetime

from functions.stripe_webhook.context import RequestContext
from functions.stripe_webhook.settings import settings_of
from tests.examples import NOW
from tests.fakes import FakeWorld

PUBLIC = "https://callwright.test"
SECRET = "whsec_test"
REAL_NOW = datetime(2026, 11, 22, 14, 0, tzinfo=UTC)
OFFSET_S = round((NOW - REAL_NOW).total_seconds())  # business time is the specification's evening


def a_context(world: FakeWorld, *, secrets: tuple[str, ...] = (SECRET,)) -> RequestContext:
    """What a request is answered with at REAL_NOW, which is NOW of the business."""
    environ = {
        "STAGE": "local",
        "TABLE_PREFIX": "callwright-local-",
        "PUBLIC_BASE_URL": PUBLIC,
        "CLOCK_OFFSET_S": str(OFFSET_S),
    }
    return RequestContext(
        settings_of(environ), world.ports, lambda _: secrets, REAL_NOW, lambda name: (f"{name}!",)
    )
