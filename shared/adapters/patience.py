"""How long all table work of one webhook may take: a caller hears nothing meanwhile."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from time import monotonic
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_until: ContextVar[float | None] = ContextVar("tables are asked until", default=None)


class OutOfTime(BotoCoreError):  # type: ignore[misc]  # botocore has no types
    """No request was sent; for whoever asked it is as if the table had not answered."""

    fmt = "no time is left for the tables"


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """In here a watched client sends no request once `seconds` have passed. One that is under way
    then has its own timeout."""
    before = _until.set(monotonic() + seconds)
    try:
        yield
    finally:
        _until.reset(before)


def watch(client: "DynamoDBClient") -> None:
    """Have `client` keep to what `within` says. Its retries are requests like any other."""
    client.meta.events.register_first("before-send.dynamodb", _check)


def _check(**_: Any) -> None:
    until = _until.get()
    if until is not None and monotonic() > until:
        raise OutOfTime
