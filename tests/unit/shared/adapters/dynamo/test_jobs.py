"""What DynamoDB alone can answer: conflicts, and conditions that failed."""

from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from shared.actions.ports import JobChanged
from shared.adapters.dynamo.jobs import DynamoJobs
from shared.adapters.dynamo.rows import pack, row_of
from shared.domain.errors import PortError, WindowTaken
from shared.domain.models import Job
from tests.examples import TONIGHT, a_customer, a_job


class Client:
    def __init__(self, *answers: list[dict[str, Any]]) -> None:
        self.answers = list(answers)
        self.writes: list[Any] = []

    def transact_write_items(self, TransactItems: list[Any]) -> None:  # noqa: N803 - boto3's name
        self.writes = TransactItems
        if self.answers:
            response: Any = {
                "Error": {"Code": "TransactionCanceledException", "Message": "no"},
                "CancellationReasons": self.answers.pop(0),
            }
            raise ClientError(response, "TransactWriteItems")


def jobs(client: Any) -> DynamoJobs:
    return DynamoJobs(client, "test-", pause=lambda _: None)


FINE = {"Code": "None"}


def held_by(job_id: str) -> dict[str, Any]:
    return {"Code": "ConditionalCheckFailed", "Item": {"job_id": {"S": job_id}}}


def test_one_transaction_has_job_locks_customer_and_the_way_back_from_the_call() -> None:
    client = Client()

    assert jobs(client).book(a_job(), a_customer()) is True
    keys = [
        write["Put"]["Item"]["pk"] if "Put" in write else write["Update"]["Key"]["pk"]
        for write in client.writes
    ]
    assert [key["S"] for key in keys] == [
        "JOB#job1",
        "SLOT#coolcare_hvac#crew-1",
        "SLOT#coolcare_hvac#crew-1",
        "BIZ#coolcare_hvac#PHONE#+15551230000",
        "CALL#CA1",
        "PHONE#coolcare_hvac#+15551230000",
        "EVENT#evt:job1:0:created",
    ]


@pytest.mark.parametrize(("days", "kept"), [(1096, True), (None, False)])
def test_what_belongs_to_a_job_expires_so_many_days_after_the_visit(
    days: int | None, kept: bool
) -> None:
    client: Any = Client()
    DynamoJobs(client, "test-", keep_days=days).book(a_job(), a_customer())

    job = a_job()
    until = str(int((job.window.end + timedelta(days=1096)).timestamp()))
    told = client.writes.pop()  # an event is gone within a minute
    assert told["Put"]["Item"]["sk"] == {"S": "OUTBOX"}
    for write in client.writes:
        if "Put" in write:
            assert write["Put"]["Item"].get("expires_at") == ({"N": until} if kept else None)
        else:
            values = write["Update"]["ExpressionAttributeValues"]
            assert values.get(":expires_at") == ({"N": until} if kept else None)


def test_a_lock_that_bears_our_own_job_is_our_own_retry() -> None:
    client = Client([held_by("job1"), held_by("job1"), held_by("job1"), FINE, held_by("job1")])

    assert jobs(client).book(a_job(), a_customer()) is False


def test_a_lock_that_bears_another_job_is_a_window_taken() -> None:
    client = Client([FINE, FINE, held_by("job2"), FINE, FINE])

    with pytest.raises(WindowTaken):
        jobs(client).book(a_job(), a_customer())


def test_a_lock_whose_holder_was_not_told_is_taken() -> None:
    client = Client([FINE, {"Code": "ConditionalCheckFailed"}, FINE, FINE, FINE])

    with pytest.raises(WindowTaken):
        jobs(client).book(a_job(), a_customer())


def test_a_conflict_is_not_a_window_taken() -> None:
    conflict = [FINE, {"Code": "TransactionConflict"}, FINE, FINE, FINE]

    assert jobs(Client(conflict, conflict)).book(a_job(), a_customer()) is True
    with pytest.raises(PortError):
        jobs(Client(*[conflict] * 20)).book(a_job(), a_customer())


class WithRow(Client):
    """The same, with a job's row to be read."""

    def __init__(self, row: Job, *answers: list[dict[str, Any]]) -> None:
        super().__init__(*answers)
        self.row = row

    def get_item(self, **_: Any) -> dict[str, Any]:
        return {"Item": pack(row_of(self.row))}


BEFORE = a_job()
AFTER = a_job(start=TONIGHT + timedelta(hours=1), version=1)


def test_a_move_names_each_row_once_and_only_checks_the_hour_it_keeps() -> None:
    client = Client()

    assert jobs(client).move(BEFORE, AFTER, customer=a_customer()) is True

    named = [
        (kind, key["pk"]["S"], key["sk"]["S"])
        for write in client.writes
        for kind, inner in write.items()
        for key in [inner.get("Key") or inner["Item"]]
    ]
    slot = "SLOT#coolcare_hvac#crew-1"
    assert named == [
        ("Update", "JOB#job1", "META"),
        ("Put", slot, "2025-08-29T03Z"),
        ("ConditionCheck", slot, "2025-08-29T02Z"),
        ("Delete", slot, "2025-08-29T01Z"),
        ("Put", "EVENT#evt:job1:1:rescheduled", "OUTBOX"),
        ("Update", "BIZ#coolcare_hvac#PHONE#+15551230000", "META"),
    ]


def test_a_job_from_before_there_were_versions_may_be_moved() -> None:
    client = Client()
    jobs(client).move(BEFORE, AFTER)

    condition = client.writes[0]["Update"]["ConditionExpression"]
    assert "attribute_not_exists(#version)" in condition
    jobs(client).move(AFTER, AFTER.model_copy(update={"version": 2}))
    assert "attribute_not_exists" not in client.writes[0]["Update"]["ConditionExpression"]


def test_a_move_that_was_cancelled_since_it_was_done_before_is_a_retry() -> None:
    refused = {"Code": "ConditionalCheckFailed"}
    assert jobs(WithRow(AFTER, [refused, FINE, FINE, FINE])).move(BEFORE, AFTER) is False


def test_a_move_whose_hour_bears_another_job_is_a_window_taken() -> None:
    with pytest.raises(WindowTaken):
        jobs(WithRow(BEFORE, [FINE, held_by("job2"), FINE, FINE])).move(BEFORE, AFTER)


def test_a_move_whose_kept_hour_is_lost_is_a_window_taken() -> None:
    with pytest.raises(WindowTaken):
        jobs(WithRow(BEFORE, [FINE, FINE, held_by("job2"), FINE])).move(BEFORE, AFTER)


def test_a_job_changed_meanwhile_is_told_before_the_window_that_was_taken() -> None:
    elsewhere = a_job(start=TONIGHT + timedelta(hours=5), version=1)
    refused = {"Code": "ConditionalCheckFailed"}

    with pytest.raises(JobChanged):
        jobs(WithRow(elsewhere, [refused, held_by("job2"), FINE, FINE])).move(BEFORE, AFTER)


def test_a_move_in_conflict_is_tried_again_and_never_taken_for_success() -> None:
    conflict = [FINE, {"Code": "TransactionConflict"}, FINE, FINE]

    assert jobs(Client(conflict, conflict)).move(BEFORE, AFTER) is True
    with pytest.raises(PortError):
        jobs(Client(*[conflict] * 20)).move(BEFORE, AFTER)
