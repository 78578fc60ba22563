"""Who says that a visit is paid for already, and who only speaks of such things."""

import pytest

from shared.domain.spoken.covered import covered_by


@pytest.mark.parametrize(
    ("said", "by"),
    [
        ("AC not cooling. Customer has a maintenance plan with us.", "member"),
        ("Caller is a Comfort Club member; furnace short cycling.", "member"),
        ("I've got your service agreement, and the heat is out.", "member"),
        ("Water heater leaking, still under warranty.", "warranty"),
        ("Says the part is guaranteed for a year and it broke.", "warranty"),
        ("Breaker trips. You guys were just here.", "recent visit"),
        ("Your tech was just out here and it's dripping again.", "recent visit"),
        ("Technician came out last Tuesday, AC is warm again.", "recent visit"),
        ("They fixed it two weeks ago, same leak.", "recent visit"),
        ("Tengo garantía del calentador.", "warranty"),
    ],
)
def test_a_claim_is_heard(said: str, by: str) -> None:
    covered = covered_by(said)

    assert covered is not None and covered.value == by


@pytest.mark.parametrize(
    "said",
    [
        "AC not cooling; outdoor unit rattling.",
        "Water heater leaking, out of warranty.",
        "The warranty has expired, furnace dead.",
        "There's no warranty on it.",
        "We're not members, just need a tune-up.",
        "Wants to ask about a maintenance plan.",
        "Wants a guaranteed arrival before noon.",
        "Can you guarantee the price?",
        "Worst case is eight hundred, guaranteed.",
        "Do you offer a warranty on repairs?",
        "Interested in your service plan; AC is warm.",
        "Wants to know what warranty comes with a new unit.",
        "Signing up for a membership later; sink drips.",
        "The warranty was void, so full price.",
        "Annual maintenance on the furnace.",
        "A family member has asthma?",
        "My mother was here when it broke.",
        "Call back number is on the account.",
        "The previous owner had it installed.",
    ],
)
def test_what_claims_nothing_is_quoted(said: str) -> None:
    assert covered_by(said) is None
