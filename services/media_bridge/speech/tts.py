"""The speech endpoint: words in, a WAV file out. Called from threads only, for it blocks."""

import json
import socket
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from threading import Timer
from urllib.parse import urlsplit

from services.media_bridge.speech.mulaw import BadSound

MOST_BYTES = 8_000_000  # a minute of 48 kHz stereo; no fixed sentence is near it


@dataclass(frozen=True, slots=True)
class SpeechEndpoint:
    """POST {base}/audio/speech: words in, a WAV file out. Blocking, for `timeout_s` at most.

    No redirect is followed: the key is for the configured host alone.
    """

    base: str
    key: Callable[[], str]
    model: str
    voice: str
    timeout_s: float = 30

    def __call__(self, words: str) -> bytes:
        """The body of the answer, whole.

        Raises:
            BadSound: the endpoint cannot be reached, refuses, or answers half or far too much.
        """
        url = urlsplit(f"{self.base}/audio/speech")  # settings allow http and https only
        kind = HTTPSConnection if url.scheme == "https" else HTTPConnection
        connection = kind(url.netloc, timeout=self.timeout_s)
        try:
            connection.connect()
            # The connection's own timeout is for each read; an answer in drops would never end.
            limit = Timer(self.timeout_s, _cut_off, [connection.sock])
            limit.daemon = True
            limit.start()
            try:
                return self._asked(connection, url.path, words)
            finally:
                limit.cancel()
        except (OSError, HTTPException, ValueError) as exc:
            raise BadSound(f"speech endpoint: {type(exc).__name__}") from exc
        finally:
            connection.close()

    def _asked(self, connection: HTTPConnection, path: str, words: str) -> bytes:
        body = {
            "model": self.model,
            "voice": self.voice,
            "input": words,
            "response_format": "wav",
        }
        headers = {"Authorization": f"Bearer {self.key()}", "Content-Type": "application/json"}
        connection.request("POST", path, json.dumps(body).encode(), headers)
        with connection.getresponse() as answer:
            if answer.status != HTTPStatus.OK:
                raise BadSound(f"speech endpoint: status {answer.status}")
            sound = answer.read(MOST_BYTES + 1)
            if len(sound) > MOST_BYTES:
                raise BadSound("speech endpoint: the answer is too large")
            if answer.length:
                raise BadSound("speech endpoint: the answer was cut")
            return sound


def _cut_off(sock: socket.socket) -> None:
    """Make whoever reads from the socket in another thread give up."""
    with suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)
