"""Rows: what is packed comes back, and DynamoDB's errors become ours."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.adapters.dynamo.rows import (
    TRIES,
    Cancelled,
    WriteRefused,
    ask,
    model_of,
    names_in,
    pack,
    row_of,
    stamp,
    transact,
    unpack,
)
from shared.domain.errors import PortError
from shared.domain.models import Contact, Job
from tests.examples import a_job

leaves = st.booleans() | st.integers(-(10**30), 10**30) | st.text()
values = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
rows = st.dictionaries(st.text(min_size=1), values, max_size=6)


@settings(deadline=None, max_examples=60)
@given(rows)
def test_what_is_packed_comes_back(row: dict[str, Any]) -> None:
    assert unpack(pack(row)) == row


@settings(deadline=None, max_examples=60)
@given(rows)
def test_what_is_packed_is_typed_as_dynamodb_wants_it(row: dict[str, Any]) -> None:
    def check(value: dict[str, Any]) -> None:
        ((kind, raw),) = value.items()
        assert kind in {"S", "N", "BOOL", "L", "M"}
        assert kind != "N" or isinstance(raw, str)
        for inner in raw if kind == "L" else raw.values() if kind == "M" else ():
            check(inner)

    for packed in pack(row).values():
        check(packed)


@settings(deadline=None, max_examples=60)
@given(
    notes=st.lists(st.text(max_size=20), max_size=4),
    raw=st.text(max_size=40),
    start=st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),
    estimate=st.integers(0, 10**9),
)
def test_a_job_comes_back_from_its_row(
    notes: list[str], raw: str, start: datetime, estimate: int
) -> None:
    job = a_job(
        start=start.replace(minute=0, second=0, microsecond=0),
        notes=notes,
        estimate=estimate,
        phone=Contact(raw=raw, normalised="+15551230000", confirmed=True),
    )

    assert model_of(Job, pack(row_of(job))) == job


def test_none_is_left_out_and_unknown_attributes_are_no_matter() -> None:
    packed = pack({**row_of(a_job()), "pk": "JOB#job1", "of_a_newer_version": 1, "email": None})

    assert "email" not in packed
    assert model_of(Job, packed) == a_job()


@pytest.mark.parametrize("value", [1.5, Decimal("1.5"), b"x", {1, 2}, object()])
def test_a_row_holds_no_fractions_and_no_oddities(value: object) -> None:
    with pytest.raises(TypeError):
        pack({"amount": value})


@settings(deadline=None, max_examples=60)
@given(st.lists(st.datetimes(timezones=st.timezones()), min_size=2, max_size=2))
def test_stamps_sort_as_their_times_do(pair: list[datetime]) -> None:
    try:
        early, late = sorted(at.astimezone(UTC) for at in pair)
    except OverflowError:
        return

    assert stamp(early) <= stamp(late)


def test_the_names_of_an_expression_are_found() -> None:
    condition = "attribute_exists(#pk) AND (attribute_not_exists(#a) OR #a.#result <> :answered)"

    assert names_in(condition) == {"#pk": "pk", "#a": "a", "#result": "result"}


# -- errors --------------------------------------------------------------------------------


def refusal(code: str, **answer: Any) -> ClientError:
    response: Any = {"Error": {"Code": code, "Message": "no"}, **answer}
    return ClientError(response, "TransactWriteItems")


def cancelled(*codes: str, item: dict[str, Any] | None = None) -> ClientError:
    reasons = [{"Code": code, **({"Item": item} if item else {})} for code in codes]
    return refusal("TransactionCanceledException", CancellationReasons=reasons)


class Client:
    """Answers each transaction with the next error, None being success."""

    def __init__(self, *answers: Exception | None) -> None:
        self.answers = list(answers)
        self.asked = 0

    def transact_write_items(self, **_: Any) -> dict[str, Any]:
        self.asked += 1
        answer = self.answers.pop(0) if self.answers else None
        if answer is not None:
            raise answer
        return {}


def test_a_conflict_is_waited_for_longer_each_time() -> None:
    pauses: list[float] = []
    client: Any = Client(
        cancelled("None", "TransactionConflict"),
        refusal("TransactionInProgressException"),
        cancelled("ThrottlingError"),
    )

    transact(client, [], pause=pauses.append)

    assert client.asked == 4
    assert pauses == sorted(pauses)
    assert len(set(pauses)) == 3


def test_a_conflict_that_never_ends_is_a_port_error() -> None:
    client: Any = Client(*[cancelled("TransactionConflict")] * 99)

    with pytest.raises(PortError):
        transact(client, [], pause=lambda _: None)
    assert client.asked == TRIES


def test_a_condition_is_told_with_the_row_that_stood_there_and_never_tried_again() -> None:
    item = {"job_id": {"S": "job2"}}
    client: Any = Client(cancelled("TransactionConflict", "ConditionalCheckFailed", item=item))

    with pytest.raises(Cancelled) as told:
        transact(client, [], pause=lambda _: None)

    first, second = told.value.reasons
    assert first is None
    assert second is not None
    assert second.item == item
    assert client.asked == 1


@pytest.mark.parametrize(
    "error",
    [
        refusal("ProvisionedThroughputExceededException"),
        refusal("ResourceNotFoundException"),
        refusal("TransactionCanceledException", CancellationReasons=[{"Code": "ValidationError"}]),
        EndpointConnectionError(endpoint_url="http://127.0.0.1:1"),
    ],
)
def test_every_other_failure_is_a_port_error(error: Exception) -> None:
    client: Any = Client(error)

    with pytest.raises(PortError):
        ask(client.transact_write_items)


def test_a_condition_of_one_write_is_refused_with_its_row() -> None:
    client: Any = Client(refusal("ConditionalCheckFailedException", Item={"pk": {"S": "x"}}))

    with pytest.raises(WriteRefused) as told:
        ask(client.transact_write_items)
    assert told.value.item == {"pk": {"S": "x"}}
