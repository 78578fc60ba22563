"""One call's dealings with the business: its row, its tools, what is written of it."""

import pytest

from services.media_bridge.call.backend import CallBackend, Clock, Dependencies, TokenRejected
from services.media_bridge.call.setup import ModelVoice
from services.media_bridge.core import commands as do
from services.media_bridge.wire.realtime.tool_arguments import parsed
from shared.actions.ports import Ports
from shared.businesses import by_id
from shared.domain.stream_token import TokenClaims
from tests.fakes import fake_ports
from tests.unit.services.media_bridge.call.test_tool_runner import Recording
from tests.unit.services.media_bridge.world import (
    NOW,
    SECRET,
    FakeShelf,
)


def _backend(tools: Recording, ports: Ports | None = None) -> CallBackend:
    dependencies = Dependencies(
        ports=ports or fake_ports(),
        business=by_id,
        token_secrets=lambda: (SECRET,),
        clock=Clock(lambda: NOW),
        voice=ModelVoice("m", "v"),
        clips=FakeShelf(),
        public_url=lambda: "https://calls.example.com",
        open_tools=lambda *_: tools,
    )
    return CallBackend(dependencies)


@pytest.mark.parametrize(
    ("confirmed", "told"),
    [((), []), (("name", "phone"), ["phone"]), (("phone", "address"), ["phone", "address"])],
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


def test_nothing_is_written_about_a_call_that_was_refused() -> None:
    backend = _backend(Recording())

    with pytest.raises(TokenRejected):
        backend.read(do.RedeemToken("forged", "CA1", "MZ1"))
    backend.note(do.NoteCall(0, escalate="model_lost", disclosed="x"), NOW)
    backend.alert_on_call("gas_leak")
    backend.finish("refused", None, NOW, [])
