"""<Connect>: addresses that Twilio would not stream to."""

import pytest

from tests.unit.services.simulator.phone.phone_bench import (
    Bench,
    ScriptedPhone,
    response,
)


@pytest.mark.parametrize(
    ("url", "code"),
    [("ws://example.com/media", "31922"), ("wss://example.com/media?token=1", "31920")],
)
def test_an_address_twilio_would_not_stream_to_is_refused(url: str, code: str) -> None:
    body = f'<Connect action="/after"><Stream url="{url}"/></Connect>'
    bench = Bench({"/incoming": response(body), "/after": response("<Hangup/>")})
    call = bench.call(ScriptedPhone())
    assert call.warnings[0].startswith(code)
    assert call.streams == []
