"""What is texted about a deposit."""

from shared.actions.texts import deposit_texts
from shared.businesses import by_id
from shared.domain.business import Business
from tests.examples import SARAH, a_job


def coolcare() -> Business:
    business = by_id("coolcare_hvac")
    assert business is not None
    return business


def test_a_link_that_had_to_follow_names_the_deposit() -> None:
    text = deposit_texts.link_text(coolcare(), a_job(), "https://x.example/pay/job1")

    assert (text.to, text.body) == (
        SARAH,
        "CoolCare HVAC: your deposit of $206 can be paid here: https://x.example/pay/job1",
    )
