"""One call's dealings with the business: what is told its tools, and written in its row."""

from typing import Any

import pytest

from services.media_bridge.call.backend import CallBackend, Clock, Dependencies, TokenRejected
from services.media_bridge.call.opening.setup import ModelVoice
from services.media_bridge.core import commands as do
from services.media_bridge.wire.realtime.tool_arguments import parsed
from shared.actions.admission import Admission
from shared.actions.ports import Ports
from shared.businesses import by_id
from shared.domain.models import OptOut, RecordingDrop
from shared.domain.outcomes import EndReason, Failure
from shared.domain.stream_token import TokenClaims
from shared.tools.dispatch import ToolReply
from tests.examples import SARAH
from tests.fakes import FakeWorld, fake_ports
from tests.unit.services.media_bridge.world import (
    NOW,
    SECRET,
    FakeClipSource,
)


class Recording:
    """The tools of a call, which keep what they were asked: name, arguments, what is confirmed."""

    def __init__(self, *call: object) -> None:
        self.asked: list[tuple[str, Any, frozenset[str]]] = []

    def use(
        self, name: str, arguments: Any, *, confirmed: frozenset[str], **_: object
    ) -> ToolReply:
        self.asked.append((name, arguments, confirmed))
        return ToolReply({})


def _backend(
    tools: Recording, ports: Ports | None = None, admission: Admission | None = None
) -> CallBackend:
    dependencies = Dependencies(
        ports=ports or fake_ports(),
        business=by_id,
        token_secrets=lambda: (SECRET,),
        clock=Clock(lambda: NOW),
        voice=ModelVoice("m", "v"),
        clips=lambda _: FakeClipSource(),
        public_url=lambda: "https://calls.example.com",
        admission=admission or Admission(FakeWorld().admissions),
        tools=lambda *_: tools,
    )
    return CallBackend(dependencies)


@pytest.mark.parametrize(
    ("confirmed", "told"),
    [((), []), (("phone",), ["phone"]), (("phone", "address"), ["phone", "address"])],
)
@pytest.mark.parametrize("claimed", [True, False, None])
def test_what_was_read_back_is_told_by_code_whatever_the_model_claims(
    confirmed: tuple[str, ...], told: list[str], claimed: bool | None
) -> None:
    tools = Recording()
    backend = _backend(tools)
    backend.open(TokenClaims("CA1", "coolcare_hvac", None, False, 0, "n"))

    arguments = {"confirmed": claimed}
    backend.use(do.RunTool("c", "book_appointment", arguments, 1, confirmed))

    assert tools.asked == [("book_appointment", arguments, frozenset(told))]


@pytest.mark.parametrize("text", ["", "{", "[]", '"x"', "null"])
def test_arguments_that_are_no_object_reach_the_tools_which_say_so(text: str) -> None:
    tools = Recording()
    backend = _backend(tools)
    backend.open(TokenClaims("CA1", "coolcare_hvac", None, False, 0, "n"))

    backend.use(do.RunTool("c", "book_appointment", parsed(text), 1))

    assert len(tools.asked) == 1


def test_what_was_heard_of_the_disclosure_is_kept_and_is_no_disclosure() -> None:
    ports = fake_ports()
    backend = _backend(Recording(), ports)
    backend.open(TokenClaims("CA1", "coolcare_hvac", None, False, 0, "n"))

    backend.note(do.NoteCall(0, disclosure_heard="Thanks for", disclosure_heard_ms=400), NOW)

    call = ports.calls.get("CA1")
    assert call is not None
    assert (call.disclosure_heard, call.disclosure_heard_ms) == ("Thanks for", 400)
    assert (call.disclosed_at, call.disclosure, call.stage) == (None, None, "answered")


def test_a_recording_that_may_not_stay_is_marked_and_on_objection_stopped() -> None:
    world = FakeWorld()
    backend = _backend(Recording(), world.ports)
    backend.open(TokenClaims("CA1", "coolcare_hvac", None, False, 0, "n"))

    backend.note(do.NoteCall(0, recording_dropped=RecordingDrop.OBJECTION), NOW)

    call = world.calls.get("CA1")
    assert call is not None and call.recording_dropped is RecordingDrop.OBJECTION
    assert world.recordings.stopped == ["CA1"]


def test_who_wants_no_texts_is_kept_by_the_number_they_call_from() -> None:
    world = FakeWorld()
    for caller in (SARAH, None):
        backend = _backend(Recording(), world.ports)
        backend.open(TokenClaims(f"CA{caller}", "coolcare_hvac", caller, False, 0, "n"))
        backend.note(do.NoteCall(0, no_texts=True), NOW)

    (kept,) = world.texting.out.items()
    assert kept == (("coolcare_hvac", SARAH), OptOut(at=NOW, by="spoken"))


@pytest.mark.parametrize("synthetic", [False, True])
def test_a_session_knows_whether_its_call_is_recorded(synthetic: bool) -> None:
    setup = _backend(Recording()).open(TokenClaims("CA1", "coolcare_hvac", None, synthetic, 0, "n"))
    assert setup.recorded is not synthetic


def test_nothing_is_written_about_a_call_that_was_refused() -> None:
    backend = _backend(Recording())

    with pytest.raises(TokenRejected):
        backend.read(do.RedeemToken("forged", "CA1", "MZ1"))
    backend.note(do.NoteCall(0, escalate=Failure.MODEL_LOST, disclosed="x"), NOW)
    backend.alert_on_call("gas_leak")
    backend.finish(EndReason.REFUSED, None, NOW, [])
