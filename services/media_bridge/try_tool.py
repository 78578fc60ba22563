"""One tool by hand, against the services the environment names, as the agent would call it.

`python -m services.media_bridge.try_tool NAME JSON --business ID` prints the tool's JSON.
"""

import argparse
import json
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from secrets import token_hex

from services.media_bridge.call.tool_runner import METRIC_OF
from services.media_bridge.wire.realtime.tool_arguments import parsed
from shared import environment
from shared.actions import calls
from shared.businesses import BadBusiness, all_businesses, by_id
from shared.domain.business import Business
from shared.domain.errors import PortError
from shared.environment import BadSettings, Names, secret_named
from shared.tools.dispatch import ToolDispatcher

KEYS = ("TWILIO_AUTH_TOKEN", "STRIPE_API_KEY")
NEEDED: tuple[Names, ...] = (
    ("PUBLIC_BASE_URL", "PUBLIC_BASE_URL_PARAMETER"),
    "TWILIO_ACCOUNT_SID",
    *map(secret_named, KEYS),
)
FIRST_YEAR, LAST_YEAR = 1970, 2200  # beyond them calendars and zones have no days to count


class BadUsage(Exception):
    """The command line names no business or no time, or the environment lacks something."""


def by_hand(argv: Sequence[str], environ: Mapping[str, str]) -> tuple[dict[str, object], bool]:
    """What one tool answers in a call of its own, against the services the environment names,
    and whether such a tool was asked with a JSON object at all.

    Raises:
        BadUsage: the message names what is wrong with the command line or the environment.
        BadBusiness: a business file is wrong.
        PortError: the tables or the store of business files cannot be reached.
    """
    # boto3 takes its time: only here is it needed.
    from shared.adapters import business_store, wiring
    from shared.adapters.public_url import PublicUrl
    from shared.adapters.secrets import Secrets, SecretUnavailable
    from shared.adapters.settings import settings_of

    real = datetime.now(UTC)
    business_store.opened(environment.value(environ, "BUSINESS_STORE"), environ).refresh(real)
    asked = _asked(argv)
    secrets = Secrets(environ, lambda: real)
    try:
        environment.require(environ, NEEDED)
        settings, offset = settings_of(environ), environment.clock_offset(environ)
        for name in KEYS:
            secrets.get(name)  # fetched before the tool runs, and then kept
    except (BadSettings, SecretUnavailable) as exc:
        raise BadUsage(str(exc)) from exc
    now = asked.at or real + offset
    public_url = PublicUrl(settings)
    ports = wiring.open_ports(
        settings,
        secrets.get,
        public_url=public_url,
        out=sys.stderr,
        secret_of_business=secrets.of_business,
    )
    if asked.usable:
        # The row a real call has before its first tool runs.
        row = calls.new_call(asked.business, asked.call_sid, asked.caller, now=now)
        calls.ensure(ports.calls, row)
    tools = ToolDispatcher(asked.business, asked.call_sid, asked.caller, ports, public_url())
    reply = tools.use(asked.tool, asked.arguments, now=now, real_now=real)
    return reply.output, asked.usable


@dataclass(frozen=True, slots=True)
class _Asked:
    tool: str
    arguments: Mapping[str, object] | None  # None: no JSON object
    business: Business
    call_sid: str
    caller: str | None
    at: datetime | None
    usable: bool  # else the tool's own refusal is the answer, as the model would get it


def _asked(argv: Sequence[str]) -> _Asked:
    parser = argparse.ArgumentParser(
        prog="python -m services.media_bridge.try_tool",
        description="Run one tool, print its JSON.",
    )
    parser.add_argument("tool", metavar="NAME", help=", ".join(METRIC_OF))
    parser.add_argument("arguments", metavar="JSON", help="the tool's arguments, one JSON object")
    parser.add_argument("--business", metavar="ID", required=True)
    parser.add_argument("--call-sid", metavar="CA…", help="as which call; a new one by default")
    parser.add_argument("--from", dest="caller", metavar="+1…", help="the caller's number")
    parser.add_argument("--at", metavar="ISO", type=datetime.fromisoformat, help="business time")
    given = parser.parse_args(argv)
    business = by_id(given.business)
    if business is None:
        known = ", ".join(all_businesses())
        raise BadUsage(f"--business: there is no {given.business!r}; there is {known}")
    if given.at is not None and given.at.tzinfo is None:
        raise BadUsage("--at: needs a UTC offset, as in 2025-08-28T19:12-04:00")
    if given.at is not None and not FIRST_YEAR <= given.at.year < LAST_YEAR:
        raise BadUsage(f"--at: a year from {FIRST_YEAR} to {LAST_YEAR - 1}")
    call_sid = given.call_sid or f"CA{token_hex(16)}"
    arguments = parsed(given.arguments) if given.arguments else None
    usable = given.tool in METRIC_OF and arguments is not None
    return _Asked(given.tool, arguments, business, call_sid, given.caller, given.at, usable)


def main(argv: Sequence[str], environ: Mapping[str, str]) -> int:
    """JSON on stdout: 0, or 2 for a tool that is none or arguments that are no JSON object. Else
    a sentence on stderr: 2 for a wrong command line, 1 when the tables cannot be reached."""
    try:
        reply, usable = by_hand(argv, environ)
    except (BadUsage, BadBusiness, PortError) as exc:
        print(f"try_tool: {exc}", file=sys.stderr)
        return 1 if isinstance(exc, PortError) else 2
    print(json.dumps(reply))
    return 0 if usable else 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))
