"""The composition root: the real tables and texts, opened once."""

from functions.incoming import handler
from functions.incoming.context import Request
from functions.incoming.settings import settings_of
from shared.adapters.secrets import Secrets
from shared.metrics import EmfMetrics
from tests.unit.functions.incoming.phone_company import NOW, Phone


def test_the_real_tables_and_texts_can_be_opened() -> None:
    row = Phone()
    row.environ |= {"AWS_ENDPOINT_URL": "http://127.0.0.1:9"}
    request = Request(
        settings=settings_of(row.environ),
        secret=Secrets(row.environ, lambda: NOW).get,
        real_now=NOW,
        nonce="n",
        metrics=EmfMetrics("local", lambda: NOW),
        ports=handler.open_ports,
    )
    ports = handler.open_ports(request)
    assert ports is handler.open_ports(request)
