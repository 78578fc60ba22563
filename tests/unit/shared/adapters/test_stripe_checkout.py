"""What Stripe is asked for, and when its library is loaded."""

import subprocess
import sys
from datetime import UTC, timedelta, timezone

from shared.adapters.stripe_checkout import session_params
from shared.domain.models import JobStatus, Window
from tests.examples import TONIGHT, a_job

RETURN = "https://callwright.test"


def test_the_params_depend_on_nothing_that_changes_between_two_tries() -> None:
    eastern = timezone(timedelta(hours=-4))
    first = a_job(window=Window.at(TONIGHT.astimezone(eastern)))
    again = a_job(
        window=Window.at(TONIGHT.astimezone(UTC)),
        notes=("Gate code 1234.",),
        checkout_number=1,
        checkout_session_id="cs_1",
        status=JobStatus.SCHEDULED,
    )
    params = session_params(first, "CoolCare HVAC", RETURN)
    assert params == session_params(again, "CoolCare HVAC", RETURN)
    assert "expires_at" not in params


def test_the_payer_reads_the_day_as_it_is_at_the_house() -> None:
    (item,) = session_params(a_job(), "CoolCare HVAC", RETURN)["line_items"]
    product = item["price_data"]["product_data"]
    assert product["name"] == "Deposit, CoolCare HVAC"
    assert product["description"] == "Visit on Thursday, August 28"  # the 29th in UTC


def test_stripe_learns_nothing_of_the_person() -> None:
    told = str(session_params(a_job(notes=("Gate code 1234.",)), "CoolCare HVAC", RETURN))
    assert not any(word in told for word in ("Sarah", "555", "Oak", "rattling", "1234"))


def test_its_library_is_loaded_by_the_first_call_only() -> None:
    program = (
        "import sys; from shared.adapters.stripe_checkout import StripeCheckout;"
        "StripeCheckout(lambda: 'sk_test_x'); print('stripe' in sys.modules)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True
    )
    assert ran.stdout.strip() == "False"
