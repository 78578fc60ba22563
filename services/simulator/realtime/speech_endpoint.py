"""POST /v1/audio/speech: a sentence as a file, or what is wrong with the request."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from aiohttp import web

from services.simulator.realtime import speech_file
from services.simulator.realtime.refusals import refused, unauthorized
from services.simulator.speech import Speech

LONGEST_INPUT = 4096
_FIELDS = {"model", "voice", "input", "response_format", "instructions", "speed"}


class SpeechFiles:
    """Speaks in the threads of `pool`; in text mode the words travel as data in mu-law."""

    def __init__(self, speech: Speech, pool: ThreadPoolExecutor) -> None:
        self._speech, self._pool = speech, pool

    async def answer(self, request: web.Request) -> web.Response:
        if (refusal := unauthorized(request)) is not None:
            return refusal
        try:
            asked = await request.json()
        except ValueError:
            return refused(400, "invalid_request_error", None, "The body is not JSON.")
        if (problem := _problem(asked)) is not None:
            return refused(400, "invalid_request_error", None, problem)
        loop = asyncio.get_running_loop()
        audio = await loop.run_in_executor(self._pool, self._speak, asked["input"])
        if self._speech.mode == "text":
            if asked.get("response_format") != "wav":
                message = "In text mode the words are data in mu-law: ask for wav."
                return refused(400, "invalid_request_error", None, message)
            return web.Response(body=speech_file.mulaw_wav(audio), content_type="audio/wav")
        as_pcm = asked.get("response_format") == "pcm"
        make = speech_file.pcm if as_pcm else speech_file.wav
        body = await loop.run_in_executor(self._pool, make, audio)
        return web.Response(body=body, content_type="audio/pcm" if as_pcm else "audio/wav")

    def _speak(self, text: str) -> bytes:
        return b"".join(self._speech.voice.speak(text))


def _problem(asked: Any) -> str | None:
    """Return what is wrong with the JSON of a request; None when it can be answered."""
    if not isinstance(asked, dict):
        return "The body must be a JSON object."
    for name in asked:
        if name not in _FIELDS:
            return f"Unknown parameter: '{name}'."
    for name in ("model", "voice", "input"):
        if not isinstance(asked.get(name), str) or not asked[name]:
            return f"Missing required parameter: '{name}'."
    if len(asked["input"]) > LONGEST_INPUT:
        return f"String should have at most {LONGEST_INPUT} characters: 'input'."
    if asked.get("response_format") not in ("wav", "pcm"):
        return "This local server gives response_format 'wav' or 'pcm'."
    return None
