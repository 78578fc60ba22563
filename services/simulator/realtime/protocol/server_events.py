"""How the server's events leave a session."""

from collections.abc import Callable
from typing import Any

# Takes an event's type and its fields; `type` and `event_id` are added on the way out.
Emit = Callable[[str, dict[str, Any]], None]
