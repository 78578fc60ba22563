"""One scripted dialogue: what the caller says, what the tools answer, what comes back."""

import json
from dataclasses import dataclass, field

from services.simulator.receptionist import Receptionist, Rogue, Say, Use

Json = dict[str, object]
LATE: Json = {"rate": "after_hours", "visit_fee": 248, "total_estimate": 825, "deposit": 206}
REGULAR: Json = {"rate": "regular", "visit_fee": 165, "total_estimate": 550, "deposit": 138}
TONIGHT: Json = {
    "datetime": "2025-08-28T21:00:00-04:00",
    "end": "2025-08-28T23:00:00-04:00",
    "say": "tonight 9 to 11 PM",
    **LATE,
}
MORNING: Json = {"datetime": "2025-08-29T08:00:00-04:00", "say": "tomorrow 8 to 10 AM", **REGULAR}
LATER: Json = {"datetime": "2025-08-29T10:00:00-04:00", "say": "tomorrow 10 AM to 12 PM", **REGULAR}
QUOTE: Json = {
    "range": "$300-$800",
    "emergency_fee": 248,
    "say": "Tonight the visit is $248.",
    **LATE,
}
NAMES = [
    "get_pricing_quote",
    "check_availability",
    "book_appointment",
    "escalate_to_human",
    "take_message",
    "add_note",
    "end_call",
]
INSTRUCTIONS = (
    "You answer the phone of CoolCare HVAC (HVAC).\n"
    "Now: Thursday, August 28th, 2025, 7:12 PM, which is after hours.\n"
)
UP_TO_THE_QUOTE = (
    "My AC stopped cooling and the outdoor unit is rattling.",
    "Just the cooling and the noise. No smells.",
    "Sarah Miller.",
    "Five five five, one two three, zero zero zero zero.",
    "Yes, that's right.",
    "123 Oak Street, Springfield, Ohio.",
    "Yes, that's right.",
)
UP_TO_THE_NOTES = (*UP_TO_THE_QUOTE, "Yes, please.", "Tonight, nine to eleven.")


def tools() -> list[Json]:
    notes: Json = {"notes": {"type": "array"}, "zip": {"type": "string"}}
    when: Json = {"when": {"type": "string"}}
    reasons: Json = {"reason": {"type": "string", "enum": ["completed", "spam"]}}
    arguments: dict[str, Json] = {
        "book_appointment": notes,
        "end_call": reasons,
        "check_availability": when,
    }
    return [
        {
            "type": "function",
            "name": name,
            "parameters": {"type": "object", "properties": arguments.get(name, {})},
        }
        for name in NAMES
    ]


@dataclass
class Call:
    """A call with scripted tool answers; a list of answers is used up one by one."""

    answers: dict[str, list[Json]] = field(default_factory=dict)
    agent: Receptionist | Rogue = field(default_factory=Receptionist)
    instructions: str = INSTRUCTIONS
    used: list[Use] = field(default_factory=list)
    last: str = ""

    def __post_init__(self) -> None:
        self.agent.brief(self.instructions, tools())

    def says(self, *lines: str) -> str:
        """Say each line and return what is answered to the last, tools included."""
        for line in lines:
            self.agent.heard(line)
            self.last = self.goes_on()
        return self.last

    def goes_on(self) -> str:
        said: list[str] = []
        while True:
            acts = self.agent.respond()
            said.extend(act.text for act in acts if isinstance(act, Say))
            uses = [act for act in acts if isinstance(act, Use)]
            self.used.extend(uses)
            for use in uses:
                self.agent.answered(use.name, json.dumps(self._answer(use.name)))
            if not uses or uses[0].name == "end_call":
                return " ".join(said)

    def _answer(self, name: str) -> Json:
        scripted = self.answers.get(name)
        if scripted:
            return scripted.pop(0)
        match name:
            case "get_pricing_quote":
                return QUOTE
            case "check_availability":
                return {"available_slots": [TONIGHT, MORNING, LATER]}
            case "book_appointment":
                return {"booked": True, "deposit_amount": 206, "text_sent": True}
            case _:
                return {"ok": True}

    def tool(self, name: str) -> Json:
        """Return the arguments of the last call of a tool."""
        return next(use.arguments for use in reversed(self.used) if use.name == name)

    @property
    def tools_used(self) -> list[str]:
        return [use.name for use in self.used]
