"""The phone company of one test."""

import pytest

from tests.unit.functions.incoming.phone_company import Phone


@pytest.fixture
def phone() -> Phone:
    return Phone()
