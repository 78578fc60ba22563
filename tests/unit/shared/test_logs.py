"""No log line of ours has a number, a name, an address or a key in it, whatever raises."""

import ast
import io
import json
import logging
import sys
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from botocore.exceptions import ClientError, ParamValidationError
from pydantic import BaseModel
from stripe import InvalidRequestError
from twilio.base.exceptions import TwilioRestException

from services.media_bridge.process.logs import FIELDS, JsonLines
from services.simulator.stack.lambdas.lambda_host import LambdaLines
from shared.domain.models import Call
from shared.logs import TALKATIVE, FunctionBroke, by_kind, hush, kind_of

ROOT = Path(__file__).parents[3]
NUMBER, NAME, ADDRESS = "+15551230000", "Sarah Miller", "123 Oak Street"
KEY = "sk_test_abcdefgh12345678"
PERSONAL = (NUMBER, NAME, ADDRESS, KEY)
TOLD = f"{NUMBER} {NAME} {ADDRESS} {KEY}"


class Loose(BaseModel):
    """A model that quotes what it refuses: somebody else's, say."""

    phone: int


def pydantic_of_ours() -> None:
    Call.model_validate({"call_sid": "CA1", "caller": {"name": TOLD}, "started_at": TOLD})


def pydantic_of_others() -> None:
    Loose.model_validate({"phone": TOLD})


def boto3_refused() -> None:
    raise ClientError({"Error": {"Code": "ValidationException", "Message": TOLD}}, "PutItem")


def boto3_checked() -> None:
    raise ParamValidationError(report=TOLD)


def stripe_refused() -> None:
    raise InvalidRequestError(TOLD, param="email")  # type: ignore[no-untyped-call]


def twilio_refused() -> None:
    raise TwilioRestException(400, f"/Messages.json?To={NUMBER}", msg=TOLD, code=21211)


def ours() -> None:
    raise KeyError(TOLD)


RAISING = (
    pydantic_of_ours,
    pydantic_of_others,
    boto3_refused,
    boto3_checked,
    stripe_refused,
    twilio_refused,
    ours,
)


@pytest.fixture(params=[LambdaLines, JsonLines], ids=["a function", "the bridge"])
def lines(request: pytest.FixtureRequest) -> Iterator[io.StringIO]:
    """What stands in the log of a process, as that process formats it."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(request.param())
    root = logging.getLogger()
    root.addHandler(handler)
    before = root.level
    root.setLevel(logging.INFO)
    yield out
    root.removeHandler(handler)
    root.setLevel(before)


@pytest.mark.parametrize("raising", RAISING)
def test_a_function_that_breaks_is_told_by_kind_and_place_alone(
    raising: Callable[[], None], lines: io.StringIO
) -> None:
    with pytest.raises(FunctionBroke) as broke, by_kind(logging.getLogger("functions.x")):
        raising()

    (line,) = lines.getvalue().splitlines()
    told = json.loads(line)
    assert told["kind"] == str(broke.value)
    assert any(raising.__name__ in place for place in told["where"])
    assert not any(secret in line for secret in PERSONAL)
    printed = "".join(traceback.format_exception(broke.value))
    assert not any(secret in printed for secret in PERSONAL)


@pytest.mark.parametrize("raising", RAISING)
def test_the_bridge_tells_an_exception_by_kind_and_place_alone(
    raising: Callable[[], None],
) -> None:
    try:
        raising()
    except Exception:  # noqa: BLE001 - whatever it is
        record = logging.getLogger("x").makeRecord(
            "x", logging.ERROR, "x.py", 1, "it broke", (), sys.exc_info()
        )
    line = JsonLines().format(record)
    assert not any(secret in line for secret in PERSONAL)
    assert any(raising.__name__ in place for place in json.loads(line)["where"])


def test_a_model_of_ours_does_not_quote_what_it_refuses() -> None:
    with pytest.raises(ValueError, match="caller") as refused:
        pydantic_of_ours()
    assert not any(secret in str(refused.value) for secret in PERSONAL)


@pytest.mark.parametrize("library", TALKATIVE)
def test_libraries_log_nothing_of_their_own(library: str, lines: io.StringIO) -> None:
    hush()
    logging.getLogger(f"{library}.http_client").critical(TOLD)
    logging.getLogger(library).info(TOLD)
    assert lines.getvalue() == ""


def test_an_error_without_a_traceback_is_told_all_the_same() -> None:
    assert kind_of(KeyError("x")) == {"kind": "KeyError", "where": []}


HANDLERS = sorted((ROOT / "functions").glob("*/handler.py"))


@pytest.mark.parametrize("path", HANDLERS, ids=lambda path: path.parent.name)
def test_every_function_does_its_whole_work_so(path: Path) -> None:
    (handler,) = [
        node
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.FunctionDef) and node.name == "lambda_handler"
    ]
    (_, work) = handler.body
    assert isinstance(work, ast.With)
    assert ast.unparse(work.items[0]) == "by_kind(logger)"
    assert len(HANDLERS) >= 4


def extras(*roots: str) -> set[str]:
    """The names of the fields that log lines of these folders bring, where they stand in them."""
    found = set()
    for root in roots:
        for path in (ROOT / root).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.keyword) and node.arg == "extra":
                    found |= {
                        key.value
                        for inside in ast.walk(node.value)
                        if isinstance(inside, ast.Dict)
                        for key in inside.keys
                        if isinstance(key, ast.Constant)
                    }
    return {str(name) for name in found}


def test_every_field_that_the_bridge_and_the_actions_bring_is_written() -> None:
    assert extras("services/media_bridge", "shared") <= {*FIELDS, "event_id"}


def test_a_call_is_named_call_sid_everywhere() -> None:
    named = extras("services/media_bridge", "shared", "functions")
    assert "call_sid" in named
    assert not named & {"sid", "call", "CallSid", "callSid", "call_id"}
