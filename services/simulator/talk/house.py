"""The page over all the stacks that it is served with, one after the other, and what they are."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from services.simulator.phone.calls import PhoneEvent
from services.simulator.scenarios import businesses
from services.simulator.scenarios import scenario as scenarios
from services.simulator.scenarios.scenario import ScenarioError
from services.simulator.speech import Mode, Speech
from services.simulator.stack.local import Stack
from services.simulator.talk.desk import Desk, Leave, NotDone
from services.simulator.talk.door import Door
from services.simulator.talk.pages import Pages
from services.simulator.talk.phones import choices, zone_of
from services.simulator.talk.wanted import WantedStack, wanted


class TalkHouse:
    """`again` is set once a page wants another stack: `wanted` is which."""

    def __init__(self, mode: Mode, first: WantedStack, leave: Leave, *, real_model: bool) -> None:
        self.wanted = first
        self.again = asyncio.Event()
        self._mode, self._real, self._leave = mode, real_model, leave
        self._home = businesses.folder()
        self._pages = Pages()
        self._door = Door(self._pages, self.state, self._ask_again)
        self._began: datetime | None = None  # when the stack came up; None while there is none

    async def start(self, port: int) -> str:
        """Return the address of the page. Raises OSError: the port is taken."""
        return await self._door.start(port)

    async def stop(self) -> None:
        await self._door.stop()

    @asynccontextmanager
    async def serving(self, stack: Stack, speech: Speech) -> AsyncIterator[None]:
        """Serve the page with a stack that is up, inside the block."""
        self._pages.forget()
        desk = Desk(stack, speech, self._pages, self._leave, self._now)
        desk.open()
        self._door.desk, self._began = desk, datetime.now(UTC)
        self._pages.tell(self.state(), remember=False)
        try:
            yield
        finally:
            self._door.desk = self._began = None
            self._pages.tell(self.state(), remember=False)
            await desk.close()

    def phone(self, event: PhoneEvent) -> None:
        """Tell the pages what the phone network did."""
        if self._door.desk is not None:
            self._door.desk.phone(event)

    def progress(self, text: str) -> None:
        """Tell the pages how far a start has come."""
        self._pages.tell({"kind": "starting", "text": text}, remember=False)

    def failed(self, why: str) -> None:
        """Tell the pages why the stack they wanted did not start."""
        self._pages.tell({"kind": "refused", "text": why}, remember=False)

    def state(self) -> Mapping[str, Any]:
        """What a page shows of the stack. Only what can be known of it: no key is among it."""
        desk = self._door.desk
        return {
            "kind": "state",
            "ready": desk is not None,
            "calling": desk is not None and desk.busy,
            "mode": self._mode,
            "real_model": self._real,
            "business": self.wanted.business,
            "businesses": choices(),
            "others": [each for each in businesses.ids(self._home) if each not in businesses.ids()],
            "scenarios": list(_scenarios()),
            "now": self._now().isoformat() if self._began else "",
        }

    def _now(self) -> datetime:
        """The time there, by the clock of the business that is rung."""
        passed = datetime.now(UTC) - (self._began or datetime.now(UTC))
        rung = self.wanted.business
        known = rung if rung in businesses.ids() else next(iter(businesses.ids()), "")
        return (self.wanted.at + passed).astimezone(zone_of(known))

    def _ask_again(self, asked: Mapping[str, Any]) -> None:
        if self.again.is_set() or self._began is None:
            raise NotDone("the stack is still starting")
        self.wanted = wanted(asked, self.wanted, self._home)
        self.again.set()

    async def until_again(self, stack: Stack, every_s: float) -> bool:
        """Wait for a page to want another stack; False when the bridge ended by itself first."""
        while stack.bridge_pid is not None:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.again.wait(), every_s)
                self.again.clear()
                return True
        return False


def _scenarios() -> Iterator[dict[str, str]]:
    """The callers who can be played here: whom they ring may be no business of a draft's folder."""
    for name in scenarios.names():
        with contextlib.suppress(ScenarioError):
            if not (scenario := scenarios.load(name)).rogue:
                yield {"name": name, "title": scenario.title}
