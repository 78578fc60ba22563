"""One call whose tools are used as the model uses them."""

from datetime import datetime
from typing import Any

from services.media_bridge.wire.realtime.tool_arguments import parsed
from shared.businesses import by_id
from shared.domain.business import Business
from shared.tools.dispatch import ToolDispatcher, ToolReply
from tests.examples import NOW, SARAH, a_call
from tests.fakes import FakeWorld

CODE = "042117"  # what is texted to who has to prove that a visit is theirs
QUOTE = {
    "service_type": "repair",
    "description": "AC not cooling; outdoor unit rattling.",
    "is_after_hours": True,
}
AVAILABILITY = {"service_type": "repair", "is_emergency": True, "preferred_date": None}
BOOKING = {
    "customer_name": "Sarah Miller",
    "phone": "+15551230000",
    "email": None,
    "address": "123 Oak St, Springfield, OH",
    "service_type": "repair",
    "description": "AC not cooling; outdoor unit rattling. Gate code 1234; dog on site.",
    "scheduled_time": "2025-08-28T21:00:00-04:00",
    "estimated_cost": 825,
    "is_emergency": True,
}


def coolcare(**changes: Any) -> Business:
    business = by_id("coolcare_hvac")
    assert business is not None
    return business.model_copy(update=changes)


class Talk:
    """One call and its tools, over fakes."""

    def __init__(
        self,
        business: Business | None = None,
        now: datetime = NOW,
        *,
        world: FakeWorld | None = None,
        resumes: str | None = None,
        caller: str | None = SARAH,
        vouched: bool = True,
    ) -> None:
        self.world, self._resumes = world or FakeWorld(), resumes
        self._caller, self._vouched = caller, vouched
        self.world.calls.open(a_call(started_at=now))
        self.business, self.now = business or coolcare(), now
        self.context = self.another_dispatcher()

    def another_dispatcher(self, call_sid: str = "CA1") -> ToolDispatcher:
        return ToolDispatcher(
            self.business,
            call_sid,
            self._caller,
            self.world.ports,
            "https://voice.example.com",
            resumes=self._resumes,
            vouched=self._vouched,
            new_code=lambda: CODE,
        )

    def use(self, tool: str, **arguments: object) -> ToolReply:
        return self.context.use(tool, arguments, now=self.now, real_now=self.now)

    def after_a_yes(self, tool: str, *to: str, **arguments: object) -> ToolReply:
        """The same once the caller has said yes to what the tool rests on."""
        yes = frozenset(to)
        return self.context.use(tool, arguments, confirmed=yes, now=self.now, real_now=self.now)

    def raw(self, tool: str, arguments: str) -> ToolReply:
        """What the model wrote, decoded as the wire decodes it."""
        return self.context.use(tool, parsed(arguments), now=self.now, real_now=self.now)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)
