"""The tools by name: their schemas for the model, and the check of what it sends."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from shared.tools.arguments import (
    AddNote,
    Arguments,
    BookAppointment,
    CheckAvailability,
    EndCallArguments,
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
    "end_call": EndCallArguments,
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


# In words of our own: the validator's are for programmers, and show its regular expressions.
REASONS: Mapping[str, str] = {
    "missing": "is missing",
    "string_type": "must be a text",
    "string_too_long": "must have at most {max_length} characters",
    "too_long": "must have at most {max_length} entries",
    "tuple_type": "must be a list",
    "literal_error": "must be one of {expected}",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "float_type": "must be a number of dollars, like 825",
    "float_parsing": "must be a number of dollars, like 825",
    "greater_than_equal": "must not be below {ge:,.0f}",
    "less_than_equal": "must not be above {le:,.0f}",
    "string_pattern_mismatch": "must be the five digits of a ZIP code, like 45501, or null",
    "timezone_aware": "must carry its UTC offset, exactly as check_availability returned it",
    "extra_forbidden": "there is no such argument",
    "told": "{reason}",
}
A_TIME = "must be the `datetime` of a window that check_availability returned, unchanged"


def _fault(error: Mapping[str, Any]) -> str:
    kind, context = str(error["type"]), error.get("ctx", {})
    field = ".".join(str(part)[:60] for part in error["loc"])
    if not field:
        return "the arguments are not a JSON object"
    if kind.startswith(("datetime_", "timezone_")) and kind not in REASONS:
        return f"{field}: {A_TIME}"
    return f"{field}: {REASONS.get(kind, 'cannot be used').format(**context)}"


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
