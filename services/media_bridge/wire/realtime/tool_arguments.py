"""The arguments of a function call: JSON text that a model wrote, so it may be anything."""

from pydantic_core import from_json

# Characters. The longest honest booking is a tenth of it.
LONGEST = 20_000


def parsed(text: str) -> dict[str, object] | None:
    """The JSON object that `text` is; None when it is anything else, or longer than LONGEST.

    No text at all is an object without arguments: that is how some models call a tool that needs
    none. Bounded in length and in depth, and what it returns holds only text that is Unicode.
    """
    if len(text) > LONGEST:
        return None
    try:
        read = from_json(text or "{}", allow_inf_nan=False)
    except (ValueError, TypeError):  # TypeError: half of a surrogate pair is no text
        return None
    return read if isinstance(read, dict) else None
