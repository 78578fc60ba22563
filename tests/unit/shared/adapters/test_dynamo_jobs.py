"""What DynamoDB alone can answer: conflicts, and conditions that failed."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from shared.adapters.dynamo_jobs import DynamoJobs
from shared.domain.errors import PortError, WindowTaken
from tests.examples import a_customer, a_job


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
    ]


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
