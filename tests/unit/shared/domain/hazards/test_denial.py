"""What a denial covers, and what it does not."""

from shared.domain.hazards.detect import detect
from tests.unit.shared.domain.hazards.test_detect import found


def test_a_denial_covers_its_list_and_not_the_next_statement() -> None:
    assert detect("I don't smell gas, smoke or anything burning") is None
    assert found("I don't smell gas, but there is smoke") == "fire_smoke"
    assert found("No smoke and I smell gas") == "gas_leak"
    assert found("The smoke detector battery chirps and now I smell gas") == "gas_leak"


def test_nobody_denies_what_they_would_smell_and_not_what_is_there() -> None:
    assert detect("Nobody in the house smells gas") is None
    assert detect("none of us see any smoke") is None
    assert found("Nobody is hurt, the dryer is on fire") == "fire_smoke"
    assert found("no one knows why but there's smoke in the attic") == "fire_smoke"


def test_denials_are_known_in_spanish() -> None:
    assert detect("nadie huele a gas") is None
    assert detect("no huele a gas ni hay humo") is None
    assert detect("el agua esta lejos de los enchufes") is None
    assert found("nadie me contesta y huele a gas") == "gas_leak"
    assert found("nada más huele a gas en la cocina") == "gas_leak"
