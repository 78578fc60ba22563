"""What may stand in a log line of any process of ours: kinds, places and ids, never content.

An exception's own text is content: pydantic quotes the value, stripe the request, boto3 the key,
twilio the number. So an error is told by its kind and by where it was raised. Imports nothing of
ours; standard library only, for the function that answers a ringing phone must start fast.
"""

import logging
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType

# They quote frames, requests and answers; what matters of them we say ourselves.
TALKATIVE = ("boto3", "botocore", "picows", "stripe", "twilio", "urllib3")
MOST_FRAMES = 8


class FunctionBroke(Exception):
    """A function raised; the message is the kind of what it raised and no more."""


def hush() -> None:
    """Let no library log of its own."""
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)


def places(trace: TracebackType | None) -> list[str]:
    """Where it was raised, the innermost last: `book.py:120 book`."""
    frames = traceback.extract_tb(trace)[-MOST_FRAMES:]
    return [f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in frames]


def kind_of(exc: BaseException) -> dict[str, object]:
    """What an `extra` may say of an error: its text, too, where its class promises by a constant
    `TELLS_NO_CONTENT` that it holds names of variables, services and codes alone."""
    told: dict[str, object] = {"kind": type(exc).__name__, "where": places(exc.__traceback__)}
    return told | ({"why": str(exc)} if getattr(exc, "TELLS_NO_CONTENT", False) else {})


@contextmanager
def by_kind(logger: logging.Logger) -> Iterator[None]:
    """Run a function's whole work: what it raises is logged by kind, and raised as that alone.

    Lambda writes an uncaught exception into the log with its text; so none of ours leaves.

    Raises:
        FunctionBroke: something was raised in here.
    """
    hush()
    try:
        yield
    except Exception as exc:  # noqa: BLE001 - told by kind, and raised as that
        logger.error("function broke", extra=kind_of(exc))
        # Without its cause: a traceback would print that one's text as well.
        raise FunctionBroke(type(exc).__name__) from None
