"""What a denial covers, and what it does not."""

from shared.domain.hazards.detect import detect
from tests.unit.shared.domain.hazards.test_detect import found


def test_a_denial_covers_its_list_and_not_the_next_statement() -> None:
    assert detect("I don't smell gas, smoke or anything burning") is None
    assert found("I don't smell gas, but there is smoke") == "fire_smoke"
    assert found("No smoke and I smell gas") == "gas_leak"
    assert found("The smoke detector battery chirps and now I smell gas") == "gas_leak"
