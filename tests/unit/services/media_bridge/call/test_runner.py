"""One call through real sockets: what comes in is done, in order, whatever dies."""

import asyncio
import json
import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from services.media_bridge.call.word_models import WordModels
from services.media_bridge.core.commands import ClearPlayback, Command
from services.media_bridge.core.events import Event, KeyPressed
from services.media_bridge.core.session import CallSession
from services.media_bridge.process.logs import JsonLines
from shared.domain.models import HazardCategory, Outcome
from shared.domain.moments.english import CUT_OFF_RECORDED
from shared.domain.money import Cents
from tests.unit.services.media_bridge.world import (
    CALLER,
    CLIP,
    FRAME,
    NOW,
    FakeModel,
    World,
    a_world,
    closed,
    played,
    row,
    soon,
)

FAILED_RESPONSE = {
    "id": "resp_1",
    "status": "failed",
    "output": [],
    "status_details": {
        "type": "failed",
        "error": {"type": "insufficient_quota", "code": "insufficient_quota"},
    },
}

# -- the main path -------------------------------------------------------------------------


def test_a_call_is_answered_with_the_disclosure_and_then_bridged_both_ways() -> None:
    async def scenario() -> None:
        async with a_world() as world:
            phone, session = await world.call()

            first = phone.got[0]
            assert first["media"]["payload"] == CLIP
            assert {frame["streamSid"] for frame in phone.got} == {phone.stream_sid}
            heard = session.heard.of("input_audio_buffer.append")
            assert heard[-1]["audio"] == FRAME

            await session.speak(ms=200)
            spoken = (await phone.got.until("media", 2))[1]
            assert len(spoken["media"]["payload"]) == 2136
            opened = row(world, phone)
            assert (opened.business_id, opened.caller) == ("coolcare_hvac", CALLER)
            assert not opened.business_hours
            await soon(lambda: row(world, phone).disclosed_at is not None)
            assert world.metrics.total("StreamStarted") == 1

    played(scenario)


def test_the_model_is_dialled_with_the_key_and_a_hash_of_the_caller() -> None:
    async def scenario() -> None:
        async with a_world() as world:
            _, session = await world.call()

            assert session.path == "/v1/realtime?model=m"
            assert session.headers["Authorization"] == "Bearer sk-test"
            identifier = session.headers["OpenAI-Safety-Identifier"]
            assert len(identifier) == 40
            assert CALLER.strip("+") not in str(session.headers)

    played(scenario)


def test_a_hang_up_settles_the_row_and_leaves_nothing_open() -> None:
    async def scenario() -> None:
        async with a_world() as world:
            phone, session = await world.call()
            await phone.hang_up()

            await asyncio.wait_for(session.closed.wait(), 5)
            await soon(lambda: row(world, phone).ended_at is not None)
            await soon(lambda: world.server.active == 0)
            assert row(world, phone).outcome is Outcome.ABANDONED
            assert world.metrics.total("CallsEnded") == 1
            assert world.metrics.total("CallsEndedAbnormally") == 0
            turns = world.ports.turns.of(phone.call_sid)
            assert [turn.role for turn in turns][:1] == ["assistant"]

    played(scenario)


def test_two_calls_at_once_do_not_hear_each_other() -> None:
    async def scenario() -> None:
        async with a_world() as world:
            (one, first), (two, second) = await world.call(), await world.call()
            await first.speak(item="item_a", ms=20)
            await second.speak(item="item_b", ms=40)

            spoken_one = (await one.got.until("media", 2))[1]["media"]["payload"]
            spoken_two = (await two.got.until("media", 2))[1]["media"]["payload"]
            assert (len(spoken_one), len(spoken_two)) == (216, 428)
            await one.hang_up()
            await second.speak(response="resp_2", item="item_c", ms=60)
            await two.got.until("media", 3)

    played(scenario)


def test_the_caller_speaking_over_the_agent_clears_the_line_in_measured_time() -> None:
    async def scenario() -> None:
        async with a_world() as world:
            phone, session = await world.call()
            phone.echoes = False
            await session.speak(ms=4000)
            await phone.got.until("media", 2)
            await phone.say(10)
            await session.heard.until("input_audio_buffer.append", 11)

            await session.send("input_audio_buffer.speech_started", item_id="u1", audio_start_ms=1)
            await phone.got.until("clear")
            cut = (await session.heard.until("conversation.item.truncate"))[0]
            assert 1 <= cut["audio_end_ms"] <= 4000
            assert 0 < world.metrics.total("BargeInMs") < 1000

    played(scenario)


# -- what peers can send -------------------------------------------------------------------


@pytest.mark.parametrize(
    "frames",
    [
        ["not json"],
        ["[]"],
        ['{"event":"start"}'],
        ['{"event":5}'],
        ['{"event":"media","media":{"payload":"x"}}'],
        ['{"event":"stop"}'],
        ["x" * 70_000],
        ["\x00"],
        [""],
    ],
)
def test_a_stranger_with_a_signature_gets_nothing_and_is_closed(frames: list[str]) -> None:
    async def scenario() -> None:
        async with a_world() as world:
            phone = await world.phone().open()
            for frame in frames:
                await phone.raw(frame)
            await phone.drop()
            await soon(lambda: world.server.active == 0)

            assert not phone.got
            assert not world.model.sessions

    played(scenario)


def test_a_binary_frame_closes_the_line() -> None:
    async def scenario() -> None:
        async with a_world() as world:
            phone, _ = await world.call()
            await phone.binary(b"\x00" * 160)
            await closed(phone)
            await soon(lambda: row(world, phone).ended_at is not None)

    played(scenario)


def test_frames_that_twilio_may_send_one_day_are_ignored() -> None:
    async def scenario() -> None:
        async with a_world() as world:
            phone, session = await world.call()
            await phone.send({"event": "weather", "streamSid": phone.stream_sid})
            await session.send("response.thought.delta", delta="hm")
            await phone.say()
            await session.heard.until("input_audio_buffer.append", 2)

    played(scenario)


def test_a_second_start_changes_nothing() -> None:
    async def scenario() -> None:
        async with a_world() as world:
            phone, session = await world.call()
            await phone.start(world.token(phone))
            await phone.say()
            await session.heard.until("input_audio_buffer.append", 2)
            assert world.metrics.total("CallsRejectedToken") == 0

    played(scenario)


# -- the model dies ------------------------------------------------------------------------


def test_a_model_that_cannot_be_reached_sends_the_caller_to_a_human() -> None:
    async def scenario() -> None:
        async with a_world(model=FakeModel(refuses=True)) as world:
            phone = await world.phone().open()
            await phone.start(world.token(phone))
            await closed(phone)

            ended = row(world, phone)
            assert ended.escalation is not None  # written before the line was closed
            assert ended.failure is not None
            assert world.metrics.total("ModelSessionFailed") == 3  # it was tried twice more
            assert world.metrics.total("ModelReopened") == 0
            await soon(lambda: world.metrics.total("CallsEndedAbnormally") == 1)

    played(scenario)


@pytest.mark.parametrize(
    ("event", "message", "name", "code"),
    [
        (
            {"type": "error", "error": {"type": "invalid_request_error", "code": "bad_thing"}},
            "the model refused",
            "code",
            "bad_thing",
        ),
        (
            {"type": "error", "error": {"type": "server_error", "code": "session_expired"}},
            "the model was lost",
            "why",
            "session_expired",
        ),
        (
            {"type": "response.done", "response": FAILED_RESPONSE},
            "a response failed",
            "code",
            "insufficient_quota",
        ),
    ],
)
def test_every_code_of_openai_is_in_the_log_and_its_words_are_not(
    event: dict[str, Any],
    message: str,
    name: str,
    code: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def scenario() -> None:
        async with a_world() as world:
            _, session = await world.call()
            begun = {"id": "resp_1", "status": "in_progress"}
            await session.send("response.created", response=begun)
            told = {**event, "error": {"message": "Sarah said", **event.get("error", {})}}
            await session.send(**{"kind" if key == "type" else key: told[key] for key in told})
            await soon(lambda: any(each.msg == message for each in caplog.records))

    played(scenario)
    line = next(each for each in caplog.records if each.msg == message)
    assert vars(line)[name] == code
    assert json.loads(JsonLines().format(line))[name] == code
    assert not any("Sarah said" in str(vars(each)) for each in caplog.records)


def test_a_model_that_dies_in_mid_call_is_opened_again_and_told_what_was_said() -> None:
    async def scenario() -> None:
        async with a_world() as world:
            phone, session = await world.call()
            await session.hears("My name is Sarah.")
            await session.heard.until("response.create")
            await session.socket.close(code=1011)
            anew = await world.model.session(2)
            await anew.heard.until("response.create")

            kinds = [message["type"] for message in anew.heard if "append" not in message["type"]]
            told = [m["item"] for m in anew.heard.of("conversation.item.create")]
            texts = [part["text"] for item in told for part in item["content"]]
            assert kinds[0] == "session.update" and kinds[-1] == "response.create"
            assert [item["role"] for item in told] == ["assistant", "user", "system"]
            assert texts[1] == "My name is Sarah."
            assert "item_u1" not in [item.get("id") for item in told]
            assert world.metrics.total("ModelReopened") == 1
            await phone.hang_up()
            await soon(lambda: row(world, phone).outcome is not None)
            assert row(world, phone).failure is None

    played(scenario)


def test_what_the_lost_session_still_sends_changes_nothing() -> None:
    async def scenario() -> None:
        async with a_world() as world:
            phone, session = await world.call()
            await session.send("error", error={"code": "session_expired", "message": "60 min"})
            anew = await world.model.session(2)
            with suppress(ConnectionError):
                await session.speak("resp_old", "item_old")
            await anew.heard.until("conversation.item.create")
            await anew.hears("Hello?")
            (asked,) = await anew.heard.until("response.create")
            await anew.speak("resp_new", "item_new", asked=asked)
            await soon(lambda: any("item_new" in str(frame) for frame in phone.got))

            assert not any("item_old" in str(frame) for frame in phone.got)
            await phone.hang_up()

    played(scenario)


def test_a_model_that_dies_three_times_sends_the_caller_to_a_human() -> None:
    async def scenario() -> None:
        async with a_world() as world:
            phone, session = await world.call()
            for number in (2, 3):
                await session.socket.close(code=1011)
                session = await world.model.session(number)
                await session.heard.until("conversation.item.create")
            await session.socket.close(code=1011)
            await closed(phone)

            assert row(world, phone).escalation is not None
            assert row(world, phone).failure == "model_lost"

    played(scenario)


def test_a_model_that_talks_rubbish_is_given_up() -> None:
    async def scenario() -> None:
        async with a_world() as world:
            phone, session = await world.call()
            await session.socket.send_str("no json")
            await asyncio.wait_for(session.closed.wait(), 5)
            await world.model.session(2)
            await phone.hang_up()

    played(scenario)


def test_a_danger_no_pattern_knows_is_heard_by_the_classifier_and_kept_in_the_row() -> None:
    async def scenario() -> None:
        async with a_world(
            words=WordModels(lambda text, _: "carbon_monoxide" if "drunk" in text else "none")
        ) as world:
            phone, session = await world.call()
            await session.send("input_audio_buffer.speech_started", item_id="item_1")
            await session.send("input_audio_buffer.speech_stopped", item_id="item_1")
            await session.send(
                "conversation.item.input_audio_transcription.completed",
                item_id="item_1",
                transcript="The cat is acting drunk.",
            )
            await soon(lambda: row(world, phone).hazard is HazardCategory.CARBON_MONOXIDE)

    played(scenario)


# -- our own bugs, and the end -------------------------------------------------------------


class BrokenSession(CallSession):
    """Breaks at the key 9."""

    def handle(
        self, event: Event, at_once: Callable[[ClearPlayback], None] | None = None
    ) -> list[Command]:
        if isinstance(event, KeyPressed) and event.digit == "9":
            raise KeyError("a caller's words")
        return super().handle(event, at_once)


def test_a_bug_of_ours_ends_its_own_call_and_nobody_elses() -> None:
    async def scenario() -> None:
        async with a_world(session=BrokenSession) as world:
            (one, first), (two, second) = await world.call(), await world.call()
            dtmf = {"track": "inbound_track", "digit": "9"}
            await one.send({"event": "dtmf", "streamSid": one.stream_sid, "dtmf": dtmf})
            await closed(one)
            await asyncio.wait_for(first.closed.wait(), 5)

            assert row(world, one).failure == "bridge_error"
            assert row(world, one).outcome is Outcome.FAILED
            await two.say()
            await second.heard.until("input_audio_buffer.append", 2)
            assert row(world, two).ended_at is None

    played(scenario)


def test_a_socket_without_a_start_is_closed() -> None:
    async def scenario() -> None:
        async with a_world(session=partial(CallSession, start_ms=100)) as world:
            phone = await world.phone().open()
            await closed(phone)
            await soon(lambda: world.server.active == 0)
            assert world.metrics.total("CallsEnded") == 0

    played(scenario)


def test_the_debug_log_tells_what_came_and_what_was_done_but_no_words_and_no_sound(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def scenario() -> None:
        async with a_world() as world:
            phone, session = await world.call()
            said = "conversation.item.input_audio_transcription.completed"
            await session.send(said, item_id="item_9", transcript="I am Sarah Miller.")
            await soon(lambda: "CallerSaid" in told("event"))
            await phone.hang_up()
            await soon(lambda: world.server.active == 0)

            assert phone.call_sid in told("call_sid")

    def told(field: str) -> set[object]:
        return {vars(record).get(field) for record in caplog.records}

    with caplog.at_level(logging.DEBUG, logger="services.media_bridge.call"):
        played(scenario)

    assert {"< event", "> command", "= token known", "= call open", "= call over"} <= {
        record.getMessage() for record in caplog.records
    }
    assert {"LineOpened", "TokenRedeemed", "LineClosed"} <= told("event")
    assert {"OpenSession", "RedeemToken", "EndCall"} <= told("command")
    assert not {"CallerAudio", "AgentAudio", "HearAudio", "PlayAudio"} & (
        told("event") | told("command")
    )
    lines = "".join(JsonLines().format(record) for record in caplog.records)
    assert "CallerSaid" in lines
    assert "Sarah" not in lines and CALLER not in lines


def loses_the_model(world: World) -> None:
    admissions = world.ports.admissions
    for _ in range(10):
        admissions.ended(lost=True)
    assert admissions.probe(NOW, every=timedelta(minutes=1))


def calls_six_times(world: World) -> None:
    for _ in range(6):
        world.ports.admissions.called("coolcare_hvac", CALLER, NOW)


def spends_its_day(world: World) -> None:
    world.ports.admissions.spend(Cents(500), NOW)


@pytest.mark.parametrize(
    ("why", "happens"),
    [
        ("model_down", loses_the_model),
        ("calls_often", calls_six_times),
        ("over_budget", spends_its_day),
    ],
)
def test_whom_the_model_is_not_to_take_is_rung_through_and_one_page_tells_of_it(
    why: str, happens: Callable[[World], None], caplog: pytest.LogCaptureFixture
) -> None:
    async def scenario() -> None:
        async with a_world(budget=Cents(500)) as world:
            happens(world)
            world.server.admission.refresh(NOW)
            for _ in range(3):
                phone = await world.phone().open()
                await phone.start(world.token(phone))
                await closed(phone)

                ended = row(world, phone)
                assert (ended.failure, ended.outcome) == (why, Outcome.FAILED)
                assert ended.escalation is not None  # /after-stream rings, with words for it
            assert world.model.sessions == []
            assert world.metrics.total("CallsNotAdmitted") == 1  # it pages, however many call
            assert world.metrics.total("CallsEndedAbnormally") == 0

    played(scenario)
    told = [vars(each).get("reason") for each in caplog.records if "admitted" in each.msg]
    assert told == [why] * 3


def test_who_was_cut_off_and_calls_back_is_asked_to_go_on() -> None:
    async def scenario() -> None:
        async with a_world() as world:
            phone, session = await world.call()
            await soon(lambda: row(world, phone).disclosed_at is not None)
            world.model.refuses = True
            await session.socket.close(code=1011)
            await closed(phone)
            await soon(lambda: row(world, phone).outcome is not None)
            world.model.refuses = False
            world.model.sessions.clear()
            again = await world.phone().open()
            await again.start(world.token(again))
            anew = await world.model.session()
            (update,) = await anew.heard.until("session.update")
            await again.got.until("mark")

            names = [tool["name"] for tool in update["session"]["tools"]]
            assert "resume_call" in names
            assert "This caller was cut off" in update["session"]["instructions"]
            await soon(lambda: row(world, again).disclosed_at is not None)
            assert row(world, again).disclosure == CUT_OFF_RECORDED
            await again.hang_up()

    played(scenario)


def test_a_caller_whose_number_is_forged_is_a_new_one() -> None:
    async def scenario() -> None:
        async with a_world() as world:
            phone, session = await world.call()
            await soon(lambda: row(world, phone).disclosed_at is not None)
            world.model.refuses = True
            await session.socket.close(code=1011)
            await closed(phone)
            await soon(lambda: row(world, phone).outcome is not None)
            world.model.refuses = False
            world.model.sessions.clear()
            again = await world.phone().open()
            await again.start(world.token(again, attestation="TN-Validation-Failed-B"))
            anew = await world.model.session()
            (update,) = await anew.heard.until("session.update")

            assert "resume_call" not in str(update)
            await again.hang_up()

    played(scenario)
