"""Events and commands as plain JSON, and back.

Sound is replaced by its length in bytes, which is all that decisions depend on.
"""

from base64 import b64encode
from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import Enum
from typing import Any, get_args, get_origin, get_type_hints

import msgspec

from services.media_bridge.core import events as ev
from services.media_bridge.core.speaking.playback import byte_length

EVENTS: dict[str, Any] = {kind.__name__: kind for kind in get_args(ev.Event)}
_SOUND = frozenset({"payload", "audio"})
_SILENCE = b"\xff"


def pack(value: Any) -> Any:
    """An event or command, or a value in one, as plain JSON.

    Fields that have their default are left out, enums become their strings, sound its length.
    """
    if isinstance(value, msgspec.Struct):
        defaults = {field.name: field.default for field in msgspec.structs.fields(value)}
    elif is_dataclass(value) and not isinstance(value, type):
        defaults = {field.name: field.default for field in fields(value)}
    else:
        return value
    plain: dict[str, Any] = {}
    for name, default in defaults.items():
        content = getattr(value, name)
        if name in _SOUND:
            plain[name] = byte_length(content)
        elif content != default:
            plain[name] = _pack_field(content)
    return plain


def _pack_field(content: Any) -> Any:
    if isinstance(content, datetime):
        return content.isoformat()
    if isinstance(content, dict):
        return {key: pack(item) for key, item in content.items()}
    if isinstance(content, tuple):
        return [pack(item) for item in content]
    return pack(content)


def unpack(kind: Any, plain: Any) -> Any:
    """The value of class `kind` that `pack` made `plain` of; sound comes back as silence."""
    hints = get_type_hints(kind)
    values = {
        name: silence(content) if name in _SOUND else _unpack_field(hints[name], content)
        for name, content in plain.items()
    }
    return kind(**values)


def _unpack_field(hint: Any, content: Any) -> Any:
    if content is None:
        return None
    if get_origin(hint) is tuple:
        inner = get_args(hint)[0]
        return tuple(unpack(inner, item) if is_dataclass(inner) else item for item in content)
    if get_origin(hint) is dict:
        inner = get_args(hint)[1]
        return {
            key: unpack(inner, item) if is_dataclass(inner) else item
            for key, item in content.items()
        }
    for option in (hint, *get_args(hint)):
        if is_dataclass(option):
            return unpack(option, content)
        if option is datetime:
            return datetime.fromisoformat(content)
        if isinstance(option, type) and issubclass(option, Enum) and content in list(option):
            return option(content)
    return content


def silence(size: int) -> str:
    """So many bytes of mu-law silence, as base64."""
    return b64encode(_SILENCE * size).decode()
