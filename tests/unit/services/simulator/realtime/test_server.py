"""What the local server answers over HTTP: who may connect."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import aiohttp
import pytest
from openai.types.realtime import RealtimeServerEvent
from pydantic import TypeAdapter

from services.simulator.realtime import RealtimeServer
from services.simulator.realtime.server import RealtimeNote
from services.simulator.speech import Speech, open_speech
from services.simulator.speech.textline import TextEars, TextTranscriber

KEY = {"Authorization": "Bearer sk-test"}


def ask(do: Callable[[aiohttp.ClientSession, str], Awaitable[None]], **options: Any) -> None:
    async def run() -> None:
        server = RealtimeServer(options.pop("speech", None) or open_speech("text"), **options)
        base = await server.start()
        try:
            async with aiohttp.ClientSession() as http:
                await do(http, base)
        finally:
            await server.stop()

    asyncio.run(run())


@pytest.mark.parametrize(
    ("query", "headers", "status"),
    [
        ("?model=gpt-realtime-2.1", {}, 401),
        ("?model=gpt-realtime-2.1", {"Authorization": "Bearer "}, 401),
        ("?model=gpt-5", KEY, 404),
        ("", KEY, 400),
        ("?model=gpt-realtime-2.1", {**KEY, "OpenAI-Beta": "realtime=v1"}, 400),
    ],
)
def test_only_a_known_model_with_a_key_is_connected(
    query: str, headers: dict[str, str], status: int
) -> None:
    async def do(http: aiohttp.ClientSession, base: str) -> None:
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await http.ws_connect(f"{base}/realtime{query}", headers=headers)
        assert refused.value.status == status

    ask(do)


def test_a_connection_is_refused_as_drilled() -> None:
    async def do(http: aiohttp.ClientSession, base: str) -> None:
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await http.ws_connect(f"{base}/realtime?model=gpt-realtime-2.1", headers=KEY)
        assert refused.value.status == 503

    ask(do, refuse_connect=True)


def drilled(prepare: Callable[[RealtimeServer], None]) -> list[Any]:
    """The events of a session that is set up, or the error of one that is never answered."""

    async def run() -> list[Any]:
        server = RealtimeServer(open_speech("text"))
        base = await server.start()
        prepare(server)
        url = f"{base}/realtime?model=gpt-realtime-2.1"
        try:
            async with aiohttp.ClientSession() as http, http.ws_connect(url, headers=KEY) as socket:
                session = {"type": "realtime", "instructions": "Be short."}
                await socket.send_json({"type": "session.update", "session": session})
                await socket.send_json({"type": "input_audio_buffer.clear"})
                events: list[Any] = []
                while not events or events[-1]["type"] != "input_audio_buffer.cleared":
                    events.append(await socket.receive_json(timeout=5))
                return events
        except aiohttp.ClientError as exc:
            return [exc]
        finally:
            await server.stop()

    return asyncio.run(run())


def test_what_is_spoilt_is_not_sent_or_is_an_error_in_its_place() -> None:
    silent = drilled(lambda server: server.spoil("session.updated"))
    assert [each["type"] for each in silent] == ["session.created", "input_audio_buffer.cleared"]

    _, refused, _ = drilled(lambda s: s.spoil("session.updated", error="unknown_parameter"))
    assert (refused["type"], refused["error"]["code"]) == ("error", "unknown_parameter")


def test_whoever_dials_may_be_hung_up_on_without_an_answer() -> None:
    (error,) = drilled(lambda server: server.hang_up_on_connect())
    assert isinstance(error, aiohttp.ServerDisconnectedError)


def test_stopping_ends_a_session_that_is_still_open() -> None:
    async def run() -> None:
        server = RealtimeServer(open_speech("text"))
        base = await server.start()
        async with aiohttp.ClientSession() as http:
            socket = await http.ws_connect(f"{base}/realtime?model=gpt-realtime-2.1", headers=KEY)
            await socket.receive(timeout=5)
            stopping = asyncio.create_task(server.stop())
            assert (await socket.receive(timeout=5)).type is aiohttp.WSMsgType.CLOSE
            await asyncio.wait_for(stopping, 5)
            assert socket.close_code == 1001

    asyncio.run(run())


def test_what_happens_is_told_to_whoever_watches() -> None:
    notes: list[RealtimeNote] = []

    async def do(http: aiohttp.ClientSession, base: str) -> None:
        url = f"{base}/realtime?model=gpt-realtime-2.1"
        async with http.ws_connect(url, headers=KEY) as socket:
            await socket.send_json({"type": "nonsense"})
            await socket.receive(timeout=5)
            await socket.receive(timeout=5)

    ask(do, on_event=notes.append)
    assert [note.kind for note in notes] == ["opened", "refused", "closed"]


def test_every_event_is_one_that_the_openai_library_knows(talk: Callable[..., None]) -> None:
    adapter: TypeAdapter[Any] = TypeAdapter(RealtimeServerEvent)
    tool = {"type": "function", "name": "get_pricing_quote", "parameters": {"type": "object"}}

    async def scenario(client: Any) -> None:
        await client.configure("You answer the phone of CoolCare HVAC (HVAC).", tools=[tool])
        for text in ("How much does it cost to fix my AC?", "No, no smells."):
            await client.say(text)
            await client.until("response.done")
        call = client.events[-1]["response"]["output"][1]
        answer = {"type": "function_call_output", "call_id": call["call_id"], "output": "{}"}
        await client.send("conversation.item.create", item=answer)
        await client.send("response.create")
        await client.until("rate_limits.updated")
        await client.until("response.done")
        for event in client.events:
            parsed = adapter.validate_python(event)
            assert parsed.type == event["type"]

    talk(scenario)


def test_a_call_goes_from_tool_to_tool_over_the_socket(talk: Callable[..., None]) -> None:
    tool = {"type": "function", "name": "get_pricing_quote", "parameters": {"type": "object"}}

    async def scenario(client: Any) -> None:
        await client.configure("You answer the phone of CoolCare HVAC (HVAC).", tools=[tool])
        await client.say("What is the price to fix a furnace?")
        await client.until("response.done")
        client.events.clear()
        await client.say("No, nothing like that.")
        done = (await client.until("response.done"))["response"]
        message, call = done["output"]
        assert message["content"][0]["transcript"].endswith("Let me get you a quick estimate.")
        assert (call["name"], call["status"]) == ("get_pricing_quote", "completed")
        kinds = client.kinds()
        arguments = kinds.index("response.function_call_arguments.delta")
        assert kinds[arguments - 2 : arguments + 4] == [
            "response.output_item.added",
            "conversation.item.added",
            "response.function_call_arguments.delta",
            "response.function_call_arguments.done",
            "response.output_item.done",
            "conversation.item.done",
        ]
        output = '{"range": "$300-$800", "total_estimate": 550, "say": "The visit is $165."}'
        item = {"type": "function_call_output", "call_id": call["call_id"], "output": output}
        await client.send("conversation.item.create", item=item)
        await client.send("response.create")
        done = (await client.until("response.done"))["response"]
        transcript = done["output"][0]["content"][0]["transcript"]
        assert transcript == "The visit is $165. Shall I find you a time?"

    talk(scenario)


def test_an_utterance_cut_in_two_by_a_pause_is_heard_as_one(talk: Callable[..., None]) -> None:
    async def scenario(client: Any) -> None:
        await client.configure("The caller's name comes first.")
        for text in ("My AC stopped.", "No smells.", "Sarah Miller."):
            await client.say(text)
            await client.until("response.done")
        await client.say("Five five five, one two three.")
        question = (await client.until("response.done"))["response"]["output"][0]
        await client.send("conversation.item.delete", item_id=question["id"])
        await client.until("conversation.item.deleted")
        await client.say("Zero zero zero zero.")
        said = (await client.until("response.done"))["response"]["output"][0]
        assert said["content"][0]["transcript"] == "I have 555, 123, 0000. Is that right?"

    talk(scenario)


class Mute:
    """A voice that breaks."""

    def speak(self, text: str) -> Iterator[bytes]:
        raise OSError("no sound device")


def test_a_voice_that_breaks_ends_the_response_as_failed(talk: Callable[..., None]) -> None:
    async def scenario(client: Any) -> None:
        await client.configure()
        await client.send("response.create")
        done = (await client.until("response.done"))["response"]
        assert done["status"] == "failed"
        assert done["status_details"]["error"]["code"] == "server_error"
        assert done["output"][0]["status"] == "incomplete"
        await client.send("response.create")
        await client.until("response.created")

    talk(scenario, speech=Speech("text", TextTranscriber(), Mute(), TextEars))


def test_the_socket_is_dropped_as_drilled(talk: Callable[..., None]) -> None:
    async def scenario(client: Any) -> None:
        await client.configure()
        await client.respond("Hello.")
        message = await client.socket.receive(timeout=5)
        while message.type is aiohttp.WSMsgType.TEXT:
            message = await client.socket.receive(timeout=5)
        assert client.socket.close_code == 1011

    talk(scenario, drop_after=1)
