"""Functions for the test of the Lambda host."""

from typing import Any


def works(event: dict[str, Any], context: Any) -> dict[str, object]:
    left = context.get_remaining_time_in_millis()
    print("a line of the function", flush=True)
    return {"event": event, "name": context.function_name, "in_time": 0 < left <= 10_000}


def breaks(event: dict[str, Any], context: Any) -> None:
    raise ValueError("no such job")
