import pytest

from tests.unit.functions.incoming.phone_company import Phone
from tests.unit.functions.incoming.webhooks.texts.texter import Texter


@pytest.fixture
def sarah(phone: Phone) -> Texter:
    return Texter(phone)
