"""The office's commands: nothing is done without --apply, and a wrong wish is one clear line."""

import argparse
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import boto3
import pytest
from moto import mock_aws

from services.operator import office as commands
from services.operator.where.office import Office
from services.operator.where.rows import StageRows
from services.operator.where.trouble import CannotTell
from services.simulator.stack.aws import make_tables
from shared.adapters.dynamo.blocks import DynamoBlocks
from shared.adapters.dynamo.devices import DynamoDevices
from shared.adapters.dynamo.switches import DynamoSwitches
from shared.businesses import all_businesses, load
from shared.domain.models import JobStatus, Payment, PaymentStatus
from tests.examples import EVERGREEN, NOW, OFFICE, SARAH, TONIGHT, a_call, a_customer, a_job
from tests.fakes import FakeWorld

TONIGHTS = "2025-08-28"


class Desk:
    """Somebody in the office, at the spec's moment; job1 is booked for tonight at nine."""

    def __init__(self, client: Any) -> None:
        make_tables(client, "desk-")
        self.world = FakeWorld()
        self.world.calls.open(a_call())
        self.world.jobs.book(a_job(), a_customer())
        coolcare = all_businesses()["coolcare_hvac"]
        evergreen = load(EVERGREEN)
        self.office = Office(
            businesses={each.id: each for each in (coolcare, evergreen)},
            ports=self.world.ports,
            blocks=DynamoBlocks(client, "desk-"),
            switches=DynamoSwitches(client, "desk-"),
            outbox=self.world.outbox,
            devices=DynamoDevices(client, "desk-"),
            rows=StageRows(client, "desk-"),
            public_url=lambda: "https://voice.example.com",
        )
        self.now = NOW

    def asks(self, *words: str) -> list[str]:
        """What a command prints. Raises CannotTell; SystemExit where it is asked wrongly."""
        parser = argparse.ArgumentParser()
        commands.add(parser.add_subparsers(required=True))
        asked = parser.parse_args([*words, "--stage", "local"])
        return list(commands.run(asked, self.office, self.now))

    @property
    def job(self) -> Any:
        return self.world.jobs.rows["job1"]

    def paid(self) -> None:
        payment = Payment(
            payment_id="pi_1", job_id="job1", business_id="coolcare_hvac", amount=self.job.deposit,
            currency="usd", status=PaymentStatus.PAID, received=True, event_id="evt_1", at=NOW,
        )  # fmt: skip
        self.world.payments.settle(payment, self.job, event_id="evt_1")


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "local")
    with mock_aws():
        yield Desk(boto3.client("dynamodb", region_name="us-east-1"))


# -- what is shown --------------------------------------------------------------------------------


def test_the_day_is_shown_by_crew_and_who_it_is_for_is_masked(desk: Desk) -> None:
    shown = "\n".join(desk.asks("jobs", "--business", "coolcare_hvac"))

    assert "coolcare_hvac, Thursday 2025-08-28: 1 visit" in shown
    assert "crew-1  21:00-23:00  2 h  job1  repair !" in shown
    assert "$206 due" in shown
    assert "…0000" in shown
    for hidden in ("Sarah", "Oak", SARAH):
        assert hidden not in shown
    whole = "\n".join(desk.asks("jobs", "--business", "coolcare_hvac", "--unmasked"))
    assert "Sarah Miller" in whole


def test_who_has_nothing_to_do_is_shown_as_free_or_off(desk: Desk) -> None:
    shown = desk.asks("jobs", "--day", "tomorrow", "--business", "evergreen_home")

    lines = {line.split()[0]: line for line in shown[2:]}
    assert lines["ana"].endswith("off")  # her day off
    assert lines["dee"].endswith("off")  # no Friday of hers
    assert lines["ben"].split() == ["ben", "07:00-15:00", "-", "free"]
    assert lines["night-van"].split() == ["night-van", "19:00-07:00", "-", "free"]
    assert lines["kim"].split() == ["kim", "-", "-", "free"]


def test_what_was_called_off_is_shown_only_when_asked_for(desk: Desk) -> None:
    desk.world.jobs.close("job1", JobStatus.CANCELLED, at=NOW)
    assert "job1" not in "".join(desk.asks("jobs", "--day", TONIGHTS))
    assert "cancelled" in "".join(desk.asks("jobs", "--day", TONIGHTS, "--all"))


@pytest.mark.parametrize("day", ["yesterday", "2025-13-01", "20250828", "1999-01-01"])
def test_a_day_that_is_none_is_said_so(desk: Desk, day: str) -> None:
    with pytest.raises(CannotTell, match="a day like 2025-08-28, today or tomorrow is wanted"):
        desk.asks("jobs", "--day", day)


def test_all_that_is_known_of_a_visit_is_shown(desk: Desk) -> None:
    desk.paid()
    shown = "\n".join(desk.asks("job", "show", "job1"))
    for each in ("Thu 2025-08-28 21:00 to 23:00", "$825", "$206 paid", "(not confirmed)"):
        assert each in shown
    assert "Sarah" not in shown


def test_a_job_that_is_not_there_is_named(desk: Desk) -> None:
    for act in (["show", "job404"], ["cancel", "job404"], ["complete", "job404", "1"]):
        with pytest.raises(CannotTell, match="there is no job job404"):
            desk.asks("job", *act)


def test_a_table_that_is_down_is_told(desk: Desk) -> None:
    desk.world.jobs.down = True
    with pytest.raises(CannotTell):
        desk.asks("job", "show", "job1")


# -- what is done ---------------------------------------------------------------------------------

MORNING = "2025-08-29T09:00"


@pytest.mark.parametrize(
    "act",
    [
        ["note", "job1", "key", "next", "door"],
        ["move", "job1", MORNING],
        ["cancel", "job1"],
    ],
)
def test_without_apply_it_is_only_said(desk: Desk, act: list[str]) -> None:
    before, locks = desk.job, dict(desk.world.jobs.locks)
    assert "nothing was changed" in desk.asks("job", *act)[-1]
    assert (desk.job, desk.world.jobs.locks) == (before, locks)
    assert not desk.world.texts.sent


def test_a_note_is_added_once(desk: Desk) -> None:
    desk.asks("job", "note", "job1", "key", "next", "door", "--apply")
    assert desk.job.notes == ("key next door",)
    with pytest.raises(CannotTell, match="is there already"):
        desk.asks("job", "note", "job1", "key next door", "--apply")
    with pytest.raises(CannotTell, match="1 to 300 characters"):
        desk.asks("job", "note", "job1", "x" * 301, "--apply")


def test_a_move_tells_the_price_first_and_then_everybody(desk: Desk) -> None:
    shown = desk.asks("job", "move", "job1", MORNING)
    assert "from Thu, Aug 28, 9 to 11 PM to Fri, Aug 29, 9 to 11 AM" in shown
    assert "visit $248 -> $165, estimate $825 -> $550: tell the customer first" in shown

    said = desk.asks("job", "move", "job1", MORNING, "--apply")

    assert said[-1] == "moved, with crew-1; the office is told, the customer was texted"
    assert desk.job.window.start.isoformat() == "2025-08-29T09:00:00-04:00"
    assert (desk.job.estimate, desk.job.deposit, desk.job.rate) == (55_000, 13_800, "regular")
    assert set(desk.world.jobs.locks) == {("coolcare_hvac", *hold) for hold in desk.job.holds}
    assert "is moved from" in desk.world.texts.to(SARAH)[0]
    assert "MOVED" in desk.world.texts.to(OFFICE)[0]


def test_a_deposit_that_was_paid_stays_when_the_office_moves_it(desk: Desk) -> None:
    desk.paid()
    said = desk.asks("job", "move", "job1", MORNING, "--apply")
    assert "the deposit of $206 is paid and stays" in said
    assert (desk.job.deposit_paid, desk.job.deposit) == (True, 20_600)


@pytest.mark.parametrize(
    ("to", "more", "why"),
    [
        ("2025-08-28T10:00", [], "is past"),
        ("2025-08-29T10:30", [], "on a full hour"),
        ("2025-12-29T10:00", [], "60 days ahead"),
        ("soon", [], "a day like 2025-08-29 or a time like"),
        (MORNING, ["--crew", "nobody"], "no crew 'nobody'; it has crew-1"),
    ],
)
def test_a_window_that_cannot_be_had_is_refused(
    desk: Desk, to: str, more: list[str], why: str
) -> None:
    before = desk.job
    with pytest.raises(CannotTell, match=why):
        desk.asks("job", "move", "job1", to, *more, "--apply")
    assert desk.job == before


def test_a_window_of_somebody_else_s_is_refused(desk: Desk) -> None:
    morning = TONIGHT + timedelta(hours=12)
    desk.world.jobs.book(a_job("job2", morning, call_sid="CA2"), a_customer())
    with pytest.raises(CannotTell, match="no crew can do repair then, or is taken"):
        desk.asks("job", "move", "job1", "2025-08-29T10:00", "--apply")


def test_a_move_takes_a_crew_that_can_do_it(desk: Desk) -> None:
    job = a_job(
        "job9",
        TONIGHT + timedelta(hours=12),
        business_id="evergreen_home",
        service_type="hvac_repair",
        crew="gus",
        call_sid="CA9",
        is_emergency=False,
    )
    desk.world.jobs.book(job, a_customer(business_id="evergreen_home"))
    with pytest.raises(
        CannotTell, match="gus cannot do hvac_repair then, or is taken; free: ivan, jo"
    ):
        desk.asks("job", "move", "job9", "2025-08-29T15:00", "--crew", "gus", "--apply")
    with pytest.raises(CannotTell, match="ben cannot do hvac_repair"):
        desk.asks("job", "move", "job9", "2025-08-29T11:00", "--crew", "ben", "--apply")
    said = desk.asks("job", "move", "job9", "2025-08-29T13:00", "--apply")
    assert said[-1].startswith("moved, with gus")


def test_called_off_it_holds_no_hour(desk: Desk) -> None:
    said = desk.asks("job", "cancel", "job1", "--apply")
    assert said[-1] == ("canceled: its hours are free; the office is told, the customer was texted")
    assert desk.world.texts.to(SARAH)
    assert desk.job.status is JobStatus.CANCELLED
    assert not desk.world.jobs.locks
    for act in (["cancel", "job1"], ["move", "job1", MORNING], ["complete", "job1", "610"]):
        with pytest.raises(CannotTell, match="it is cancelled already"):
            desk.asks("job", *act, "--apply")


def test_of_a_paid_deposit_it_is_said_whether_it_goes_back(desk: Desk) -> None:
    desk.paid()
    said = desk.asks("job", "cancel", "job1", "--apply")
    assert said[-1] == (
        "its deposit of $206 is past its refund; a refund is made in Stripe, never here"
    )
    assert not desk.world.jobs.locks


def test_completed_it_says_what_is_left_to_pay(desk: Desk) -> None:
    desk.paid()
    desk.now = TONIGHT + timedelta(hours=1)
    said = desk.asks("job", "complete", "job1", "$1,010.50", "--apply")
    assert said[1:5] == [
        "bill: $1,010.50",
        "credited: visit fee $248, which is part of the bill",
        "credited: deposit $206",
        "left to pay: $804.50",
    ]
    assert desk.job.status is JobStatus.COMPLETED
    assert "completed" in "".join(desk.asks("jobs", "--day", TONIGHTS))
    assert "$804.50" in "".join(desk.asks("job", "show", "job1"))


def test_what_is_more_than_the_bill_is_to_be_given_back(desk: Desk) -> None:
    desk.paid()
    desk.now = TONIGHT
    assert "give back: $106 of the deposit: refund it in Stripe" in desk.asks(
        "job", "complete", "job1", "100"
    )


def test_a_visit_to_come_is_not_completed(desk: Desk) -> None:
    with pytest.raises(CannotTell, match="still to come"):
        desk.asks("job", "complete", "job1", "610", "--apply")


@pytest.mark.parametrize("amount", ["", "-1", "6.1", "abc", "1e3", "99999999"])
def test_an_amount_that_is_none_is_not_taken(
    desk: Desk, amount: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        desk.asks("job", "complete", "job1", amount)
    capsys.readouterr()


# -- a crew that is away --------------------------------------------------------------------------


def test_a_block_shows_on_the_board_with_its_reason(desk: Desk) -> None:
    asked = ["block", "ben", "2025-08-29T09:00", "2025-08-29T12:00"]
    desk.asks(*asked, "at", "the", "dentist", "--apply")
    shown = desk.asks("jobs", "--day", "2025-08-29", "--business", "evergreen_home")
    (line,) = (line for line in shown if line.startswith("ben"))
    assert line.split(maxsplit=3) == ["ben", "09:00-12:00", "-", "blocked: at the dentist"]

    desk.asks(*asked, "--undo", "--apply")
    again = desk.asks("jobs", "--day", "2025-08-29", "--business", "evergreen_home")
    assert "dentist" not in "".join(again)


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["bob", "2025-08-29", "2025-08-30", "x"], "there is no crew 'bob'; there is coolcare"),
        (["ben", "2025-08-30", "2025-08-29", "x"], "2025-08-29 is not after 2025-08-30"),
        (["ben", "2025-08-01", "2025-08-02", "x"], "2025-08-02 is past"),
        (["ben", "2025-08-29", "2027-08-30", "x"], "at most 366 days"),
        (["ben", "2025-08-29", "whenever", "x"], "a day like 2025-08-29 or a time like"),
        (["ben", "2025-08-29T09:00Z", "2025-08-30", "x"], "a day like 2025-08-29 or a time like"),
        (["ben", "2025-08-29", "2025-08-30"], "say why, in 1 to 120 characters"),
        (["ben", "2025-08-29", "2025-08-30", "x", "--undo"], "--undo takes no reason"),
        (["ben", "2025-08-29", "2025-08-30", "--undo"], "nothing is blocked then"),
    ],
)
def test_a_block_that_cannot_be_is_said_in_one_line(desk: Desk, words: list[str], why: str) -> None:
    with pytest.raises(CannotTell, match=why) as told:
        desk.asks("block", *words, "--apply")
    assert "\n" not in str(told.value)


def test_of_two_crews_of_one_name_it_must_be_said_whose(desk: Desk) -> None:
    twin = all_businesses()["clearflow_plumbing"]
    desk.office = replace(desk.office, businesses={**desk.office.businesses, twin.id: twin})
    asked = ["block", "crew-1", "2025-08-29", "2025-08-29", "vacation"]
    with pytest.raises(CannotTell, match="one of coolcare_hvac, clearflow_plumbing"):
        desk.asks(*asked)
    assert "24 hours to block" in desk.asks(*asked, "--business", "coolcare_hvac")[0]
    with pytest.raises(CannotTell, match="there is no business 'nope'"):
        desk.asks(*asked, "--business", "nope")
