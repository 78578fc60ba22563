"""Whether a value is what a JSON Schema says: the keywords that docs/events.md uses, and no other.

A keyword that is not known here is an error, so that nothing is passed over.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

Schema = Mapping[str, Any]
_TELLS_NOTHING = frozenset({"title", "description", "default", "$defs", "discriminator"})
_TYPES: Mapping[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "boolean": (bool,),
    "null": (type(None),),
}


def faults(value: Any, schema: Schema, root: Schema, where: str = "it") -> Iterator[str]:
    """A line for each thing that is not as the schema says."""
    for keyword, told in schema.items():
        match keyword:
            case "$ref":
                named = root["$defs"][told.removeprefix("#/$defs/")]
                yield from faults(value, named, root, where)
            case "type":
                is_bool = isinstance(value, bool) and told != "boolean"
                if is_bool or not isinstance(value, _TYPES[told]):
                    yield f"{where} is no {told}"
            case "enum" if value not in told:
                yield f"{where} is not among {told}"
            case "const" if value != told:
                yield f"{where} is not {told}"
            case "format":
                assert told == "date-time", told
                if datetime.fromisoformat(value).tzinfo is None:
                    yield f"{where} is no date-time"
            case "required":
                yield from (f"{where} lacks {name}" for name in told if name not in value)
            case "properties":
                for name, inner in told.items():
                    if name in value:
                        yield from faults(value[name], inner, root, f"{where}.{name}")
            case "additionalProperties":
                assert told is False, told
                strange = value.keys() - schema["properties"].keys()
                yield from (f"{where} has {name}" for name in sorted(strange))
            case "items":
                for n, each in enumerate(value):
                    yield from faults(each, told, root, f"{where}[{n}]")
            case "anyOf" | "oneOf":
                fit = [one for one in told if not list(faults(value, one, root, where))]
                if not fit or (keyword == "oneOf" and len(fit) > 1):
                    yield f"{where} is {len(fit)} of what it may be"
            case "enum" | "const":
                pass
            case _:
                assert keyword in _TELLS_NOTHING, keyword
