"""Card numbers in structured data: a tool's arguments, as the model gave them.

Text is masked by a function of the caller's choice, from `str` to `str`: usually the `hide` of the
call's `CardWatch`, which also knows the numbers that were read out in this call.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

from shared.domain.spoken import digits
from shared.domain.spoken.cards import MASK

Hide = Callable[[str], str]


def hidden(fields: Mapping[str, object] | None, hide: Hide) -> dict[str, object] | None:
    """A copy of `fields` in which no value, and no name of one, holds a card number.

    A number that a model wrote without quotation marks becomes a text when it has to be masked.
    Anything else, and None, comes back as it is.
    """
    if fields is None:
        return None
    masked: dict[str, object] = _masked(dict(fields), hide)
    return _taken_apart(masked, hide) if _is_in_pieces(masked, hide) else masked


def _masked(value: Any, hide: Hide) -> Any:
    """Every value alone without a card number."""
    match value:
        case str():
            return hide(value)
        case bool() | None:
            return value
        case int() | float():
            shown = hide(str(value))
            return value if shown == str(value) else shown
        case dict():
            return {hide(name): _masked(inner, hide) for name, inner in value.items()}
        case list():
            return [_masked(inner, hide) for inner in value]
    return value


def _taken_apart(value: Any, hide: Hide) -> Any:
    """The innermost lists and objects whose values make a card number, without any digits."""
    match value:
        case dict():
            value = {name: _taken_apart(inner, hide) for name, inner in value.items()}
        case list():
            value = [_taken_apart(inner, hide) for inner in value]
        case _:
            return value
    return _without_digits(value) if _is_in_pieces(value, hide) else value


def _is_in_pieces(container: Any, hide: Hide) -> bool:
    """Whether the values next to each other make a card number that none of them is alone, as in
    ["4242 4242", "4242 4242"]."""
    text = json.dumps(container, ensure_ascii=False)
    return hide(text) != text


def _without_digits(value: Any) -> Any:
    """Every value with a digit in it masked: which of them make the number is not told."""
    match value:
        case str():
            return MASK if digits.runs(value) else value
        case bool() | None:
            return value
        case int() | float():
            return MASK
        case dict():
            return {name: _without_digits(inner) for name, inner in value.items()}
        case list():
            return [_without_digits(inner) for inner in value]
    return value
