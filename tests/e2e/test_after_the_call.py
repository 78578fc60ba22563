"""What comes after a call on the whole stack: an emergency is asked of one person after the other
until somebody takes it, and who hung up after the quote is texted once."""

import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from services.simulator.cli.playing.paper import Paper
from services.simulator.cli.playing.play import play_on
from services.simulator.cli.playing.view import LiveView
from services.simulator.scenarios import businesses
from services.simulator.scenarios import scenario as scenarios
from shared.actions.alerts.raising import ANSWER_WITHIN
from shared.actions.follow_ups.retry import FollowUpRun
from shared.actions.follow_ups.run import run
from shared.actions.ports import Ports
from shared.businesses import load
from shared.domain.business import Business
from shared.domain.call_time import CallTime
from shared.domain.models import TextConsent
from tests.e2e.playing import text
from tests.e2e.world import AT, CALLER, COOLCARE, World, world

FIRST, SECOND, OFFICE = "+19375550191", "+19375550192", "+19375550190"
ASKED = "DANGER: a gas leak."
pytestmark = pytest.mark.stack


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """CoolCare with two on call, which texts back."""
    folder = tmp_path_factory.mktemp("businesses")
    own = (businesses.FOLDER / "coolcare_hvac.toml").read_text("utf-8")
    own = own.replace(f'["{FIRST}"]', f'["{FIRST}", "{SECOND}"]')
    own = own.replace("[policy]\n", "[policy]\ntext_back = true\n")
    (folder / "coolcare_hvac.toml").write_text(own, "utf-8")
    return folder


@pytest.fixture(scope="module")
def here(files: Path) -> Iterator[World]:
    with businesses.files_of(files), world() as made:
        yield made


@pytest.fixture(scope="module")
def shop(files: Path) -> Business:
    return load(files / "coolcare_hvac.toml")


@pytest.fixture(scope="module")
def ports(here: World) -> Ports:
    return here.ports()


def calls(here: World, name: str) -> dict[str, Any]:
    """The row of a scripted call that is played."""
    shown = io.StringIO()
    view = LiveView(Paper(shown))
    report = here.run(play_on(here.stack, scenarios.load(name), text(), view), timeout_s=120)
    return here.ended_call(report.call.sid)


def later(here: World, ports: Ports, shop: Business, by: timedelta) -> None:
    """The schedule, so much later than the calls."""
    at = CallTime(AT + by, datetime.now(UTC) + by)
    run(FollowUpRun(ports, lambda _: shop, here.stack.public_url, at), lambda: True)


def again(here: World, row: dict[str, Any]) -> dict[str, Any]:
    return next(each for each in here.tables()["calls"] if each["pk"] == row["pk"])


def told(here: World, number: str) -> list[str]:
    return [text.body for text in here.stack.network.sms.taken if text.to == number]


def test_the_second_person_takes_it_by_a_text(here: World, ports: Ports, shop: Business) -> None:
    row, sms = calls(here, "gas_smell_hangs_up"), here.stack.network.sms
    assert told(here, FIRST)[-1].startswith(ASKED) and not told(here, SECOND)
    assert (row["hazard"], row["alert_asked"]) == ("gas_leak", [FIRST])

    later(here, ports, shop, ANSWER_WITHIN + timedelta(seconds=5))
    assert told(here, SECOND)[-1].startswith(ASKED)
    assert sms.placed.rung[-1][0] == SECOND
    assert here.run(sms.text_us(OFFICE, COOLCARE, "1")).status == 200  # nobody asked them
    assert "acknowledged_by" not in again(here, row)

    assert here.run(sms.text_us(SECOND, COOLCARE, "1")).status == 200
    row = again(here, row)
    assert (row["acknowledged_by"], row["alert_asked"]) == (SECOND, [FIRST, SECOND])
    assert "you have a gas leak. Call 555-123-0167" in told(here, SECOND)[-1]
    assert "has taken a gas leak" in told(here, FIRST)[-1]


def test_the_office_takes_it_by_a_key(here: World, ports: Ports, shop: Business) -> None:
    row, placed = calls(here, "gas_smell_hangs_up"), here.stack.network.sms.placed
    placed.keys[OFFICE] = "1"
    for step in (1, 2):
        later(here, ports, shop, step * ANSWER_WITHIN + timedelta(seconds=step * 5))
    here.run(here.stack.network.settled())
    assert placed.rung[-1][0] == OFFICE and placed.rung[-1][1].startswith("Danger: a gas leak.")
    assert again(here, row)["acknowledged_by"] == OFFICE


def test_who_hung_up_after_the_quote_is_texted_once(
    here: World, ports: Ports, shop: Business
) -> None:
    said = TextConsent(at=AT - timedelta(days=9), wording="Book and text?", call_sid="CA0")
    ports.texting.consent(shop.id, CALLER, said)
    assert calls(here, "hangs_up_mid_booking")["outcome"] == "quote_only"
    later(here, ports, shop, timedelta(minutes=14))
    assert told(here, CALLER) == []

    for minutes in (16, 17):
        later(here, ports, shop, timedelta(minutes=minutes))
    (sent,) = told(here, CALLER)
    assert "thanks for calling" in sent and "Reply STOP" in sent and "$" not in sent
    kept = [row for row in here.tables()["jobs"] if row.get("texted_back_at")]
    assert [row["pk"] for row in kept] == [f"TEXTING#{shop.id}#{CALLER}"]
