"""The tools by name: their schemas for the model, and the check of what it sends."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from shared.schema import ToolName
from shared.tools.appointments.arguments import (
    CancelAppointment,
    FindAppointment,
    RescheduleAppointment,
)
from shared.tools.arguments import (
    AddNote,
    Arguments,
    BookAppointment,
    CheckAvailability,
    ConfirmDetails,
    EndCallArguments,
    GetPricingQuote,
    ReportDanger,
    ResumeCall,
)
from shared.tools.person_arguments import EscalateToHuman, TakeMessage

BY_NAME: Mapping[ToolName, type[Arguments]] = {
    ToolName.GET_PRICING_QUOTE: GetPricingQuote,
    ToolName.CHECK_AVAILABILITY: CheckAvailability,
    ToolName.CONFIRM_DETAILS: ConfirmDetails,
    ToolName.BOOK_APPOINTMENT: BookAppointment,
    ToolName.FIND_APPOINTMENT: FindAppointment,
    ToolName.RESCHEDULE_APPOINTMENT: RescheduleAppointment,
    ToolName.CANCEL_APPOINTMENT: CancelAppointment,
    ToolName.ESCALATE_TO_HUMAN: EscalateToHuman,
    ToolName.TAKE_MESSAGE: TakeMessage,
    ToolName.ADD_NOTE: AddNote,
    ToolName.REPORT_DANGER: ReportDanger,
    ToolName.RESUME_CALL: ResumeCall,
    ToolName.END_CALL: EndCallArguments,
}


class BadArguments(Exception):
    """The model must call again; the message names each field and what is wrong with it."""


def check(tool: ToolName, given: Mapping[str, object] | None) -> Arguments:
    """The arguments the model gave to `tool`, read and checked.

    `given` is the JSON object it sent; None when what it sent was none, or too long.

    Raises:
        BadArguments: they cannot be used. The message never repeats what was sent.
    """
    if given is None:
        raise BadArguments("the arguments are not a JSON object, or are far too long")
    try:
        return BY_NAME[tool].model_validate(dict(given))
    except ValidationError as exc:
        faults = [_fault(dict(error)) for error in exc.errors(include_input=False)[:5]]
        raise BadArguments("; ".join(faults)) from exc
    except (ValueError, OverflowError) as exc:  # a number that is too long
        raise BadArguments("the arguments cannot be read") from exc


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


def _tool(tool: ToolName) -> dict[str, object]:
    """As session.update wants it."""
    model = BY_NAME[tool]
    return {
        "type": "function",
        "name": tool.value,
        "description": " ".join((model.__doc__ or "").split()),
        "parameters": _schema(model),
    }


TOOLS: tuple[dict[str, object], ...] = tuple(
    _tool(tool) for tool in BY_NAME if tool is not ToolName.RESUME_CALL
)
# ... and for a caller who was cut off.
TOOLS_TO_RESUME = (*TOOLS, _tool(ToolName.RESUME_CALL))
