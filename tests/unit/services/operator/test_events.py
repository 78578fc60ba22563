"""What others were not told is listed, and told again when it is asked for and not before."""

import argparse
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import boto3
import pytest
from moto import mock_aws

from services.operator import events as commands
from services.operator import office as running
from services.operator.where.trouble import CannotTell
from shared.actions.events import of_rows
from shared.actions.events.deliver import PAUSED_AFTER
from shared.domain.models import FollowUp, FollowUpKind
from shared.domain.models.event import event_json
from tests.examples import NOW, a_job
from tests.unit.services.operator.test_office import Desk

LATER = NOW + timedelta(days=2)


class Told(Desk):
    """A desk at which some were told nothing."""

    def left(self, job_id: str, kind: str = "webhook", to: str = "crm", attempts: int = 0) -> str:
        (event,) = of_rows.booked(a_job(job_id), NOW)
        named = f"{kind}:{to.partition('@')[0]}:{event.id}"
        delivery = FollowUp(
            follow_up_id=named,
            kind=FollowUpKind(kind),
            business_id="coolcare_hvac",
            job_id=job_id,
            to=to,
            about=job_id,
            body=event_json(event),
            error="it answered 500" if attempts else "not taken yet",
            created_at=NOW,
            due_at=NOW,
            attempts=attempts,
        )
        self.world.outbox.follow_ups.rows[named] = delivery
        return named

    def parked(self, job_id: str, **known: Any) -> str:
        named = self.left(job_id, attempts=7, **known)
        self.world.outbox.park(named, until=LATER)
        return named

    def asks(self, *words: str) -> list[str]:
        parser = argparse.ArgumentParser()
        commands.add(parser.add_subparsers(required=True))
        asked = parser.parse_args(["events", *words, "--stage", "local"])
        return list(running.run(asked, self.office, LATER))


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Iterator[Told]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "local")
    with mock_aws():
        yield Told(boto3.client("dynamodb", region_name="us-east-1"))


def test_where_all_was_told_it_says_so(desk: Told) -> None:
    assert desk.asks("list") == ["nothing is parked, paused or failed"]
    desk.left("job1")
    assert desk.asks("list")[1] == "1 more wait for the next run, in a minute"


def test_what_is_parked_paused_and_failed_is_listed_without_mailboxes(desk: Told) -> None:
    desk.parked("job1")
    desk.left("job2", to="board", attempts=PAUSED_AFTER)
    desk.left("job3", kind="invitation", to="ana@example.com", attempts=1)
    head, *lines = desk.asks("list")

    assert head.split()[:5] == ["state", "business", "by", "for", "event"]
    assert [line.split()[0] for line in lines] == ["failed", "paused", "parked"]
    (parked,) = [line for line in lines if line.startswith("parked")]
    for words in ("crm", "booking.created", "job1", "2025-08-28 19:12:00", "7", "it answered 500"):
        assert words in parked
    assert "ana@example.com" not in "".join(lines)
    assert "ana@example.com" in "".join(desk.asks("list", "--unmasked"))
    assert desk.asks("list", "--business", "other") == ["nothing is parked, paused or failed"]


def test_without_apply_nothing_is_told_again(desk: Told) -> None:
    named = desk.parked("job1")
    assert desk.asks("resend", named) == [f"{named}: would be told again", commands.APPLY]
    assert desk.world.outbox.deliveries() == []


def test_what_is_named_is_told_again(desk: Told) -> None:
    named, other = desk.parked("job1"), desk.parked("job2")
    assert desk.asks("resend", named, "--apply") == [f"{named}: is told again within a minute"]
    (again,) = desk.world.outbox.deliveries()
    assert (again.follow_up_id, again.attempts, again.due_at) == (named, 0, LATER)
    assert [each.follow_up_id for each in desk.world.outbox.parked()] == [other]


def test_an_address_is_no_longer_paused_once_all_of_it_is_told_again(desk: Told) -> None:
    for n in range(3):
        desk.left(f"job{n}", to="board", attempts=PAUSED_AFTER // 2)
    desk.parked("job9")
    assert sum("paused" in line for line in desk.asks("list")[1:]) == 3
    desk.asks("resend", "--to", "board", "--apply")
    assert [line.split()[0] for line in desk.asks("list")[1:]] == ["parked", "3"]


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["resend"], "resend what?"),
        (["resend", "nothing"], "nothing waits or is parked as nothing"),
        (["resend", "--to", "nobody"], "nothing is parked, paused or failed there"),
        (["resend", "--all", "--business", "other"], "nothing is parked"),
    ],
)
def test_a_wrong_wish_is_one_line(desk: Told, words: list[str], why: str) -> None:
    desk.parked("job1")
    with pytest.raises(CannotTell, match=why.replace("?", r"\?")):
        desk.asks(*words)
