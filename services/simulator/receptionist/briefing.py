"""What the session's instructions and tools tell: all she knows of the business."""

import re
from dataclasses import dataclass
from datetime import date

Json = dict[str, object]

_PROPER = r"(?P<name>[A-Z][\w&'-]*(?:\s+[A-Z][\w&'-]*)*)"
_NAMED = (
    r"\bphone (?:of|for|at) (?P<name>[^(.\n]+?)\s*[(.\n]",
    rf"(?:receptionist|assistant|agent|scheduler)\b[^.\n]*?\b(?:for|of|at)\s+{_PROPER}",
    rf"\b(?:calling|business(?: name)?(?: is|:)|company:)\s+{_PROPER}",
)
_AFTER_HOURS = re.compile(
    r"\bis_after_hours\W{1,4}(?:is\s+)?true\b"
    r"|\b(?:it is|it's|this is|which is|now|currently|office is)\s+"
    r"(?:now\s+|currently\s+)?(?:after[- ]hours|closed"
    r"|outside (?:of )?(?:business|office|regular) hours)",
    re.IGNORECASE,
)
_ISO_DATE = re.compile(r"\b(20\d\d)-(\d\d)-(\d\d)(?!\d)")
_LONG_DATE = re.compile(
    r"\b(January|February|March|April|May|June|July|August|September|October|November|December)"
    r"\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(20\d\d)\b"
)
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_CALLER = re.compile(r"\bcall(?:er|ing)\b[^.\n]{0,60}?\+1(\d{10})\b", re.IGNORECASE)
_SERVICES = re.compile(r"\b[Ss]ervices[^.:\n]*: ?([a-z0-9_, ]+)")
_EXACTLY = re.compile(
    r"\b(?:exactly|verbatim|word for word)\b[^:\n]{0,60}:\s*(?P<words>.+)",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Briefing:
    """The business as the instructions describe it."""

    business: str = ""
    after_hours: bool = False
    today: date | None = None
    services: tuple[str, ...] = ()  # the lines of the rate card
    caller: str | None = None  # ten digits, where the instructions tell the number
    tools: tuple[Json, ...] = ()
    has_topics: bool = False  # some things have a person of their own

    def has(self, tool: str) -> bool:
        """Whether the session has a tool of this name."""
        return any(known.get("name") == tool for known in self.tools)

    def properties(self, tool: str) -> Json:
        """Return the JSON schema of each argument of a tool."""
        for known in self.tools:
            parameters = known.get("parameters")
            if known.get("name") == tool and isinstance(parameters, dict):
                properties = parameters.get("properties")
                return dict(properties) if isinstance(properties, dict) else {}
        return {}

    def choices(self, tool: str, argument: str) -> list[str]:
        """Return the values a tool's argument may have, [] when the schema names none."""
        schema = self.properties(tool).get(argument)
        values = schema.get("enum") if isinstance(schema, dict) else None
        return [value for value in values if isinstance(value, str)] if values else []


def brief(instructions: str, tools: list[Json]) -> Briefing:
    """Return what `instructions` and `tools` tell."""
    caller, services = _CALLER.search(instructions), _SERVICES.search(instructions)
    return Briefing(
        business=_business(instructions),
        after_hours=_AFTER_HOURS.search(instructions) is not None,
        today=_today(instructions),
        services=tuple(re.findall(r"\w+", services[1])) if services else (),
        caller=caller[1] if caller else None,
        tools=tuple(tools),
        has_topics="person of their own" in instructions,
    )


def exact_words(instructions: str) -> str | None:
    """Return the words that one-off instructions want said as they stand, if they name any."""
    found = _EXACTLY.search(instructions)
    if not found:
        return None
    return found["words"].strip().strip('"“”')


def _business(instructions: str) -> str:
    for pattern in _NAMED:
        if found := re.search(pattern, instructions):
            return found["name"].rstrip(".")
    return ""


def _today(instructions: str) -> date | None:
    if found := _ISO_DATE.search(instructions):
        return date(int(found[1]), int(found[2]), int(found[3]))
    if found := _LONG_DATE.search(instructions):
        return date(int(found[3]), _MONTHS.index(found[1]) + 1, int(found[2]))
    return None
