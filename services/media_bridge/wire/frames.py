"""What both codecs share: the error of a frame that cannot be read, and how one is told apart."""

from collections.abc import Callable
from typing import Final, TypeVar

import msgspec

Data = bytes | bytearray | memoryview | str  # one whole text frame, as the socket hands it over
# What msgspec raises for a frame that is no JSON, of another shape, no UTF-8, or nested too deep.
UNREADABLE: Final = (msgspec.DecodeError, UnicodeError, RecursionError)
_BASE64: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_PADDINGS: Final = (b"", b"=", b"==")

_Part = TypeVar("_Part")


class WireError(ValueError):
    """The frame cannot be read; the message never quotes it, for it may hold speech."""


def refuse_if_known(
    data: Data, kind_of: Callable[[Data], str], known: frozenset[str], cause: Exception
) -> None:
    """Raise for a frame that its codec could not decode, unless the frame is none of ours to read.

    Peers add kinds of frames as they like, and such a frame may have any shape: it is let pass.
    `kind_of` reads nothing of a frame but its kind; `known` are the kinds that the codec reads.

    Raises:
        WireError: the frame has no kind at all, or is a known one of another shape.
    """
    try:
        kind = kind_of(data)
    except UNREADABLE:
        raise WireError("a frame without a kind") from cause
    if kind in known:
        raise WireError("a known frame of another shape") from cause


def sound(payload: str) -> str:
    """The payload, base64 to the letter: what is none would be noise to whoever hears it.

    The letters are looked at, which costs a quarter of decoding them.

    Raises:
        WireError: it is something else.
    """
    padding = payload.encode().translate(None, _BASE64)
    is_sound = padding in _PADDINGS and payload.endswith("=" * len(padding))
    if len(payload) % 4 or not is_sound:
        raise WireError("a payload is no base64")
    return payload


def needed(part: _Part | None) -> _Part:
    """The part a frame is named for, or the id of what it is about.

    Raises:
        WireError: the frame lacks it.
    """
    if not part:
        raise WireError("a frame lacks the part it is named for")
    return part
