"""A stream that broke is logged, without anything of the caller's."""

import logging

import pytest

from tests.unit.functions.incoming.phone_company import CALLER, Phone


def test_a_broken_stream_is_logged_without_the_callers_data(
    phone: Phone, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        phone.post("/stream-status", StreamEvent="stream-started")
        assert not [r for r in caplog.records if r.name.startswith("functions")]
        phone.post("/stream-status", StreamEvent="stream-error", StreamError="handshake failed")
    (record,) = [r for r in caplog.records if r.name.startswith("functions")]
    assert record.message == "stream broke" and CALLER not in str(vars(record))
