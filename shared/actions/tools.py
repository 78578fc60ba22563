"""The tools by name: their schemas for the model, and the check of what it sends."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from shared.actions.arguments import (
    AddNote,
    Arguments,
    BookAppointment,
    CheckAvailability,
    EndCall,
    EscalateToHuman,
    GetPricingQuote,
    TakeMessage,
)

LONGEST = 20_000  # characters of JSON; the longest honest booking is a tenth of it

BY_NAME: Mapping[str, type[Arguments]] = {
    "get_pricing_quote": GetPricingQuote,
    "check_availability": CheckAvailability,
    "book_appointment": BookAppointment,
    "escalate_to_human": EscalateToHuman,
    "take_message": TakeMessage,
    "add_note": AddNote,
    "end_call": EndCall,
}


class BadArguments(Exception):
    """The model must call again; the message names each field and what is wrong with it."""


def parse(name: str, arguments: str) -> Arguments:
    """The checked arguments of tool `name`.

    Raises:
        BadArguments: they cannot be used. The message never repeats what was sent.
    """
    if len(arguments) > LONGEST:
        raise BadArguments(f"the arguments are longer than {LONGEST} characters")
    try:
        return BY_NAME[name].model_validate_json(arguments or "{}")
    except ValidationError as exc:
        faults = [_fault(dict(error)) for error in exc.errors(include_input=False)[:5]]
        raise BadArguments("; ".join(faults)) from exc
    except (ValueError, OverflowError) as exc:  # a string that is no Unicode, a number too long
        raise BadArguments("the arguments are not JSON") from exc


def _fault(error: Mapping[str, Any]) -> str:
    field = ".".join(str(part) for part in error["loc"])
    if error["type"] == "json_invalid":
        return "the arguments are not JSON"
    if error["type"] == "timezone_aware":
        return f"{field}: must carry its UTC offset, exactly as check_availability returned it"
    if error["type"] == "extra_forbidden":
        return f"{field[:60]}: there is no such argument"
    reason = str(error["msg"]).removeprefix("Value error, ")
    return f"{field}: {reason[0].lower()}{reason[1:]}" if field else reason


def _schema(model: type[Arguments]) -> dict[str, object]:
    schema = model.model_json_schema()
    return {
        "type": "object",
        "properties": {name: _plain(p) for name, p in schema["properties"].items()},
        "required": schema.get("required", []),
        "additionalProperties": False,
    }


def _plain(prop: dict[str, Any]) -> dict[str, Any]:
    """One property without pydantic's titles, and `null` as a type beside the other."""
    plain = {key: value for key, value in prop.items() if key not in ("title", "anyOf")}
    if "anyOf" in prop:
        first = prop["anyOf"][0]
        plain = {**first, "type": [first["type"], "null"], **plain}
    return plain


# As session.update wants them.
TOOLS: tuple[dict[str, object], ...] = tuple(
    {
        "type": "function",
        "name": name,
        "description": " ".join((model.__doc__ or "").split()),
        "parameters": _schema(model),
    }
    for name, model in BY_NAME.items()
)
