"""One caller's line: 20 ms in, 20 ms out, on the media clock of the call."""

import asyncio
from collections.abc import Coroutine
from typing import Any, Protocol, TypeVar

from services.simulator.caller.sending import CallerTick
from services.simulator.speech.sound import FRAME_MS, SILENCE, frames

T = TypeVar("T")


class HungUp(Exception):
    """The caller put the phone down."""


class Redirected(Exception):
    """The REST API gave the call something else to do."""

    def __init__(self, order: "LineOrder") -> None:
        super().__init__("redirected")
        self.order = order


class LineOrder:
    """What a REST update asks of a live call: an address, a document, or (neither) its end."""

    def __init__(self, *, url: str = "", method: str = "POST", twiml: str = "") -> None:
        self.url, self.method, self.twiml = url, method, twiml


class Phone(Protocol):
    """Whoever holds the receiver."""

    def tick(self, heard: bytes) -> CallerTick:
        """Hear 20 ms and return what is sent in the same 20 ms."""


class Line:
    """The media clock of one call, and both sides of what went over it.

    `speed` divides the wall time of a frame; media time is always 20 ms a frame.

        due()           exchange(heard)       due() ...
        |-- sleeps -----|- 20 ms to her,  ----|
                           20 ms from her
    """

    def __init__(self, phone: Phone, *, speed: float = 1.0) -> None:
        self.ms = 0  # of media that have passed
        # What each side has sent, from the first frame on, as mu-law.
        self.caller, self.agent = bytearray(), bytearray()
        # What the REST API asked of the call; taken, and acted upon, with the next frame.
        self.order: LineOrder | None = None
        self.hung_up = False
        self.pressed = ""  # the keys pressed while `until` waited the last time
        self._phone = phone
        self.go_at(speed)
        # The loop's time at which the next frame may be played; None before the first one.
        self._due: float | None = None

    def go_at(self, speed: float) -> None:
        """Go on so many times faster than life."""
        self._frame_s = FRAME_MS / 1000 / speed

    async def frame(self, heard: bytes = SILENCE) -> CallerTick:
        """Wait for the next 20 ms, play them to the caller and return what came from her.

        Raises:
            HungUp: she put the phone down in it.
            Redirected: an update of the call is to be followed instead.
        """
        await self.due()
        return self.exchange(heard)

    async def due(self) -> None:
        """Wait until the next 20 ms may be played. Raises HungUp, Redirected."""
        if self.hung_up:
            raise HungUp
        now = asyncio.get_running_loop().time()
        # A busy machine slows the call down. Frames that make up for lost time would be played
        # before the server could react to the one before, and it could not know what was heard.
        if self._due is None or now - self._due > self._frame_s:
            self._due = now
        self._due += self._frame_s
        # A turn of the loop for each frame, however late: sockets are read in it.
        await asyncio.sleep(max(0.0, self._due - now))
        if self.order is not None:
            order, self.order = self.order, None
            raise Redirected(order)

    def exchange(self, heard: bytes) -> CallerTick:
        """Play 20 ms that are due and return what came from the caller. Raises HungUp."""
        tick = self._phone.tick(heard)
        self.agent += heard
        self.caller += tick.audio
        self.ms += FRAME_MS
        if tick.hangs_up:
            self.hung_up = True
            raise HungUp
        return tick

    async def play(self, audio: bytes) -> str:
        """Play `audio` to its end and return the keys pressed meanwhile."""
        keys = ""
        for piece in frames(audio):
            keys += (await self.frame(piece)).keys
        return keys

    async def silence(self, seconds: float) -> str:
        """Play silence and return the keys pressed meanwhile."""
        keys = ""
        for _ in range(round(seconds * 1000 / FRAME_MS)):
            keys += (await self.frame()).keys
        return keys

    async def until(self, work: Coroutine[Any, Any, T], *, abandon: bool = False) -> T:
        """Keep the line open with silence until `work` is done, and return its result.

        When the caller hangs up first, `work` is finished all the same, or with `abandon` given up.
        """
        self.pressed = ""
        task = asyncio.ensure_future(work)
        try:
            while not task.done():
                self.pressed += (await self.frame()).keys
            return task.result()
        finally:
            if abandon:
                task.cancel()
            if not task.done():
                await asyncio.wait([task])
